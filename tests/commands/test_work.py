"""The process that watches the server: whom it tells that it is silent, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.channels.gateway import SMS, VOICE
from bot.commands import watch_file
from bot.commands.watch_file import Kept, asked_in, calls_in
from bot.commands.work import TRIES, Owed, Work, teller
from bot.core.errors import Unavailable
from bot.core.ids import PersonId
from bot.core.vigil import EVERY, ROUNDS, Vigil
from bot.flow.messages import Delivery, Outbound, Receipt
from bot.flow.watch import Asked, Call, told_of
from bot.seal.field import FieldKey

KEY = FieldKey(key=b"k" * 32)
FIRST = Call(person=PersonId("m-1"), number="+46701740651", gone="gone", back="back")
SECOND = Call(person=PersonId("m-2"), number="+46701740652", gone="gone", back="back")
BOTH = (FIRST, SECOND)


@dataclass(slots=True)
class Night:
    """A server that answers or not, a gateway that takes or not, and seconds that pass."""

    at: float = 1000.0
    answers: bool = True
    silent: list[str] = field(default_factory=list)
    calls: tuple[Call, ...] = BOTH
    takes: Delivery = Delivery.SENT
    heard: list[Mapping[str, object]] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    drawn: int = 0

    async def ask(self, said: Mapping[str, object]) -> Mapping[str, object]:
        if not self.answers:
            raise Unavailable("nobody there")
        self.heard.append(said)
        return {"silent": self.silent, "calls": told_of(self.calls)}

    async def tell(self, owed: Owed) -> Delivery:
        self.sent.append((owed.call.person, owed.text))
        self.keys.append(owed.key)
        return self.takes

    def draw(self, size: int) -> bytes:
        self.drawn += 1
        return self.drawn.to_bytes(size, "big")

    def work(self, kept: Kept | None = None) -> Work:
        return Work(
            ask=self.ask,
            tell=self.tell,
            keep=self.kept.append,
            draw=self.draw,
            tick=lambda: self.at,
            vigil=Vigil(heard=self.at),
            kept=kept or Kept(),
        )

    async def rounds(self, work: Work, count: int = 1) -> None:
        for _ in range(count):
            self.at += EVERY
            await work.go_round()


@pytest.fixture
def night() -> Night:
    return Night()


async def test_nobody_is_told_while_it_answers(night: Night) -> None:
    """A quiet night costs nobody's sleep; the list is kept as soon as it is known, and only when it changes."""
    work = night.work()
    await night.rounds(work, 100)
    assert night.sent == []
    assert night.kept == [Kept(calls=BOTH)]


async def test_after_twenty_seconds_of_silence_everybody_is_told_once(night: Night) -> None:
    """Not at the first missed answer, for a restart takes a moment; then each once, however long it lasts."""
    work = night.work()
    await night.rounds(work)
    night.answers = False
    await night.rounds(work, ROUNDS)
    assert night.sent == []
    await night.rounds(work, 1000)
    assert night.sent == [("m-1", "gone"), ("m-2", "gone")]


async def test_when_it_is_back_those_who_were_told_hear_it(night: Night) -> None:
    """And the server hears how long it was silent and who was told: that belongs on the ledger."""
    work = night.work()
    await night.rounds(work)
    night.answers = False
    await night.rounds(work, 10)
    night.answers, night.sent = True, []
    await night.rounds(work, 3)
    assert night.sent == [("m-1", "back"), ("m-2", "back")]
    silent = [(said["silent"], said["told"]) for said in night.heard if said["silent"]]
    assert silent == [(55, ["m-1", "m-2"])]


async def test_a_loop_that_is_silent_is_as_bad_as_a_server_that_is(night: Night) -> None:
    """A server that answers and wakes nobody is told of like one that is gone."""
    work = night.work()
    await night.rounds(work)
    night.silent = ["deadlines"]
    await night.rounds(work, ROUNDS + 1)
    assert night.sent == [("m-1", "gone"), ("m-2", "gone")]


async def test_it_knows_whom_to_tell_although_the_server_never_starts(night: Night) -> None:
    """The machine comes up and Samjour does not: the list that was kept is told."""
    night.answers = False
    work = night.work(Kept(calls=BOTH))
    await night.rounds(work, ROUNDS + 1)
    assert night.sent == [("m-1", "gone"), ("m-2", "gone")]


async def test_nobody_is_told_twice_though_it_is_started_again(night: Night) -> None:
    """It may fall and be started again while the server is silent; those who know are not rung again, others are."""
    night.answers = False
    work = night.work(Kept(calls=BOTH, told=frozenset({FIRST.person})))
    await night.rounds(work, ROUNDS + 1)
    assert night.sent == [("m-2", "gone")]
    assert night.kept[-1].told == {FIRST.person, SECOND.person}
    night.answers, night.sent = True, []
    await night.rounds(night.work(night.kept[-1]), 2)
    assert night.sent == [("m-1", "back"), ("m-2", "back")]


