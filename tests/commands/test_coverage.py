"""Gaps by need, tests of numbers, and tokens, from the command line."""

import json

import pytest

from tests.commands.test_command_line import Run, database, files, one, refused, samjour

__all__ = ["database", "files", "samjour"]  # fixtures

SPAN = ("--from", "2030-01-05T00:00", "--to", "2030-01-06T00:00")


@pytest.mark.usefixtures("database")
def test_gaps_gain_the_need_and_lose_nothing(samjour: Run) -> None:
    """Beyond the roster everything is missing, for each need by itself; without the option nothing changes."""
    plain = one(samjour("roster", "gaps", "--org", "malmo", *SPAN, "--json"))["gaps"]
    assert [set(gap) for gap in plain] == [{"area", "from", "to"}]
    found = one(samjour("roster", "gaps", "--org", "malmo", *SPAN, "--need", "--json"))["gaps"]
    assert {gap["need"] for gap in found} >= {"advice", "decision", "presence"}
    assert {(gap["area"], gap["from"], gap["to"]) for gap in found} == {
        (gap["area"], gap["from"], gap["to"]) for gap in plain
    }


@pytest.mark.usefixtures("database")
def test_a_span_that_is_none_is_refused(samjour: Run) -> None:
    """Backwards, or longer than two years."""
    for first, last in (("2030-01-06T00:00", "2030-01-05T00:00"), ("2030-01-01T00:00", "2033-01-01T00:00")):
        refused(samjour("roster", "gaps", "--org", "malmo", "--from", first, "--to", last, "--need"), 2)


@pytest.mark.usefixtures("database")
def test_a_number_is_tested_and_listed(samjour: Run) -> None:
    """What was rung stands with its day; what was silent stands without."""
    listed = one(samjour("numbers", "list", "--org", "malmo"))["numbers"]
    assert all(number["answered"] for number in listed)
    name = listed[0]["id"]
    assert one(samjour("numbers", "tested", name, "--no-answer"))["answered"] is False
    assert one(samjour("numbers", "list", "--org", "malmo"))["numbers"][0]["answered"] is None
    assert one(samjour("numbers", "tested", name))["answered"] is True
    assert one(samjour("numbers", "list", "--org", "malmo"))["numbers"][0]["answered"]
    refused(samjour("numbers", "tested", "no-such-number"), 2)
    assert one(samjour("ledger", "verify", "--json"))["ok"] is True


@pytest.mark.usefixtures("database")
def test_a_token_is_shown_once_and_ended(samjour: Run) -> None:
    """Its secret stands in the answer that makes it, and never again."""
    made = one(samjour("token", "issue", "--org", "malmo", "--label", "Växel", "--days", "7"))
    assert (made["scope"], made["alive"], made["organisation"]) == ("chain", True, "malmo")
    (listed,) = one(samjour("token", "list"))["tokens"]
    assert "token" not in listed
    assert made["token"] not in str(listed)
    assert one(samjour("token", "revoke", made["id"]))["alive"] is False
    assert one(samjour("token", "list"))["tokens"][0]["revoked"] is not None
    refused(samjour("token", "revoke", "no-such-token"), 2)
    refused(samjour("token", "issue", "--org", "nowhere", "--label", "Växel"), 2)
    assert one(samjour("ledger", "verify", "--json"))["ok"] is True


@pytest.mark.usefixtures("database")
def test_how_ready_an_organisation_is(samjour: Run) -> None:
    """Everything as ids and codes; 1 while something is missing, whether or not it shuts; an unknown place is refused."""
    code, out, _ = samjour("readiness", "--org", "malmo", "--json")
    found = json.loads(out)
    assert (code, found["ready"]) == ((1, False) if found["missing"] else (0, True))
    assert found["shut"] is None  # numbers were rung, supervisors are enrolled, the next day is covered
    assert found["needs"] == ["supervisors", "numbers", "cover"]
    assert [step["step"] for step in found["drills"]] == ["skydd", "dag", "kvall", "jour", "falt"]
    number = one(samjour("numbers", "list", "--org", "malmo"))["numbers"][0]["id"]
    one(samjour("numbers", "tested", number, "--no-answer"))
    code, out, _ = samjour("readiness", "--org", "malmo", "--json")
    assert (code, json.loads(out)["shut"]) == (1, "numbers")
    refused(samjour("readiness", "--org", "nowhere"), 2)
