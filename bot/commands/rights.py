"""What a device may, as people and command lines name it."""

from typing import Final

from bot.seal.enrolment import Right

INVITED: Final = {"member": 1, "shares": 2, "approve": 4, "vouch": 8}  # what somebody can be invited with


def in_words(rights: int) -> list[str]:
    """The rights by their names, the smallest first: `["member", "approve"]`."""
    return [right.name.lower() for right in Right if rights & right and right.name is not None]


def told(rights: int) -> dict[str, object]:
    """The rights as a result has them: the number that is signed, and the words for it."""
    return {"rights": rights, "may": in_words(rights)}
