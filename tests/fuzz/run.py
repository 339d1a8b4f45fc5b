"""Fuzzes every target for a while, several at once: `python -m tests.fuzz.run [--seconds N] [NAME ...]`.

What it learns stays in var/fuzz/<name>/learned, what it finds in var/fuzz/<name>/found. A find is a bug: minimise it
(`python -m tests.fuzz.one NAME -minimize_crash=1 -runs=100000 FILE`), put it into corpus/<name>/, mend the parser.
"""

import os
import re
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from tests.fuzz.harness import TARGETS

CORPUS: Final = Path(__file__).parent / "corpus"
WORK: Final = Path("var/fuzz")
SLOWEST: Final = 20  # seconds for one input, instrumented; slower is a find
MEMORY: Final = 2048  # MiB of the process; more is a find
LONGEST: Final = 4096  # bytes of an input, unless named below
LONGER: Final = {"escrow": 16384, "event": 8192, "guard": 12000, "telegram": 8192}
WORDS: Final = 300  # of the corpus that are given to the fuzzer as a dictionary
_WORD: Final = re.compile(rb"[A-Za-z_][A-Za-z0-9_/:-]{1,38}")
_RUNS: Final = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERED: Final = re.compile(r"cov: (\d+)")


def main() -> int:
    """0 when nothing was found in any of them."""
    args = _arguments()
    with ThreadPoolExecutor(args.jobs) as pool:
        clean = list(pool.map(lambda name: fuzz(name, args.seconds), args.names or TARGETS))
    _say(f"{clean.count(True)} passed, {clean.count(False)} failed")
    return 0 if all(clean) else 1


def fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target; says what came of it, and returns whether nothing was found."""
    learned, found = WORK / name / "learned", WORK / name / "found"
    for folder in (learned, found):
        folder.mkdir(parents=True, exist_ok=True)
    arguments = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGER.get(name, LONGEST)}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-artifact_prefix={found}/",
        *_dictionary(name),
        "-print_final_stats=1",
        str(learned),
        str(CORPUS / name),
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzz.one", name, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    log = done.stdout.decode(errors="replace")
    (WORK / name / "log").write_text(log)
    _tell(name, log, done.returncode)
    return done.returncode == 0


def _dictionary(name: str) -> list[str]:
    """The words of the target's corpus: what guides the fuzzer where code that is not ours compares them."""
    seen = (_WORD.findall(file.read_bytes()) for file in sorted((CORPUS / name).iterdir()))
    words = dict.fromkeys(word for words in seen for word in words)
    path = WORK / name / "words"
    path.write_text("".join(f'"{word.decode()}"\n' for word in list(words)[:WORDS]))
    return [f"-dict={path}"] if words else []


def _tell(name: str, log: str, code: int) -> None:
    runs, covered = _RUNS.search(log), _COVERED.findall(log)
    told = f"{runs[1] if runs else '?'} inputs, coverage {covered[-1] if covered else '?'}"
    _say(f"{'ok    ' if code == 0 else 'FOUND '} {name}: {told}")
    if code != 0:
        _say("\n".join(line for line in log.splitlines()[-60:] if not line.startswith(("INFO", "#"))))


def _arguments() -> Namespace:
    parser = ArgumentParser(description="Fuzz the parsers.")
    parser.add_argument("names", nargs="*", choices=[*TARGETS, []], metavar="NAME")
    parser.add_argument("--seconds", type=int, default=120, help="for each")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    return parser.parse_args()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - this is what a command line is for


if __name__ == "__main__":
    sys.exit(main())
