"""The doorbells that are only tried: before a shift, and each afternoon; fixed sentences and a button."""

from datetime import date

from bot.core.checks import OPEN
from bot.core.press import Drilled, Reached, encode
from bot.flow.chat.spoken import Speech
from bot.flow.chat.turn import Turn
from bot.flow.messages import Button
from bot.flow.ports import Tx
from bot.flow.records import Saying
from bot.flow.words import Words


def ready_bell(tx: Tx, words: Words, saying: Saying) -> Speech | None:
    """Can you be reached? None once it is answered."""
    check = tx.readiness.check(saying.ref)
    if check is None or check.outcome not in OPEN:
        return None
    yes = Button(text=words.say("readiness.yes"), press=encode(Reached(check=check.id)))
    return Speech(text=words.say(f"readiness.ask_{check.stage}"), buttons=((yes,),), spot=f"ready:{check.id}")


def drill_bell(tx: Tx, words: Words, saying: Saying) -> Speech | None:
    """A doorbell that says that it is a drill. None once it has been seen, or would come too late to count."""
    day = date.fromisoformat(saying.ref)
    rung = tx.readiness.drills_of(saying.person, day) if saying.person is not None else ()
    if not any(one.seen is None and words.now <= one.until for one in rung):
        return None
    show = Button(text=words.say("button.show"), press=encode(Drilled(day=day.strftime("%Y%m%d"))))
    return Speech(text=words.say("readiness.drill"), buttons=((show,),), spot=f"drill:{saying.ref}")


def readiness_page(turn: Turn, name: str) -> Speech:
    """A sentence about a check or a drill."""
    params = {key: value for key, value in turn.params.items() if key != "replaces"}
    return turn.speech(turn.say(f"readiness.{name}", **params))
