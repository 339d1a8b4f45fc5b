"""What an officer reads of a request: one sentence for each state, the same in the chat and on the page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.consultation import Consultation, State
from bot.core.events import Ending, Tried
from bot.core.ids import ConsultationId, DistrictId, OfferId, OrganisationId, PersonId, RoomId, StepId
from bot.core.request import Matter, Need, Offer, Outcome, Request, Urgency
from bot.core.standing import Stand, current_number, stand_of
from bot.flow.room_members import Way
from bot.flow.stood import stood
from bot.flow.words import Words
from tests.flow.flow_world import NIGHT, OFFICER, World

MALMO, MINUTE = OrganisationId("malmo"), timedelta(minutes=1)
REQUEST = Request(
    officer=PersonId(OFFICER),
    district=DistrictId("lpo-malmo-norr"),
    matter=Matter.SUSPECT,
    need=Need.ADVICE,
    urgency=Urgency.NOW,
    at=NIGHT,
)
INTERVIEW = replace(REQUEST, need=Need.INTERVIEW, interview_at=NIGHT + timedelta(hours=2, minutes=20))


def offer(n: int, outcome: Outcome = Outcome.PENDING, step: str = "jour") -> Offer:
    return Offer(
        id=OfferId(f"o{n}"),
        person=PersonId(f"p{n}"),
        step=StepId(step),
        at=NIGHT,
        until=NIGHT + MINUTE,
        outcome=outcome,
        settled_at=NIGHT if outcome is not Outcome.PENDING else None,
    )


BASE = Consultation(
    id=ConsultationId("c"), organisation=MALMO, request=REQUEST, officer=PersonId(OFFICER), last_at=NIGHT
)
NUMBERS = ("malmo-jour", "malmo-tib", "malmo-befal")
TAKEN = replace(
    BASE,
    state=State.OPEN,
    offers=(offer(1, Outcome.ACCEPTED),),
    holder=PersonId("p1"),
    room=RoomId("r"),
    due=NIGHT + 3 * MINUTE,
)
PHONED = replace(BASE, state=State.PHONED, numbers=NUMBERS, due=NIGHT + timedelta(hours=12))
SILENT = Tried(at=NIGHT, number="malmo-jour", answered=False)
ANSWERED = Tried(at=NIGHT, number="malmo-tib", answered=True)
OFFERED = replace(BASE, state=State.OFFERED, offers=(offer(1),), due=NIGHT + MINUTE)

# where it stands, the consultation, how they talk, Swedish, English
TABLE = [
    (
        Stand.SEEKING,
        replace(BASE, state=State.SEEKING, due=NIGHT),
        Way.PHONE,
        "Söker nästa person. Det tar högst några sekunder.",
        "Looking for the next person. It takes a few seconds at most.",
    ),
    (
        Stand.ASKING,
        OFFERED,
        Way.PHONE,
        "Frågar Socialjouren. Svar senast kl. 22.41.",
        "Asking Social services on call. Answer by 22:41.",
    ),
    (
        Stand.ASKING,
        replace(OFFERED, offers=(offer(1), offer(2))),
        Way.PHONE,
        "Frågar Socialjouren (2 personer). Svar senast kl. 22.41.",
        "Asking Social services on call (2 people). Answer by 22:41.",
    ),
    (
        Stand.ASKING,
        replace(OFFERED, offers=(offer(1, Outcome.LAPSED), offer(2))),
        Way.PHONE,
        "Den som tog den svarade inte; Samjour söker vidare. Frågar Socialjouren. Svar senast kl. 22.41.",
        "Whoever took it did not answer; Samjour goes on looking. Asking Social services on call. Answer by 22:41.",
    ),
    (
        Stand.ASKING,
        replace(OFFERED, offers=(offer(1, Outcome.COULD_NOT_ATTEND), offer(2))),
        Way.PHONE,
        "Den som tog den kunde inte komma; Samjour söker vidare. Frågar Socialjouren. Svar senast kl. 22.41.",
        "Whoever took it could not come; Samjour goes on looking. Asking Social services on call. Answer by 22:41.",
    ),
    (
        Stand.ASKING_MEANWHILE,
        replace(OFFERED, numbers=NUMBERS, tried=(SILENT,)),
        Way.PHONE,
        "Frågar Socialjouren. Svar senast kl. 22.41. Ring ändå: Tjänsteman i beredskap 070-1740606.",
        "Asking Social services on call. Answer by 22:41. Call all the same: Officer in readiness 070-1740606.",
    ),
    (
        Stand.WAITING,
        replace(BASE, state=State.DEFERRED, due=NIGHT + timedelta(hours=33, minutes=20)),
        Way.PHONE,
        (
            "Väntar till måndag 23 november kl. 08.00. Då öppnar Malmö stad. "
            "Kan det inte vänta: ring, eller tryck på Det kan inte vänta längre."
        ),
        (
            "Waiting until Monday 23 November at 08:00. City of Malmö opens then. "
            "If it cannot wait: call, or press It can no longer wait."
        ),
    ),
    (
        Stand.OWED,
        replace(TAKEN, owed=True),
        Way.HERE,
        (
            "Socialjouren har tagit den. Sedan kl. 22.40. Samtalet förs i Telegram. "
            "Svar till dig senast kl. 22.43; annars söker Samjour vidare."
        ),
        (
            "Social services on call has taken it. Since 22:40. The conversation is in Telegram. "
            "An answer to you by 22:43; otherwise Samjour looks further."
        ),
    ),
    (
        Stand.TAKEN,
        TAKEN,
        Way.ROOM,
        "Socialjouren har tagit den. Sedan kl. 22.40. Samtalet förs i Samjour på webben.",
        "Social services on call has taken it. Since 22:40. The conversation is in Samjour on the web.",
    ),
    (
        Stand.BOOKED,
        replace(TAKEN, request=INTERVIEW),
        Way.PHONE,
        (
            "Socialjouren är bokad till förhöret kl. 01.00. Sedan kl. 22.40. Du blir uppringd. "
            "Du kan också ringa själv. Ni påminns båda en kvart före och när det börjar."
        ),
        (
            "Social services on call is booked for the interview at 01:00. Since 22:40. You will be called. "
            "You can also call yourself. You are both reminded a quarter of an hour before, and when it begins."
        ),
    ),
    (
        Stand.CALL,
        PHONED,
        Way.PHONE,
        "Ring nu. Ingen i Samjour kan ta den nu. Ring Socialjour Malmö: 070-1740605.",
        "Call now. Nobody in Samjour can take it now. Call Social services on call, Malmö: 070-1740605.",
    ),
    (
        Stand.CALL_NEXT,
        replace(PHONED, tried=(SILENT,)),
        Way.PHONE,
        "Ring nu. Ingen svarade på Socialjour Malmö. Ring Tjänsteman i beredskap: 070-1740606.",
        (
            "Call now. Nobody answered at Social services on call, Malmö. "
            "Call Officer in readiness: 070-1740606."
        ),
    ),
    (
        Stand.CALL_ANSWERED,
        replace(PHONED, tried=(SILENT, ANSWERED)),
        Way.PHONE,
        "Tjänsteman i beredskap svarade kl. 22.40. Avsluta när det är klart.",
        "Officer in readiness answered at 22:40. Finish when it is done.",
    ),
    (
        Stand.CLOSED,
        replace(BASE, state=State.CLOSED, ending=Ending.ADVICE, closed_at=NIGHT),
        Way.PHONE,
        "Avslutad: råd gett. Klart kl. 22.40.",
        "Ended: advice given. Done at 22:40.",
    ),
]


@pytest.mark.parametrize(("stand", "c", "talk", "swedish", "english"), TABLE)
async def test_what_the_officer_reads(
    world: World, stand: Stand, c: Consultation, talk: Way, swedish: str, english: str
) -> None:
    """Written down, state by state, in both languages: who, until when, and what to do."""
    assert stand_of(c) is stand
    for language, sentence in (("sv", swedish), ("en", english)):
        found = stood(Words(world.deps.content(), language, NIGHT), c, talk)
        assert f"{found.lost} {found.head}. {found.more}".strip() == sentence


def test_every_stand_is_in_the_table() -> None:
    """No state of a request is without its sentence."""
    assert {row[0] for row in TABLE} == set(Stand)


def test_the_numbers_go_round() -> None:
    """After the last number the first again, and nothing to divide by where a policy has none."""
    tried = tuple(SILENT for _ in range(4))
    assert [current_number(replace(PHONED, tried=tried[:n])) for n in range(5)] == [0, 1, 2, 0, 1]
    assert current_number(BASE) == 0
