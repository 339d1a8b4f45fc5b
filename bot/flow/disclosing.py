"""Disclosing: what whoever has a talk must have chosen before something is disclosed in it, and what there is to choose."""

from bot.core.consultation import Consultation
from bot.core.disclosures import Direction, Disclosure
from bot.core.errors import BadInput
from bot.core.policy import Act
from bot.core.secrecy_policy import Offered, chosen, offered
from bot.flow.deps import Deps
from bot.flow.refusals import Code, Refused
from bot.flow.speaker import Speaker, may


def choices(deps: Deps, who: Speaker, c: Consultation) -> dict[Direction, tuple[Offered, ...]]:
    """The grounds that can be chosen now, by direction. Raises Denied for whoever does not have the talk."""
    may(deps, who, Act.DISCLOSURE_CHOOSE, consultation=c)
    assert c.organisation is not None
    secrecy = deps.content().secrecy
    return {direction: offered(secrecy, c.organisation, direction) for direction in Direction}


def check_chosen(deps: Deps, who: Speaker, c: Consultation, disclosure: Disclosure) -> tuple[str, ...]:
    """The rules that let whoever has the talk disclose so.

    Raises Denied for anybody else, Refused before somebody was named and for a ground that is not offered.
    """
    rules = may(deps, who, Act.DISCLOSURE_CHOOSE, consultation=c)
    if not c.identified:
        raise Refused(Code.NOT_IDENTIFIED)
    assert c.organisation is not None
    try:
        chosen(deps.content().secrecy, c.organisation, disclosure)
    except BadInput as error:
        raise Refused(Code.NO_SUCH_GROUND) from error
    return rules
