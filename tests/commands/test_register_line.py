"""`samjour register`: promised JSON on stdout, of an organisation or a group, within a span; one clear line for what is wrong."""

import json

import pytest

from bot.settings import Settings
from tests.commands import test_command_line as line

Run = line.Run
files, samjour, database = line.files, line.samjour, line.database  # the same fixtures


def test_an_empty_register_is_an_empty_list(samjour: Run, database: Settings) -> None:
    """For a board, a group, and a span of time; in words it is nothing at all."""
    del database
    for org in ("malmo", "stockholm"):
        code, out, _ = samjour(
            "register", "--org", org, "--from", "2026-11-01", "--to", "2026-12-01", "--json"
        )
        assert (code, json.loads(out)) == (0, {"entries": []})
    assert samjour("register", "--org", "malmo")[:2] == (0, "")


@pytest.mark.parametrize(
    "argv",
    [
        ("--org", "moon"),
        ("--org", "malmo", "--from", "i fjol"),
        ("--org", "malmo", "--to", "2026-03-29T02:30"),
        (),
    ],
)
def test_what_is_no_question_is_one_line(samjour: Run, database: Settings, argv: tuple[str, ...]) -> None:
    """Exit 2 and nothing on stdout."""
    del database
    code, out, err = samjour("register", *argv)
    assert (code, out) == (2, "")
    assert err.strip().splitlines()[-1].startswith("samjour")
