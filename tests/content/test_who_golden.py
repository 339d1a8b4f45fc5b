"""`samjour who --explain`, kept as text: whoever reads only a file under tests/golden/who can say who will be asked and why.

After a deliberate change: `python -m tests.content.test_who_golden` writes them again; read what changed.
"""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot import content as files
from bot.commands.acts import explained
from bot.content import Content
from bot.core.hours import local_day, local_instant
from bot.core.ids import PersonId
from bot.core.matching import Standing, Worker, workers
from bot.core.people import Person, Vetting, VettingState
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.roster import Attendance, Override, OverrideId, on_duty, roster
from bot.core.weekly import expand
from bot.core.who import Question, waits_until

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "who"
NIGHT, DAY = "2026-11-28T23:40", "2026-11-24T10:00"
EVENING_1, EVENING_2, JOUR_3, JOUR_4 = "p-malmo-kvall-1", "p-malmo-kvall-2", "p-sj-malmo-3", "p-sj-malmo-4"


def asked(name: str, at: str, **about: object) -> Question:
    return replace(Question(name=name, at=local_instant(at)), **about)  # type: ignore[arg-type] # by name


SITUATIONS: dict[str, Question] = {
    "01-lordagskvall-malmo": asked("malmo", NIGHT, area="malmo", matter=Matter.CHILD),
    "02-vardag-malmo": asked("malmo", DAY, matter=Matter.CHILD),
    "03-natt-nar-kvallen-gatt-hem": asked("malmo", "2026-11-29T04:00", matter=Matter.CHILD),
    "04-julafton": asked("malmo", "2026-12-24T10:00", matter=Matter.VIOLENCE),
    "05-narvaro-med-falt": asked("malmo", NIGHT, need=Need.PRESENCE, matter=Matter.SUSPECT),
    "06-forhor-nu": asked("malmo", NIGHT, need=Need.INTERVIEW, matter=Matter.SUSPECT),
    "07-forhor-klockan-tva": asked(
        "malmo",
        NIGHT,
        need=Need.INTERVIEW,
        matter=Matter.SUSPECT,
        interview_at=local_instant("2026-11-29T02:00"),
    ),
    "08-forhor-nasta-formiddag": asked(
        "malmo",
        NIGHT,
        need=Need.INTERVIEW,
        matter=Matter.SUSPECT,
        interview_at=local_instant("2026-11-29T10:00"),
    ),
    "09-beslut-lvu": asked(
        "malmo", NIGHT, need=Need.DECISION, decision=DecisionKind.LVU_6, matter=Matter.CHILD
    ),
    "10-beslut-bistand-delegation": asked(
        "bromma", DAY, need=Need.DECISION, decision=DecisionKind.AID, matter=Matter.HOUSING
    ),
    "11-beslut-placering-delegation": asked(
        "sodermalm", DAY, need=Need.DECISION, decision=DecisionKind.PLACEMENT, matter=Matter.CHILD
    ),
    "12-kan-vanta-till-mandag": asked("malmo", NIGHT, urgency=Urgency.CAN_WAIT),
    "13-ring-upp-mig": asked("malmo", NIGHT, need=Need.CALL_ME),
    "14-akut-skydd": asked("malmo", NIGHT, need=Need.PROTECTION, matter=Matter.VIOLENCE),
    "15-farsta-vardag": asked("farsta", DAY, area="farsta", matter=Matter.CHILD),
    "16-farsta-fel-dag": asked("farsta", "2026-11-25T10:00", matter=Matter.CHILD),
    "17-farsta-ung-avhopp": asked("farsta", DAY, need=Need.CONSULT, matter=Matter.EXIT),
    "18-jarva-efter-sammanslagning": asked("jarva", "2026-11-24T10:00", matter=Matter.SUSPECT),
    "19-rinkeby-fore-sammanslagning": asked("rinkeby-kista", "2023-06-30T10:00"),
    "20-kungsholmen-dagen-fore-provning": asked("kungsholmen", "2022-11-30T10:00"),
    "21-delad-handlaggare": asked("norra-innerstaden", DAY, matter=Matter.CHILD),
    "22-skarpnack-vantar-pa-provning": asked("skarpnack", DAY),
    "23-stockholm-natt": asked("stockholm", NIGHT, matter=Matter.VIOLENCE),
    "24-annan-kommun": asked("polisen", NIGHT, area="annan-kommun"),
    "25-klockan-tva-sommartid": asked("malmo", "2026-10-25T02:30+02:00"),
    "26-klockan-tva-normaltid": asked("malmo", "2026-10-25T02:30+01:00"),
    "27-lokalpolisomrade": asked("", NIGHT, district="lpo-malmo-norr", matter=Matter.CHILD),
    "28-sjuk-och-full": asked("malmo", NIGHT, matter=Matter.CHILD),
    "29-alla-upptagna": asked("malmo", NIGHT, matter=Matter.CHILD),
    "30-avstangd-och-onabar": asked("malmo", NIGHT, matter=Matter.CHILD),
}
STANDINGS: dict[str, dict[str, Standing]] = {
    "28-sjuk-och-full": {
        EVENING_2: Standing(open_rooms=2, pending=1, last_offered=local_instant("2026-11-28T23:30")),
        JOUR_3: Standing(open_rooms=1, last_offered=local_instant("2026-11-28T22:15")),
    },
    "29-alla-upptagna": {
        person: Standing(open_rooms=most, last_offered=local_instant("2026-11-28T23:00"))
        for person, most in ((EVENING_1, 3), (EVENING_2, 3), (JOUR_3, 5), (JOUR_4, 5))
    },
    "30-avstangd-och-onabar": {
        JOUR_3: Standing(reachable=False),
        EVENING_2: Standing(last_offered=local_instant("2026-11-28T21:00")),
    },
}


