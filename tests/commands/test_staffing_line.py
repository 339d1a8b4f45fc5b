"""`samjour find` and `samjour staffing`: promised JSON on stdout, one clear line for whatever is wrong."""

import json
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.commands import test_command_line as line

Run = line.Run
files, samjour, database = line.files, line.samjour, line.database  # the same fixtures

POST = {
    "id": "post-farsta-9",
    "organisation": "farsta",
    "function": "social_worker",
    "percent": 40,
    "placement": "enheten för ungdom",
    "since": "2026-12-01",
    "basis": "Nämndens beslut",
}


def test_find_tells_what_is_at_a_place_and_how_to_reach_it(samjour: Run) -> None:
    """Without a database from the demo's own files; by organisation or by lokalpolisområde."""
    code, out, _ = samjour("find", "--org", "malmo", "--at", "2026-11-24T10:00", "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["organisation"], told["district"]) == ("malmo", None)
    by_id = {one["id"]: one for one in told["found"]}
    assert by_id["evonhuset"]["from_age"] == 18
    assert by_id["evonhuset"]["reach"] == {"step": "dag"}
    assert by_id["malmo-tib"]["reach"]["number"]["number"] == "070-1740606"
    assert {one["kind"] for one in told["found"]} == {
        *("step", "competence", "referral", "contact", "forum", "number"),
    }
    code, out, _ = samjour("find", "--district", "lpo-farsta", "--at", "2026-11-24T10:00")
    assert code == 0
    assert "referral: Trefas i Farsta -> dag" in out


@pytest.mark.parametrize(
    "argv",
    [
        ("--org", "moon"),
        ("--district", "moon"),
        ("--org", "malmo", "--district", "lpo-farsta"),
        ("--district", "lpo-malmo-3", "--at", "2026-11-24T10:00"),
        (),
    ],
)
def test_find_refuses_a_place_there_is_not(samjour: Run, argv: tuple[str, ...]) -> None:
    """Exit 2 and one line."""
    code, out, err = samjour("find", *argv)
    assert (code, out) == (2, "")
    assert err.strip().splitlines()[-1].startswith("samjour: ")


def test_staffing_tells_the_posts_of_the_papers(samjour: Run, database: Settings) -> None:
    """Seeded from paper 004: the fields that were promised, over all years or on a day, for a board or a group."""
    del database
    code, out, _ = samjour("staffing", "--org", "skarholmen", "--json")
    told = json.loads(out)
    assert code == 0
    assert {"organisation", "function", "percent", "since", "until", "placement"} <= told["posts"][0].keys()
    assert [post["since"] for post in told["posts"]] == ["2019-01-01", "2022-01-01"]
    assert told["organisations"] == [
        {
            "organisation": "skarholmen",
            "constant": False,
            "levels": [
                {"since": "2019-01-01", "posts": 1, "percent": 100},
                {"since": "2022-01-01", "posts": 2, "percent": 200},
            ],
        }
    ]
    _, out, _ = samjour("staffing", "--org", "stockholm", "--at", "2023-06-30T10:00", "--json")
    there = json.loads(out)["posts"]
    assert sum(post["organisation"] == "rinkeby-kista" for post in there) == 2
    assert not [post for post in there if post["organisation"] == "jarva"]


def test_staffing_keeps_and_removes(samjour: Run, database: Settings, tmp_path: Path) -> None:
    """From a file; changed by the same id; the ledger holds afterwards."""
    del database
    file = tmp_path / "post.json"
    for percent in (40, 60):
        file.write_text(json.dumps(POST | {"percent": percent}))
        assert samjour("staffing", "--org", "farsta", "--put", str(file))[0] == 0
    _, out, _ = samjour("staffing", "--org", "farsta", "--json")
    assert [p["percent"] for p in json.loads(out)["posts"]] == [20, 20, 60]
    assert samjour("staffing", "--org", "farsta", "--remove", "post-farsta-9")[0] == 0
    code, out, _ = samjour("ledger", "verify", "--json")
    assert (code, json.loads(out)["ok"]) == (0, True)


@pytest.mark.parametrize(
    "written",
    ["no json", "[]", "{}", json.dumps(POST | {"percent": 0}), json.dumps(POST | {"organisation": "polisen"}),
     json.dumps(POST | {"placement": "Anna Lindqvist, ungdom"}), " " * 20_000],
)  # fmt: skip
def test_a_post_that_does_not_hold_is_one_line(
    samjour: Run,
    database: Settings,
    tmp_path: Path,
    written: str,
) -> None:
    """Exit 2; nothing is kept, and nobody's name is repeated."""
    del database
    file = tmp_path / "post.json"
    file.write_text(written)
    code, out, err = samjour("staffing", "--org", "farsta", "--put", str(file))
    assert (code, out) == (2, "")
    assert len(err.strip().splitlines()) == 1
    assert "Lindqvist" not in err
