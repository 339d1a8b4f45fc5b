"""Who does what at a place: whom to ask, where to refer, contacts and forums; as anybody may see them, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.finding import Found, FoundKind, found_at
from bot.core.ids import DistrictId
from bot.core.people import Person
from bot.core.places import Label, Organisation, Step, organisation, owner
from bot.core.policy import Act
from bot.core.press import Find
from bot.core.referrals import Caption, Forum, Referral, Told
from bot.flow.deps import Content, Deps
from bot.flow.ports import Tx
from bot.flow.speaker import Speaker, amend, home_board, home_districts, may
from bot.flow.words import Words

GROUPS = {"R": FoundKind.REFERRAL, "C": FoundKind.CONTACT, "F": FoundKind.FORUM}  # as buttons name them


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place that is looked at: its board, and the lokalpolisområde where one was meant."""

    board: Organisation
    district: DistrictId | None = None

    @property
    def name(self) -> str:
        """By which it is asked for again."""
        return self.district if self.district is not None else self.board.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """What can be found at a place now."""

    spot: Spot
    found: tuple[Found, ...]

    def of(self, kind: FoundKind) -> tuple[Found, ...]:
        """What of it is of one kind."""
        return tuple(one for one in self.found if one.kind is kind)

    def named(self, id_: str) -> Found | None:
        """A referral, a contact or a forum by its id."""
        return next((one for one in self.found if one.entry is not None and one.id == id_), None)


def show(tx: Tx, deps: Deps, who: Speaker, wanted: Find) -> None:
    """Answer with what can be found there. Raises BadInput for a place there is not, Denied for who may not look."""
    may(deps, who, Act.CONTACT_VIEW)
    spot = spot_of(deps, who.person, wanted.place, who.now)
    read = "yes" if wanted.read else ""
    amend(tx, deps, who, "find.show", place=spot.name, what=wanted.what, read=read)


def spot_of(deps: Deps, person: Person, name: str, at: datetime) -> Spot:
    """The place meant by a district's or an organisation's id, or nothing: one's own. BadInput for an unknown one."""
    structure = deps.content().structure
    if DistrictId(name) in structure.districts:
        return Spot(board=owner(structure, DistrictId(name), at)[0], district=DistrictId(name))
    if name:
        return Spot(board=organisation(structure, name))
    districts = home_districts(deps, person, at)
    board = home_board(deps, person, at)
    if board is None or not districts:
        return Spot(board=board or organisation(structure, deps.home))
    return _at_home(deps, board, districts[0].id, at)


def _at_home(deps: Deps, board: Organisation, district: DistrictId, at: datetime) -> Spot:
    """An officer's own lokalpolisområde; a worker's board as a whole."""
    mine = owner(deps.content().structure, district, at)[0].id == board.id
    return Spot(board=board, district=district if mine else None)


def guide_at(tx: Tx, content: Content, spot: Spot, at: datetime) -> Guide:
    """What can be found at the place at that minute."""
    found = found_at(content.structure, spot.board, tx.people.all(), at, spot.district)
    return Guide(spot=spot, found=found)


def place_words(words: Words, spot: Spot) -> str:
    """The name of the place."""
    board = words.label(spot.board.label)
    if spot.district is None:
        return board
    return f"{words.label(words.content.structure.districts[spot.district].label)} · {board}"


def title(words: Words, found: Found) -> str:
    """The name of what was found."""
    assert found.label is not None
    return told(words, found.label)


def told(words: Words, both: Label | Caption | Told) -> str:
    """In the reader's language."""
    return both.en if words.language == "en" else both.sv


def step_line(words: Words, step: Step) -> str:
    """A step of the chain: whom it asks, when, and for what."""
    return words.say("find.step", label=words.label(step.label), hours=_hours(words, step))


def about(words: Words, found: Found) -> tuple[str, ...]:
    """What it does, for whom, where, and how it is reached: a sentence each."""
    assert found.entry is not None
    does = (told(words, found.entry.does), *_for_whom(words, found), *_where(words, found))
    return (*does, *how(words, found))


def how(words: Words, found: Found) -> tuple[str, ...]:
    """How it is reached."""
    if found.step is not None:
        label, hours = words.label(found.step.label), _when(words, found.step)
        return (words.say("find.how_step", label=label, hours=hours),)
    if found.number is not None:
        label, number = words.label(found.number.label), found.number.number
        return (words.say("find.how_number", label=label, number=number),)
    return (words.say("find.how_says", says=told(words, found.says)),) if found.says is not None else ()


def knowledge(words: Words, guide: Guide) -> tuple[str, ...]:
    """Which matters somebody there knows in particular, and which decisions somebody there has by delegation."""
    matters = _listed(words, "matter", (one.matter for one in guide.of(FoundKind.COMPETENCE)))
    decisions = _listed(words, "decision", (one.decision for one in guide.of(FoundKind.DECISION)))
    knows = words.say("find.knows", matters=matters) if matters else ""
    decides = words.say("find.decides", decisions=decisions) if decisions else ""
    return tuple(filter(None, (knows, decides, words.say("find.chair"))))


def _hours(words: Words, step: Step) -> str:
    needs = _listed(words, "need", step.needs)
    matters = _listed(words, "matter", step.matters)
    parts = (
        _when(words, step),
        words.say("find.step_needs", needs=needs) if needs else "",
        words.say("find.step_matters", matters=matters) if matters else "",
    )
    return ", ".join(filter(None, parts))


def _when(words: Words, step: Step) -> str:
    after = words.say("find.after_jour") if step.after_jour else ""
    return ", ".join(filter(None, (words.say(f"find.when_{step.when}"), after)))


def _listed(words: Words, table: str, choices: Iterable[object]) -> str:
    """Choices one after the other, as they stand within a sentence."""
    said = (words.say(f"{table}.{choice}") for choice in choices)
    return ", ".join(one[:1].lower() + one[1:] for one in said)


def _for_whom(words: Words, found: Found) -> tuple[str, ...]:
    entry = found.entry
    if not isinstance(entry, Referral):
        return ()
    ages = {"from_age": str(entry.from_age), "to_age": str(entry.to_age)}
    key = {(True, False): "from", (False, True): "to", (True, True): "both"}.get(
        (entry.from_age is not None, entry.to_age is not None)
    )
    matters = _listed(words, "matter", entry.matters)
    said = (
        words.say(f"find.ages_{key}", **ages) if key else "",
        words.say("find.matters", matters=matters) if matters else "",
    )
    return tuple(filter(None, said))


def _where(words: Words, found: Found) -> tuple[str, ...]:
    if isinstance(found.entry, Forum):
        return (words.say("find.places", places=told(words, found.entry.places)),)
    districts = words.content.structure.districts
    named = ", ".join(words.label(districts[name].label) for name in found.districts)
    return (words.say("find.places", places=named),) if named else ()
