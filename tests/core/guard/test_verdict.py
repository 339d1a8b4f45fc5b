"""What is done about what was found."""

from dataclasses import replace

import pytest

from bot.core.errors import BadInput
from bot.core.guard import GuardRules, Phase, SpanType, judge, report

ONE_OF_EACH = {
    SpanType.PERSONNUMMER: "120415-9817",
    SpanType.SAMORDNINGSNUMMER: "120475-9817",
    SpanType.PHONE: "070-1740640",
    SpanType.EMAIL: "kalle@example.org",
    SpanType.PLATE: "TXY48C",
    SpanType.ADDRESS: "Exempelgatan 12",
    SpanType.NAME: "Ulrika Ekdahl",
    SpanType.CASE_NUMBER: "dnr 2026-00123",
    SpanType.ACCOUNT: "bg 999-0000",
    SpanType.URL_HANDLE: "@exempel.kille",
    SpanType.DOB_CONTEXT: "född 3/5 2013",
}


WHERE = [
    (channel, phase)
    for channel in ("telegram", "web", "api", "a channel of tomorrow")
    for phase in ("question", "unnamed")
    if (channel, phase) != ("telegram", "question")
]


@pytest.mark.parametrize("kind", SpanType)
def test_a_question_that_has_arrived_by_telegram_is_warned_of(rules: GuardRules, kind: SpanType) -> None:
    """It has been sent already and is not kept: it is answered, and whoever wrote is told not to."""
    verdict = judge(rules, f"se {ONE_OF_EACH[kind]}", channel="telegram", phase="question")
    assert not verdict.blocked
    assert [span.type for span in verdict.warned] == [kind]


@pytest.mark.parametrize(("channel", "phase"), WHERE)
@pytest.mark.parametrize("kind", SpanType)
def test_before_anybody_is_named_everything_stops(
    rules: GuardRules, channel: str, phase: str, kind: SpanType
) -> None:
    """Each of the eleven types stops a text on every channel."""
    verdict = judge(rules, f"se {ONE_OF_EACH[kind]}", channel=channel, phase=phase)
    assert [span.type for span in verdict.spans] == [kind]
    assert verdict.blocked
    assert verdict.warned == ()


def test_a_clean_text_goes_on(rules: GuardRules) -> None:
    """Nothing found, nothing stopped."""
    verdict = judge(rules, "gäller SoL 19:1 för en 17-åring", channel="telegram", phase="question")
    assert (verdict.blocked, verdict.spans, verdict.warned) == (False, (), ())


def test_in_the_named_phase_the_web_warns(rules: GuardRules) -> None:
    """Names may be said there; an account number is only warned of."""
    verdict = judge(rules, "Ulrika Ekdahl har bg 999-0000", channel="web", phase="named")
    assert not verdict.blocked
    assert [span.type for span in verdict.spans] == [SpanType.NAME, SpanType.ACCOUNT]
    assert [span.type for span in verdict.warned] == [SpanType.ACCOUNT]


def test_in_the_named_phase_a_bridged_channel_still_stops(rules: GuardRules) -> None:
    """No decision covers it: silence stops everything."""
    assert judge(rules, "Ulrika Ekdahl", channel="telegram", phase="named").blocked


def test_without_a_decision_everything_stops(rules: GuardRules) -> None:
    """An empty policy lets nobody be named."""
    empty = replace(rules, decisions=())
    for phase in Phase:
        assert judge(empty, "Ulrika Ekdahl", channel="web", phase=phase).blocked


def test_an_unknown_phase_is_refused(rules: GuardRules) -> None:
    """A phase that nobody decided on is a mistake of the caller."""
    with pytest.raises(BadInput):
        judge(rules, "hej", channel="web", phase="later")


def test_the_report_carries_no_text(rules: GuardRules) -> None:
    """Offsets and types only, as the command line promises."""
    verdict = judge(rules, "ring Malena 070-174 06 28", channel="telegram", phase="unnamed")
    assert report(verdict) == {
        "blocked": True,
        "spans": [{"start": 5, "end": 11, "type": "NAME"}, {"start": 12, "end": 25, "type": "PHONE"}],
    }
    assert "Malena" not in repr(verdict)
