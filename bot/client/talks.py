"""Requests and offers over HTTP: asks for a person, sees what is offered, accepts on a device, declines, ends."""

from bot.client.answers import Json, rows_of, text_of
from bot.client.api import Api, Problem
from bot.client.device import PythonDevice
from bot.client.room import AGAIN, KEY, MOST, TRIES
from bot.client.room_plan import Draw, make_epoch, read_plan
from bot.client.room_trust import Trust
from bot.core.errors import Unavailable
from bot.seal.wire import to_base64url

_CONSULTATIONS = "/api/v1/consultations"
_OFFERS = "/api/v1/offers"
_TAKEOVERS = "/api/v1/takeovers"


async def request(api: Api, draw: Draw, **choice: str) -> Json:
    """Ask for a person: `district`, `matter`, `need`, `urgency`, and `detail` where the need takes one."""
    return await api.post(_CONSULTATIONS, choice, key=_key(draw))


async def mine(api: Api) -> list[Json]:
    """One's own consultations, newest first."""
    return rows_of(await api.get(_CONSULTATIONS), "consultations", MOST)


async def do(api: Api, draw: Draw, consultation: str, what: str, **more: str) -> Json:
    """Cancel, raise, could-not-attend, identify, or close with `ending`."""
    return await api.post(f"{_CONSULTATIONS}/{consultation}/{what}", more, key=_key(draw))


async def grounds(api: Api, consultation: str) -> Json:
    """What can be chosen before something is disclosed: the ids of grounds, by direction."""
    told = await api.get(f"{_CONSULTATIONS}/{consultation}/grounds")
    return {
        text_of(one, "direction"): tuple(
            text_of(ground, "ground") for ground in rows_of(one, "grounds", MOST)
        )
        for one in rows_of(told, "directions", MOST)
    }


async def offers(api: Api) -> list[Json]:
    """The offers that wait for an answer."""
    return rows_of(await api.get(_OFFERS), "offers", MOST)


async def decline(api: Api, draw: Draw, offer: str, reason: str = "unsaid") -> Json:
    """Say no."""
    return await api.post(f"{_OFFERS}/{offer}/decline", {"reason": reason}, key=_key(draw))


async def accept(api: Api, device: PythonDevice, trust: Trust, offer: str, *, draw: Draw) -> str:
    """Accept an offer, with the room's next epoch made on this device; returns the room.

    Raises Problem, `taken` when somebody was faster; `Tampered` where the server plans for somebody unknown.
    """
    return await _take(api, device, trust, f"{_OFFERS}/{offer}", "/accept", draw=draw)


async def takeovers(api: Api) -> list[Json]:
    """The talks of colleagues that can be taken over."""
    return rows_of(await api.get(_TAKEOVERS), "takeovers", MOST)


async def take_over(api: Api, device: PythonDevice, trust: Trust, offer: str, *, draw: Draw) -> str:
    """Take a colleague's talk over, by the offer that holds it; returns the room. Raises as `accept` does."""
    return await _take(api, device, trust, f"{_TAKEOVERS}/{offer}", "", draw=draw)


async def _take(api: Api, device: PythonDevice, trust: Trust, path: str, act: str, *, draw: Draw) -> str:
    """Make the planned epoch on this device, and bring it."""
    key = _key(draw)
    for _ in range(TRIES):
        plain = (await api.get(path)).get("plan")
        if not isinstance(plain, dict):
            raise Unavailable("the server does not say what it takes")
        planned = read_plan(plain)
        await trust.check(planned.organisations)
        made = make_epoch(planned, trust.members, secret=device.secret, person=device.known.person, draw=draw)
        try:
            return text_of(await _post_surely(api, f"{path}{act}", made.body, key), "room")
        except Problem as error:
            if error.code not in AGAIN:
                raise
    raise Unavailable("who is to be in the room changes faster than this device")


async def _post_surely(api: Api, path: str, body: dict[str, object], key: str) -> Json:
    """Once more where no answer came: it may have been done, and is not done twice."""
    try:
        return await api.post(path, body, key=key)
    except Problem:
        raise
    except Unavailable:
        return await api.post(path, body, key=key)


def _key(draw: Draw) -> str:
    return to_base64url(draw(KEY))
