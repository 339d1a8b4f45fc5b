"""Draws docs/consultation.md from the transition table: `python docs/diagram.py > docs/consultation.md`."""

from bot.core.consultation import NEXT, State

HEAD = """# The consultation

Drawn from `NEXT` in `bot/core/consultation.py` by `python docs/diagram.py`; a test compares the two.
Two arrows with one event: the first holds while other offers are still unanswered.

```mermaid
stateDiagram-v2
    [*] --> new"""


def draw() -> str:
    """The page as text."""
    lines = [HEAD]
    for state, row in NEXT.items():
        lines += [
            f"    {state} --> {target}: {event.__name__}"
            for event, targets in row.items()
            for target in targets
        ]
    ends = [f"    {state} --> [*]" for state in State if not NEXT[state]]
    return "\n".join([*lines, *ends, "```", ""])


if __name__ == "__main__":
    print(draw(), end="")
