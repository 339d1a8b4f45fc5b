"""The signs of danger: which parts of it, told together, leave no doubt."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

# Roles of danger_words that must all be told, each by a word of its own; "a~b" stand within a few words of each other. "!"
# marks what leaves little room for another reading: what is over beside it does not take it back.
SIGNS = tuple(
    """
    !gone !vital~neg !colour~face colour+reply~neg !blood~flow blood~vitalpart blood+door reply~neg+lying
    reply~neg+limp reply~neg+blood reply~neg+wishes ill+now limp+drug limp~vital birth~door birth~hot
    !anafylax kill+cry kill+captive kill+weapon kill+now kill+pavag kill+sound kill+speed threat+kill+door
    !attack beat+now beat~vitalpart beat+lying weapon~threat weapon+kill weapon+sound weapon+wishes
    weapon~vitalpart weapon+captive beat~weapon weapon~pavag weapon+now bomb+lying bomb+now bomb~carried
    petrol~ignite gasleak ignite~fire petrol~over fire+stuck fire~frail burning smoke+door smoke+stuck
    smoke+height smoke~people rope+wishes rope+edge rope~vitalpart hung cut~pulse drug~intake~lots
    drug~intake+limp drug+colour poison~intake frail~intake~drug edge~upright edge+jump edge+wishes
    height~upright~beyond height~fell tracks~upright tracks~frail road~bare road~mid water~sink     frail+water+missing water+wishes people+water~lying cold~bare cold~frail+missing cold~lying
    cold+bare+frail wishes+missing fell+lying small+hot+heat wreck~stuck wreck+lying current+lying
    current~through captive~grab captive+kill wishes+now wishes+sent dangle~height frail~beyond+height
    small+floppy hurt~vitalpart locked+sent locked+pavag locked+fire wreck+missing smoke~building
    wreck~beneath tracks~walk boxed~put tracks~mid tracks~wrong people~beneath~vehicle missing+cold+frail
    bleeds breath~few missing~cold+bare cut+captive shotpast+now jump~now wishes+road breaths~few
    small~beneath~vehicle rope+locked sound+quiet sound+cry sound~crowd abroad+forced beast~maul
    """.split()  # noqa: SIM905 - a list of words reads best as prose
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Parts that must be told, those of them that must be near each other, and whether it leaves no other reading."""

    firm: bool
    parts: tuple[str, ...]
    near: tuple[tuple[str, str], ...]


def _sign(written: str) -> Sign:
    """A sign as it is written above: "!blood~flow", "frail+water~missing"."""
    groups = [group.split("~") for group in written.removeprefix("!").split("+")]
    return Sign(
        firm=written.startswith("!"),
        parts=tuple(dict.fromkeys(part for group in groups for part in group)),
        near=tuple(two for group in groups for two in pairwise(group)),
    )


def _by_first(signs: Iterable[Sign]) -> dict[str, tuple[Sign, ...]]:
    filed: dict[str, tuple[Sign, ...]] = {}
    for sign in signs:
        filed[sign.parts[0]] = (*filed.get(sign.parts[0], ()), sign)
    return filed


FIRM = _by_first(sign for sign in map(_sign, SIGNS) if sign.firm)
OTHER = _by_first(sign for sign in map(_sign, SIGNS) if not sign.firm)
