"""`samjour duty`: the coordinator's changes from the command line; JSON on stdout, one clear line for whatever cannot be."""

import json
from datetime import datetime, timedelta

import pytest

from bot.settings import Settings
from tests.commands import test_command_line as line

Run = line.Run
files, samjour, database = line.files, line.samjour, line.database  # the same fixtures

DAY, EVENING = "p-malmo-dag-1", "p-malmo-kvall-1"


def parts(samjour: Run, person: str) -> list[dict[str, str]]:
    """What somebody holds of Malmö's, that has not begun."""
    code, out, _ = samjour("duty", "show", "--org", "malmo", "--json")
    assert code == 0
    return [one for one in json.loads(out)["parts"] if one["person"] == person][1:]


def times(one: dict[str, str], *names: str) -> tuple[str, ...]:
    first, last = names or ("--from", "--to")
    return (first, one["from"], last, one["to"])


def test_a_shift_is_taken_over_and_given_back(samjour: Run, database: Settings) -> None:
    """By whom, from whom, when; a part of it too; the rest under eleven hours that it makes is told."""
    del database
    own = parts(samjour, EVENING)[0]
    code, out, _ = samjour(
        "duty", "take-over", "--org", "malmo", "--person", DAY, "--of", EVENING, *times(own)
    )
    told = json.loads(out)
    assert code == 0
    assert [(one["person"], one["on_duty"], one["cause"]) for one in told["overrides"]] == [
        (DAY, True, "taken_over")
    ]
    assert set(told) == {"overrides", "short_rest"}
    assert own["from"] in {one["from"] for one in parts(samjour, DAY)}
    code, out, _ = samjour("duty", "give-back", "--org", "malmo", "--person", DAY, *times(own))
    assert code == 0
    assert own["from"] in {one["from"] for one in parts(samjour, EVENING)}
    later = (datetime.fromisoformat(own["from"]) + timedelta(hours=2)).isoformat()
    code, out, _ = samjour(
        "duty",
        "take-over",
        "--org",
        "malmo",
        "--person",
        DAY,
        "--of",
        EVENING,
        "--from",
        later,
        "--to",
        own["to"],
    )
    assert code == 0
    assert later in {one["from"] for one in parts(samjour, DAY)}


def test_two_shifts_are_swapped(samjour: Run, database: Settings) -> None:
    """Both, in one act."""
    del database
    one, other = parts(samjour, EVENING)[1], parts(samjour, DAY)[1]
    back = times(other, "--back-from", "--back-to")
    code, out, _ = samjour(
        "duty", "swap", "--org", "malmo", "--person", EVENING, *times(one), "--with", DAY, *back
    )
    assert code == 0
    assert [o["cause"] for o in json.loads(out)["overrides"]] == ["swapped", "swapped"]
    assert one["from"] in {found["from"] for found in parts(samjour, DAY)}
    assert other["from"] in {found["from"] for found in parts(samjour, EVENING)}


def test_sick_leaves_a_gap_and_override_fills_it(samjour: Run, database: Settings) -> None:
    """In advance, for a shift that is named; somebody is put on instead, and taken off again."""
    del database
    one = parts(samjour, EVENING)[2]
    code, out, _ = samjour("duty", "sick", "--org", "malmo", "--person", EVENING, *times(one))
    assert (code, json.loads(out)["overrides"][0]["on_duty"]) == (0, False)
    assert one["from"] not in {found["from"] for found in parts(samjour, EVENING)}
    on = ("duty", "override", "--org", "malmo", "--person", DAY, *times(one))
    code, out, _ = samjour(*on, "--on", "--role", "social_worker")
    assert (code, json.loads(out)["overrides"][0]["cause"]) == (0, "assigned")
    code, out, _ = samjour(*on, "--off")
    assert (code, json.loads(out)["overrides"][0]["on_duty"]) == (0, False)


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (
            ("take-over", "--person", DAY, "--from", "2030-01-01T10:00", "--to", "2030-01-01T12:00"),
            "no such shift",
        ),
        (("take-over", "--person", DAY, "--from", "2026", "--to", "2026-12-01T12:00"), "samjour: "),
        (("sick", "--person", "p-nobody"), "not_on_duty"),
        (("sick", "--person", DAY, "--from", "2026-12-01T12:00"), "--from and --to"),
        (
            (
                *("override", "--person", DAY, "--on", "--role", "boss"),
                *("--from", "2030-01-01T10:00", "--to", "2030-01-01T12:00"),
            ),
            "role: is one of",
        ),
    ],
)
def test_what_cannot_be_is_one_line(
    samjour: Run, database: Settings, argv: tuple[str, ...], why: str
) -> None:
    """Exit 2, nothing on stdout, and the reason."""
    del database
    act, *rest = argv
    code, out, err = samjour("duty", act, "--org", "malmo", *rest)
    assert (code, out) == (2, "")
    assert why in err.strip().splitlines()[-1]