async def test_a_gateway_that_does_not_take_it_is_tried_each_round(night: Night) -> None:
    """Until it takes it, under the same key, so that it sends it once; and not for ever."""
    night.takes = Delivery.LATER
    night.answers, night.calls = False, (FIRST,)
    work = night.work(Kept(calls=(FIRST,)))
    await night.rounds(work, ROUNDS + 3)
    assert len(night.sent) == 3
    assert len(set(night.keys)) == 1
    await night.rounds(work, 10 * TRIES)
    assert len(night.sent) == TRIES + 1


async def test_whoever_was_not_told_that_it_is_silent_is_not_told_that_it_is_back(night: Night) -> None:
    """A number that the gateway refuses is given up, and the rest goes on."""
    night.answers, night.takes = False, Delivery.REFUSED
    work = night.work(Kept(calls=BOTH))
    await night.rounds(work, 10)
    assert len(night.sent) == 2
    night.answers = True
    await night.rounds(work, 3)
    assert len(night.sent) == 2


async def test_an_answer_that_cannot_be_read_is_none(night: Night) -> None:
    """What answers there in another way is not the server."""
    work = night.work(Kept(calls=BOTH))

    async def odd(_: Mapping[str, object]) -> Mapping[str, object]:
        return {"calls": [{"person": "m-1"}]}

    work.ask = odd
    await night.rounds(work, ROUNDS + 1)
    assert len(night.sent) == 2


async def test_a_list_that_cannot_be_kept_is_used_all_the_same(night: Night) -> None:
    """A full disk stops nobody from being told."""

    def full(_: Kept) -> None:
        raise Unavailable("no room")

    work = night.work()
    work.keep = full
    await night.rounds(work)
    night.answers = False
    await night.rounds(work, ROUNDS + 1)
    assert len(night.sent) == 2


@dataclass(slots=True)
class Telephones:
    """A channel of a gateway that notes what it is given."""

    name: str
    takes: Delivery = Delivery.SENT
    sent: list[Outbound] = field(default_factory=list)

    async def send(self, message: Outbound) -> Receipt:
        self.sent.append(message)
        return Receipt(delivery=self.takes)


async def test_a_call_wakes_and_an_sms_tells() -> None:
    """The telephone rings once for a silence, however often the SMS must be tried; that all is well wakes nobody."""
    sms, voice = Telephones(SMS, takes=Delivery.LATER), Telephones(VOICE)
    tell = teller({SMS: sms, VOICE: voice})
    for tries in range(3):
        delivery = await tell(Owed(call=FIRST, text=FIRST.gone, key="k", tries=tries))
        assert delivery is Delivery.LATER
    await tell(Owed(call=FIRST, text=FIRST.back, key="other"))
    assert [(m.address, m.key) for m in voice.sent] == [(FIRST.number, "k-call")]
    assert [(m.text.reveal(), m.key) for m in sms.sent] == [(b"gone", "k")] * 3 + [(b"back", "other")]


# ---- the file ------------------------------------------------------------------------------------------


def test_the_list_is_kept_sealed_for_this_user_alone(tmp_path: Path) -> None:
    """No number stands in clear on the disk, and nobody else reads the file."""
    path, kept = tmp_path / "samjour.db.watch", Kept(calls=BOTH, told=frozenset({FIRST.person}))
    assert watch_file.read(path, KEY) == Kept()
    watch_file.write(path, KEY, kept, bytes)
    assert watch_file.read(path, KEY) == kept
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"0701740651" not in path.read_bytes()
    assert b"701740651" not in path.read_bytes()
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


def test_a_file_that_was_changed_does_not_open(tmp_path: Path) -> None:
    """Whoever exchanges the numbers there is noticed: the watch says so and does not begin."""
    path = tmp_path / "samjour.db.watch"
    watch_file.write(path, KEY, Kept(calls=BOTH), bytes)
    good = path.read_bytes()
    for spoiled in (good[:-1], b"", bytes([good[0] ^ 1]) + good[1:]):
        path.write_bytes(spoiled)
        with pytest.raises(Unavailable, match="does not open"):
            watch_file.read(path, KEY)


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"every": "5", "silent": 0, "told": []},
        {"every": 5.0, "silent": 0, "told": [1]},
        {"every": 5.0, "silent": 0, "told": [], "more": 1},
    ],
)
def test_an_odd_question_is_refused(args: dict[str, object]) -> None:
    """Only what the watching process says is taken."""
    with pytest.raises(Unavailable):
        asked_in(args)


def test_what_is_asked_is_bounded() -> None:
    """Nobody makes the server wait for an hour until it misses the watch."""
    assert asked_in({"every": 3600.0, "silent": 1, "told": ["m-1"]}) == Asked(
        every=60.0, silent=1, told=(PersonId("m-1"),)
    )
    with pytest.raises(Unavailable):
        calls_in("many")
