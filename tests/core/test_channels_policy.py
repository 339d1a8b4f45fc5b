"""Channels: talk in clear is off unless both authorities decided otherwise in writing."""

import json
from datetime import date
from pathlib import Path

import pytest

from bot.core.channels_policy import ChannelPolicy, Talk, parse, run_examples, talk
from bot.core.errors import BadContent
from bot.core.hours import ALWAYS
from bot.core.ids import OrganisationId
from bot.core.places import Escrow, Group, GroupId, Kind, Label, Organisation, Structure

LABEL = Label(sv="x", en="x")
NAMES = ("malmo", "farsta", "jarva", "skarpnack", "polisen", "jouren")


def organisation(name: str) -> Organisation:
    kinds = {"polisen": Kind.POLICE, "jouren": Kind.JOUR}
    return Organisation(
        id=OrganisationId(name),
        kind=kinds.get(name, Kind.BOARD),
        label=LABEL,
        source="prov",
        valid_from=date(2020, 1, 1),
        hours=ALWAYS,
        steps=(),
        numbers=(),
        drafts=False,
        escrow=Escrow(needed=2, of=3),
        examples=(),
    )


MEMBERS = tuple(map(OrganisationId, ("farsta", "jarva", "skarpnack")))
STOCKHOLM = Group(id=GroupId("stockholm"), label=LABEL, members=MEMBERS)
STRUCTURE = Structure(
    organisations={OrganisationId(name): organisation(name) for name in NAMES},
    groups={STOCKHOLM.id: (organisation("jouren"), STOCKHOLM)},
    areas={},
    districts={},
    mappings={},
)


def decided(*authorities: str) -> list[dict[str, object]]:
    return [{"authority": name, "number": "DEMO 1", "day": "2026-11-02"} for name in authorities]


def rule(**changes: object) -> dict[str, object]:
    return {
        "id": "telegram-malmo",
        "channel": "telegram",
        "organisations": ["malmo"],
        "talk": "guarded",
        "decided_by": decided("malmo", "polisen"),
        "basis": "beslut",
        "because": "prov",
        "examples": [{"organisation": "malmo", "talk": "guarded"}],
    } | changes


def read(*rules: dict[str, object]) -> ChannelPolicy:
    return parse(json.dumps({"rules": rules}), "channels.yaml", STRUCTURE)


def test_silence_is_off() -> None:
    """An organisation, or a channel, that no rule speaks of carries no talk."""
    assert talk(read(), OrganisationId("malmo"), "telegram") is Talk.OFF
    policy = read(rule())
    assert talk(policy, OrganisationId("malmo"), "telegram") is Talk.GUARDED
    assert talk(policy, OrganisationId("malmo"), "matrix") is Talk.OFF
    assert talk(policy, OrganisationId("farsta"), "telegram") is Talk.OFF
    assert talk(policy, OrganisationId("nowhere"), "telegram") is Talk.OFF


def test_a_group_is_its_members() -> None:
    """A rule on a group speaks of each of its boards, and of nobody else."""
    decisions = decided("farsta", "jarva", "skarpnack", "polisen")
    policy = read(rule(organisations=[], groups=["stockholm"], decided_by=decisions))
    assert [name for name in NAMES if talk(policy, OrganisationId(name), "telegram") is Talk.GUARDED] == [
        *MEMBERS
    ]


FAULTY: list[tuple[dict[str, object], str]] = [
    ({"channel": "pigeon"}, "rules.0.channel: "),
    ({"talk": "open"}, "rules.0.talk: "),
    ({"talk": False}, "rules.0.talk: "),
    ({"because": ""}, "rules.0.because: "),
    ({"examples": []}, "rules.0.examples: "),
    ({"until": "2027-01-01"}, "rules.0.until: "),
    ({"organisations": ["lund"]}, "telegram-malmo: lund: there is no such organisation"),
    ({"organisations": ["lu\x1bnd"]}, "telegram-malmo: lu?nd: there is no such organisation"),
    ({"groups": ["skane"]}, "telegram-malmo: skane: there is no such group"),
    ({"organisations": []}, "telegram-malmo: organisations: a rule speaks of somebody"),
    ({"decided_by": decided("malmo")}, "telegram-malmo: decided_by: lacks the decision of the police authority"),
    ({"decided_by": decided("polisen")}, "telegram-malmo: decided_by: lacks the decision of malmo"),
    ({"decided_by": decided("malmo", "säpo")}, "telegram-malmo: säpo: there is no such organisation"),
    ({"groups": ["stockholm"]}, "telegram-malmo: decided_by: lacks the decision of jarva"),
    ({"organisations": ["malmo", "malmo"]}, "malmo: telegram: is spoken of 2 times"),
    ({"examples": [{"organisation": "lund", "talk": "off"}]}, "telegram-malmo: lund: there is no such"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "place"), FAULTY)
def test_a_faulty_rule_is_refused_with_its_place(changes: dict[str, object], place: str) -> None:
    """The fault names the file, the rule and the reason."""
    with pytest.raises(BadContent) as refusal:
        read(rule(**changes))
    assert any(line.startswith(f"channels.yaml: {place}") for line in str(refusal.value).splitlines())


def test_two_rules_of_one_name_are_refused() -> None:
    """Each rule has its own name."""
    with pytest.raises(BadContent, match=r"channels\.yaml: telegram-malmo: id: stands 2 times"):
        read(rule(), rule(organisations=["farsta"], talk="off"))


def test_a_wrong_example_is_told() -> None:
    """`check` says which example the rules answer otherwise, and with what."""
    policy = read(rule(examples=[{"organisation": "farsta", "talk": "guarded"}]))
    assert run_examples(policy) == ["telegram-malmo: examples.0: it is off"]
    assert run_examples(read(rule())) == []


def test_off_needs_no_decision() -> None:
    """To carry nothing is what there is before anybody decides."""
    assert (
        run_examples(
            read(rule(talk="off", decided_by=[], examples=[{"organisation": "malmo", "talk": "off"}]))
        )
        == []
    )


def test_the_real_file_is_read_by_its_own_rules() -> None:
    """What stands in policies/channels.yaml reads against organisations of those names, and its examples hold."""
    text = (Path(__file__).parents[2] / "policies/channels.yaml").read_text(encoding="utf-8")
    policy = parse(text, "policies/channels.yaml", STRUCTURE)
    assert run_examples(policy) == []
    assert talk(policy, OrganisationId("malmo"), "telegram") is Talk.GUARDED
