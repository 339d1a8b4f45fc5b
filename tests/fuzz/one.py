"""Fuzzes one target under libFuzzer: `python -m tests.fuzz.one NAME [libFuzzer's arguments]`; run.py starts it."""

import sys
from importlib import import_module
from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
INSTRUMENTED = ["bot", "icalendar"]  # whose branches guide the fuzzer


def main() -> None:
    """Never returns: libFuzzer ends the process, with another code than 0 when something was found."""
    name, *arguments = sys.argv[1:]
    atheris = import_module(
        "atheris"
    )  # of the extra `fuzz`; without types, and not there for the other tests
    with atheris.instrument_imports(include=INSTRUMENTED):
        harness = import_module("tests.fuzz.harness")
    target = harness.TARGETS[name]

    for file in sorted((CORPUS / name).iterdir()):  # what is read once is read before anything is timed
        target(file.read_bytes())

    def once(data: bytes) -> None:
        target(data)

    atheris.Setup([sys.argv[0], *arguments], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
