"""What an officer reads of a request: one sentence for each state, the same in the chat and on the page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.consultation import Consultation, State
from bot.core.events import Ending, Tried
from bot.core.ids import ConsultationId, DistrictId, OfferId, OrganisationId, PersonId, RoomId, StepId
from bot.core.referrals import EntryId
from bot.core.request import Matter, Need, Offer, Outcome, Request, Urgency
from bot.core.standing import Stand, Woken, current_number, stand_of
from bot.flow.chat.card import card
from bot.flow.chat.spoken import Buttons
from bot.flow.look_requests import my_request
from bot.flow.ports import Tx
from bot.flow.room_members import Way
from bot.flow.situation import workers
from bot.flow.status import MyRequest
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

LOST = replace(
    offer(1, Outcome.LAPSED), settled_at=NIGHT + MINUTE
)  # two were asked, one took it, and then was silent
ENDED = replace(BASE, state=State.CLOSED, closed_at=NIGHT)
AGAIN = " Behöver du någon igen: gör en ny förfrågan, eller ring."
AGAIN_EN = " If you need somebody again: make a new request, or call."


def passed_on(outcome: Outcome) -> Consultation:
    """A talk that another has now."""
    first = replace(offer(1, outcome), settled_at=NIGHT + MINUTE)
    mine = replace(offer(3, Outcome.ACCEPTED), settled_at=NIGHT + MINUTE)
    others = (first, offer(2, Outcome.WITHDRAWN), mine)
    return replace(TAKEN, offers=others, holder=PersonId("p3"), owed=True, due=NIGHT + 4 * MINUTE)


# where it stands, the consultation, how they talk or what woke them, Swedish, English
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
    (  # of two that were asked the first took it; the other's doorbell was taken back then
        Stand.ASKING,
        replace(OFFERED, offers=(LOST, offer(2, Outcome.WITHDRAWN), offer(3))),
        Way.PHONE,
        "Den som tog den svarade inte; Samjour söker vidare. Frågar Socialjouren. Svar senast kl. 22.41.",
        "Whoever took it did not answer; Samjour goes on looking. Asking Social services on call. Answer by 22:41.",
    ),
    (
        Stand.SEEKING,
        replace(BASE, state=State.SEEKING, offers=(LOST,), due=NIGHT),
        Way.PHONE,
        "Den som tog den svarade inte; Samjour söker vidare. Söker nästa person. Det tar högst några sekunder.",
        (
            "Whoever took it did not answer; Samjour goes on looking. "
            "Looking for the next person. It takes a few seconds at most."
        ),
    ),
    (  # somebody of another function has come on duty, and is asked besides
        Stand.ASKING,
        replace(OFFERED, offers=(offer(1), offer(2), offer(3, step="kvall"))),
        Way.PHONE,
        ("Frågar Socialjouren och Socialsekreterare hos polisen, kväll (3 personer). Svar senast kl. 22.41."),
        (
            "Asking Social services on call and Social worker at the police, evening (3 people). "
            "Answer by 22:41."
        ),
    ),
    (
        Stand.ASKING,
        OFFERED,
        Woken.AGAIN,
        "Frågar Socialjouren. Svar senast kl. 22.41. Ringt igen.",
        "Asking Social services on call. Answer by 22:41. Rung again.",
    ),
    (
        Stand.ASKING,
        OFFERED,
        Woken.SMS,
        "Frågar Socialjouren. Svar senast kl. 22.41. Söks nu även per sms.",
        "Asking Social services on call. Answer by 22:41. Being reached by text message too.",
    ),
    (
        Stand.ASKING,
        OFFERED,
        Woken.VOICE,
        "Frågar Socialjouren. Svar senast kl. 22.41. Söks nu även per telefon.",
        "Asking Social services on call. Answer by 22:41. Being called by telephone too.",
    ),
    (
        Stand.ASKING,
        OFFERED,
        Woken.LOOKED,
        "Frågar Socialjouren. Svar senast kl. 22.41. Någon läser den nu.",
        "Asking Social services on call. Answer by 22:41. Somebody is reading it now.",
    ),
    (
        Stand.ASKING_MEANWHILE,
        replace(OFFERED, numbers=NUMBERS),
        Way.PHONE,
        "Frågar Socialjouren. Svar senast kl. 22.41. Ring ändå: Socialjour Malmö 070-1740605.",
        "Asking Social services on call. Answer by 22:41. Call all the same: Social services on call, Malmö 070-1740605.",
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
        Stand.TAKEN,
        TAKEN,
        Way.PHONE,
        "Socialjouren har tagit den. Sedan kl. 22.40. Du blir uppringd. Du kan också ringa själv.",
        "Social services on call has taken it. Since 22:40. You will be called. You can also call yourself.",
    ),
    (
        Stand.OWED,
        passed_on(Outcome.TAKEN_OVER),
        Way.HERE,
        (
            "En kollega har tagit över den. Socialjouren har tagit den. Sedan kl. 22.41. Samtalet förs i Telegram. "
            "Svar till dig senast kl. 22.44; annars söker Samjour vidare."
        ),
        (
            "A colleague has taken it over. Social services on call has taken it. Since 22:41. "
            "The conversation is in Telegram. An answer to you by 22:44; otherwise Samjour looks further."
        ),
    ),
    (
        Stand.OWED,
        passed_on(Outcome.HANDED_OVER),
        Way.ROOM,
        (
            "Den har lämnats över till någon annan. Socialjouren har tagit den. Sedan kl. 22.41. "
            "Samtalet förs i Samjour på webben. Svar till dig senast kl. 22.44; annars söker Samjour vidare."
        ),
        (
            "It was handed over to somebody else. Social services on call has taken it. Since 22:41. "
            "The conversation is in Samjour on the web. An answer to you by 22:44; otherwise Samjour looks further."
        ),
    ),
    (
        Stand.TAKEN,
        replace(
            TAKEN,
            offers=(LOST, replace(offer(2, Outcome.ACCEPTED), settled_at=NIGHT + 2 * MINUTE)),
            holder=PersonId("p2"),
        ),
        Way.HERE,
        "Socialjouren har tagit den. Sedan kl. 22.42. Samtalet förs i Telegram.",
        "Social services on call has taken it. Since 22:42. The conversation is in Telegram.",
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
        Stand.CALL_ROUND,
        replace(PHONED, tried=(SILENT, SILENT, SILENT)),
        Way.PHONE,
        "Ring igen. Ingen har svarat än. Börja om: ring Socialjour Malmö: 070-1740605.",
        "Call again. Nobody has answered yet. Begin again: call Social services on call, Malmö: 070-1740605.",
    ),
    (
        Stand.CALL,
        replace(PHONED, offers=(LOST,)),
        Way.PHONE,
        (
            "Den som tog den svarade inte; Samjour söker vidare. "
            "Ring nu. Ingen i Samjour kan ta den nu. Ring Socialjour Malmö: 070-1740605."
        ),
        (
            "Whoever took it did not answer; Samjour goes on looking. "
            "Call now. Nobody in Samjour can take it now. Call Social services on call, Malmö: 070-1740605."
        ),
    ),
    (
        Stand.NOT_READY,
        replace(PHONED, unready=True),
        Way.PHONE,
        "Malmö stad är inte redo i Samjour. Ingen kan sökas där nu. Ring Socialjour Malmö: 070-1740605.",
        (
            "City of Malmö is not ready in Samjour. Nobody there can be asked now. "
            "Call Social services on call, Malmö: 070-1740605."
        ),
    ),
    (
        Stand.CALL_NEXT,
        replace(PHONED, unready=True, tried=(SILENT,)),
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
    *(
        (
            Stand.CLOSED,
            replace(ENDED, ending=ending),
            Way.PHONE,
            f"Avslutad: {swedish}. Klart kl. 22.40.{AGAIN}",
            f"Ended: {english}. Done at 22:40.{AGAIN_EN}",
        )
        for ending, swedish, english in (
            (Ending.ADVICE, "råd gett", "advice given"),
            (Ending.REPORT, "orosanmälan görs", "a report of concern is made"),
            (Ending.PRESENT, "närvaro på plats", "presence on the spot"),
            (Ending.JOUR_TOOK_OVER, "jouren tog över", "the emergency service took over"),
            (Ending.JOUR_COULD_NOT, "jouren kunde inte komma", "the emergency service could not come"),
            (Ending.SERIOUS_TALK, "allvarssamtal bokas", "a serious talk is booked"),
            (Ending.REFERRED, "hänvisad vidare", "referred elsewhere"),
            (Ending.NOTHING, "inget mer", "nothing more"),
            (Ending.CANCELLED, "tillbakadragen", "taken back"),
            (Ending.QUIET, "länge tyst", "long quiet"),
            (Ending.LIBRARY, "svaret räckte", "the answer was enough"),
            (Ending.PHONE, "löstes per telefon", "settled by telephone"),
        )
    ),
    (  # the policy has that target no longer
        Stand.REFERRED,
        replace(ENDED, ending=Ending.REFERRED, target=EntryId("borta")),
        Way.PHONE,
        f"Avslutad: hänvisad vidare. Klart kl. 22.40.{AGAIN}",
        f"Ended: referred elsewhere. Done at 22:40.{AGAIN_EN}",
    ),
    (
        Stand.REFERRED,
        replace(ENDED, ending=Ending.REFERRED, target=EntryId("konsultationsteamet")),
        Way.PHONE,
        (
            "Avslutad: hänvisad till Konsultationsteamet. Nå dit: begär kontakt i Samjour. "
            "Då frågas Socialsekreterare hos polisen, på kontorstid. Klart kl. 22.40."
        ),
        (
            "Ended: referred to The consultation team. To get there: request a contact in Samjour. "
            "It asks Social worker at the police, in office hours. Done at 22:40."
        ),
    ),
]


@pytest.mark.parametrize(("stand", "c", "moment", "swedish", "english"), TABLE)
async def test_what_the_officer_reads(
    world: World, stand: Stand, c: Consultation, moment: Way | Woken, swedish: str, english: str
) -> None:
    """Written down, state by state and moment by moment, in both languages: who, until when, and what to do."""
    assert stand_of(c) is stand
    talk = moment if isinstance(moment, Way) else Way.PHONE
    woken = moment if isinstance(moment, Woken) else None
    for language, sentence in (("sv", swedish), ("en", english)):
        found = stood(Words(world.deps.content(), language, NIGHT), c, talk, woken)
        assert f"{found.lost} {found.head}. {found.more}".strip() == sentence


def test_every_stand_and_every_ending_is_in_the_table() -> None:
    """No state of a request is without its sentence, no way to wake anybody, and no way to end it."""
    assert {row[0] for row in TABLE} == set(Stand)
    assert {row[2] for row in TABLE} == {*Way, *Woken}
    assert {row[1].ending for row in TABLE} == {None, *Ending}


# what an officer can do about it: a number, what to press, or how to get there
NEXT_STEPS = ("070-", "Avsluta när", "Finish when", "gör en ny", "make a new", "Nå dit", "To get there")


@pytest.mark.parametrize("c", [row[1] for row in TABLE if row[0] is not Stand.SEEKING])
@pytest.mark.parametrize("language", ["sv", "en"])
async def test_card_and_page_say_the_same_and_what_to_do_next(
    world: World, c: Consultation, language: str
) -> None:
    """One truth: what the page says stands on the card, and whoever reads either is left with a number, a button or a place to write."""
    content = world.deps.content()
    words = Words(content, language, NIGHT)

    def both(tx: Tx) -> tuple[str, Buttons, MyRequest]:
        return *card(tx, world.deps, c, words), my_request(tx, words, c, workers(tx, NIGHT))

    text, buttons, mine = await world.deps.store.read(both)
    assert f"{mine.sentence}. " in text
    for sentence in filter(None, (mine.more, mine.next)):
        assert all(part in text for part in sentence.split(". "))
    assert any(way in text for way in NEXT_STEPS), text
    assert c.state is State.CLOSED or (buttons and mine.lines)


def test_the_numbers_go_round() -> None:
    """After the last number the first again, and nothing to divide by where a policy has none."""
    tried = tuple(SILENT for _ in range(4))
    assert [current_number(replace(PHONED, tried=tried[:n])) for n in range(5)] == [0, 1, 2, 0, 1]
    assert current_number(BASE) == 0
