"""What is done about what was found: the decision of the channel and the phase."""

from dataclasses import dataclass

from bot.core.errors import BadInput
from bot.core.guard.finding import find
from bot.core.guard.rules import GuardRules
from bot.core.guard.rules_file import Decision, Phase
from bot.core.guard.spans import Span, SpanType

EVERY_CHANNEL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether the text may go on. `spans` is all that was found; `warned` the part that is only warned of."""

    blocked: bool
    spans: tuple[Span, ...]
    warned: tuple[Span, ...]


def judge(rules: GuardRules, text: str, *, channel: str, phase: str) -> Verdict:
    """What the rules say of `text` on this channel in this phase; without a decision, everything stops.

    Raises BadInput for a phase there is not and for a text that is too long.
    """
    if phase not in set(Phase):
        raise BadInput("There is no such phase.")
    spans = find(rules, text)
    decision = _decision(rules, channel, Phase(phase))
    block = frozenset(SpanType) if decision is None else frozenset(decision.block)
    warn = frozenset[SpanType]() if decision is None else frozenset(decision.warn)
    return Verdict(
        blocked=any(span.type in block for span in spans),
        spans=spans,
        warned=tuple(span for span in spans if span.type in warn),
    )


def report(verdict: Verdict) -> dict[str, object]:
    """The verdict as the command line prints it: nothing of the text itself."""
    spans = [{"start": span.start, "end": span.end, "type": str(span.type)} for span in verdict.spans]
    return {"blocked": verdict.blocked, "spans": spans}


def _decision(rules: GuardRules, channel: str, phase: Phase) -> Decision | None:
    for decision in rules.decisions:
        if phase in decision.phases and (channel in decision.channels or EVERY_CHANNEL in decision.channels):
            return decision
    return None
