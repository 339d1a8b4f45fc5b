"""Purposes and grounds: what a lawyer has not settled is offered to nobody, and every bound stands in the file."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from bot.core import openings_policy as openings
from bot.core.errors import BadContent, BadInput
from bot.core.openings_policy import Gives, Source, chosen, ground_named, offered, parse, purpose_named
from bot.core.places import Kind
from bot.core.strict_yaml import read_yaml

PATH = "policies/openings.yaml"
TEXT = (Path(__file__).parents[2] / PATH).read_text(encoding="utf-8")
POLICY = parse(TEXT, PATH)
HOUR = timedelta(hours=1)


PLAIN: dict[str, Any] = dict(cast("dict[str, Any]", read_yaml(TEXT)))  # the file as plain values, of any kind


def changed(**what: Any) -> str:  # noqa: ANN401 - any part of the file
    """The real file with parts exchanged; JSON is YAML."""
    return json.dumps({**PLAIN, **what})


def faults(text: str) -> str:
    with pytest.raises(BadContent) as caught:
        parse(text, PATH)
    return str(caught.value)


def test_the_files_examples_hold() -> None:
    """What the file says of itself is so."""
    assert openings.run_examples(POLICY) == []
    assert parse(changed(), PATH) == POLICY


def test_nothing_is_offered_that_nobody_has_settled() -> None:
    """A statute that nobody has read, or a purpose that needs a lawyer, is in no list, for any kind of organisation."""
    for kind in Kind:
        for choice in offered(POLICY, kind):
            assert not choice.purpose.needs_lawyer
            for ground in choice.grounds:
                assert not ground.needs_lawyer
                assert kind in ground.kinds
                assert ground.source is Source.ROUTINE or (
                    ground.read is not None and ground.says is not None
                )
    unsettled = [ground for ground in POLICY.grounds if ground.needs_lawyer]
    assert unsettled, "the file shows what is not settled"
    known = {ground.id for kind in Kind for choice in offered(POLICY, kind) for ground in choice.grounds}
    assert not known & {ground.id for ground in unsettled}


def test_what_is_read_rests_on_law() -> None:
    """A transcript is never opened on a routine of one's own; drills and re-deals read nothing."""
    sources = {ground.id: ground.source for ground in POLICY.grounds}
    for purpose in POLICY.purposes:
        if purpose.gives is Gives.TRANSCRIPT:
            assert {sources[ground] for ground in purpose.grounds} == {Source.LAW}
    wrong = {
        "id": "look",
        "label": {"sv": "Titta", "en": "Look"},
        "gives": "transcript",
        "grounds": ["routine-drill"],
        "because": "prov",
    }
    purposes = [*PLAIN["purposes"], wrong]
    assert "needs a ground in law" in faults(changed(purposes=purposes))


@pytest.mark.parametrize(
    ("ground", "told"),
    [
        ({"read": None}, "somebody has read it"),
        ({"says": None}, "somebody has read it"),
        ({"source": "routine"}, "a routine is no law"),
        ({"kinds": []}, "kinds"),
        ({"read": "2026-02-30"}, "read"),
        ({"read": "i fjol"}, "read"),
        ({"more": 1}, "more"),
        ({"id": "Lag"}, "id"),
    ],
)
def test_a_ground_is_whole_or_refused(ground: dict[str, Any], told: str) -> None:
    """A statute without the day it was read or what it says, for nobody, or with a field too many, is refused."""
    first, *rest = PLAIN["grounds"]
    assert told in faults(changed(grounds=[{**first, **ground}, *rest]))


@pytest.mark.parametrize(
    ("purpose", "told"),
    [
        ({"grounds": ["no-such"]}, "no ground of this file"),
        ({"grounds": []}, "grounds"),
        ({"minutes": 241}, "minutes"),
        ({"minutes": 4}, "minutes"),
        ({"gives": "everything"}, "gives"),
        ({"id": "disclosure"}, "stands 2 times"),
        ({"id": "osl-6-3"}, "stands 2 times"),
    ],
)
def test_a_purpose_is_whole_or_refused(purpose: dict[str, Any], told: str) -> None:
    """A purpose without a ground, over four hours, or named twice is refused."""
    first, *rest = PLAIN["purposes"]
    assert told in faults(changed(purposes=[{**first, **purpose}, *rest]))


def test_examples_show_both(tmp_path: Path) -> None:
    """A file whose examples show no refusal is refused; an example that does not hold is told."""
    del tmp_path
    allowed = [one for one in PLAIN["examples"] if one["allowed"]]
    assert "one that is not" in faults(changed(examples=allowed))
    first, *rest = PLAIN["examples"]
    wrong = parse(changed(examples=[{**first, "allowed": False}, *rest]), PATH)
    assert openings.run_examples(wrong) == ["examples.0: is allowed"]


def test_choosing() -> None:
    """A purpose on its ground, by an organisation that it binds, for no longer than it says; anything else is BadInput."""
    good = {"purpose": "log-check", "ground": "lag-2001-454-10"}
    assert chosen(POLICY, Kind.BOARD, **good, box=HOUR).gives is Gives.TRANSCRIPT
    for kind, box, named in (
        (Kind.BOARD, HOUR + timedelta(seconds=1), good),
        (Kind.BOARD, timedelta(), good),
        (Kind.BOARD, -HOUR, good),
        (Kind.POLICE, HOUR, good),
        (Kind.BOARD, HOUR, {**good, "ground": "osl-6-3"}),
        (Kind.BOARD, HOUR, {**good, "purpose": "supervision"}),
        (Kind.BOARD, HOUR, {"purpose": "", "ground": ""}),
    ):
        with pytest.raises(BadInput):
            chosen(POLICY, kind, **named, box=box)


def test_what_was_opened_once_keeps_its_name() -> None:
    """Purposes and grounds are found by id whether or not they are offered now; unknown ones are None."""
    supervision, act = purpose_named(POLICY, "supervision"), ground_named(POLICY, "supervision-act")
    assert supervision is not None
    assert act is not None
    assert supervision.needs_lawyer
    assert act.needs_lawyer
    assert purpose_named(POLICY, "x") is None
    assert ground_named(POLICY, "x") is None


def test_the_grounds_of_today_were_read_on_the_day_of_the_fact_sheet() -> None:
    """Every statute that is offered says the day of the text that was read."""
    read = {
        ground.read for ground in POLICY.grounds if ground.source is Source.LAW and not ground.needs_lawyer
    }
    assert read == {date(2026, 2, 12)}
