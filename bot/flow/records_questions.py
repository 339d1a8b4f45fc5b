"""Records of questions: a sealed copy for one device, and how many there were."""

from dataclasses import dataclass

from bot.core.ids import ArticleId, OrganisationId
from bot.core.questions import QuestionKind
from bot.seal.plain import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedQuestion:
    """One question as it was sealed to one device. `id`: 16 random bytes, in which no time is. `day`: ISO 8601, Swedish."""

    id: bytes
    device: bytes
    organisation: OrganisationId
    day: str
    blob: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCount:
    """How many questions of a kind there were on a day. `article`: the likeliest; None where none was meant."""

    organisation: OrganisationId
    day: str
    kind: QuestionKind
    article: ArticleId | None
    count: int