def people(files_: Content, name: str) -> tuple[Person, ...]:
    assert files_.demo is not None
    changed = {
        "30-avstangd-och-onabar": {
            EVENING_1: lambda p: replace(p, active=False),
            JOUR_4: lambda p: replace(
                p, vetting=Vetting(state=VettingState.REVOKED, since=date(2026, 11, 20))
            ),
        }
    }.get(name, {})
    return tuple(changed.get(p.id, lambda same: same)(p) for p in files_.demo.people)


def attendance(files_: Content, name: str, asked_: Question, *, then: bool = False) -> Attendance:
    assert files_.demo is not None
    at = asked_.interview_at if then and asked_.interview_at is not None else asked_.at
    day = local_day(at)
    shifts = expand(files_.demo.weekly, first=day - timedelta(days=1), last=day)
    sick = Override(
        id=OverrideId("sick"),
        person=PersonId(EVENING_1),
        on_duty=False,
        starts=at - timedelta(hours=2),
        ends=at + timedelta(hours=2),
        by=PersonId(EVENING_1),
        made=at - timedelta(hours=2),
    )
    return on_duty(roster(shifts, [sick] if name.startswith("28") else []), at)


def everybody(files_: Content, name: str) -> tuple[Worker, ...]:
    asked_ = SITUATIONS[name]
    standings = {PersonId(person): one for person, one in STANDINGS.get(name, {}).items()}
    then = attendance(files_, name, asked_, then=True) if asked_.interview_at is not None else None
    return workers(people(files_, name), attendance(files_, name, asked_), standings, then)


def later(files_: Content, name: str) -> tuple[Worker, ...] | None:
    """Everybody at the instant that the matter waits for, where it does."""
    until = waits_until(files_.structure, SITUATIONS[name])
    if until is None:
        return None
    return workers(people(files_, name), attendance(files_, name, replace(SITUATIONS[name], at=until)), {})


def text(files_: Content, name: str, language: str = "sv") -> str:
    args = {"explain": True, "language": language}
    told = explained(files_, SITUATIONS[name], everybody(files_, name), args, later(files_, name))
    return f"{told['sentence']}\n"


@pytest.fixture(scope="module")
def content() -> Content:
    return files.read(ROOT)


@pytest.mark.parametrize("name", SITUATIONS)
def test_who_will_be_asked_in_words(content: Content, name: str) -> None:
    """Every sentence of it is as somebody has read it and found it right."""
    assert text(content, name) == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_there_is_a_text_for_each_situation_and_for_nothing_else() -> None:
    """At least 25, and none that is left over."""
    assert {path.stem for path in GOLDEN.glob("*.txt")} == SITUATIONS.keys()
    assert len(SITUATIONS) >= 25


def test_english_has_the_same_lines(content: Content) -> None:
    """Every situation can be told in English too, line by line."""
    for name in SITUATIONS:
        assert len(text(content, name, "en").splitlines()) == len(text(content, name).splitlines()), name


if __name__ == "__main__":
    found = files.read(ROOT)
    for situation in SITUATIONS:
        (GOLDEN / f"{situation}.txt").write_text(text(found, situation), "utf-8")
