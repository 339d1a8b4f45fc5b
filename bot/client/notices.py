"""Grave events over HTTP: tells a forum's list from a device, reads what one was told, answers."""

from collections.abc import Callable

from bot.client.answers import Json, bytes_of, number_of, rows_of, text_of
from bot.client.api import Api, Problem
from bot.client.device import PythonDevice
from bot.client.room import KEY, TRIES
from bot.client.room_plan import Draw
from bot.client.room_trust import Trust
from bot.core.errors import Unavailable
from bot.seal.notice import open_notice, seal_notice, sign_notice
from bot.seal.plain import Plain, Sealed
from bot.seal.wire import from_base64url, to_base64url

MOST = 256  # copies of one notice
_ID = 16  # bytes
_GRAVES = "/api/v1/graves"


async def tell(
    api: Api, device: PythonDevice, trust: Trust, forum: str, text: str, *, draw: Draw, now: Callable[[], int]
) -> str:
    """Tell a forum's list; returns the notice. `now`: seconds since 1970.

    Raises Problem, and `Tampered` where the server names a device for which no checked directory vouches.
    """
    id_, key = draw(_ID).hex(), to_base64url(draw(KEY))
    for _ in range(TRIES):
        body = await _sealed(api, device, trust, forum, text, id_, now())
        try:
            return text_of(await api.post(_GRAVES, body, key=key), "id")
        except Problem as error:
            if error.code != "plan_stale":
                raise
    raise Unavailable("who is on the list changes faster than this device")


async def told(api: Api) -> list[Json]:
    """What one was told, newest first."""
    return rows_of(await api.get(_GRAVES), "told", MOST)


async def sent(api: Api) -> list[Json]:
    """What one sent, with everybody's answers, newest first."""
    return rows_of(await api.get(_GRAVES), "sent", MOST)


async def read(api: Api, device: PythonDevice, trust: Trust, grave: str) -> str | None:
    """What a notice says; None where none was sealed to this device.

    Raises `Tampered` where no checked directory vouches for the sender, or the sender did not sign it: then nothing of it
    is to be shown (FORMAT.md 92).
    """
    shown = await api.get(f"{_GRAVES}/{grave}")
    row = shown.get("grave")
    if not isinstance(row, dict) or shown.get("blob") is None:
        return None
    await trust.check(frozenset({text_of(shown, "sender_organisation")}))
    sender = trust.member_keys(bytes_of(shown, "sender_device"), person=text_of(shown, "sender"))
    opened = open_notice(
        Sealed(content=from_base64url(text_of(shown, "blob"))),
        organisation=text_of(row, "organisation"),
        forum=text_of(row, "forum"),
        id_=grave,
        at=number_of(shown, "signed_at"),
        sender=sender,
        secret=device.secret,
    )
    return opened.reveal().decode()


async def answer(api: Api, draw: Draw, grave: str, said: str) -> Json:
    """Answer: coming, later, call_me or cannot."""
    return await api.post(f"{_GRAVES}/{grave}/answer", {"answer": said}, key=to_base64url(draw(KEY)))


async def _sealed(
    api: Api, device: PythonDevice, trust: Trust, forum: str, text: str, id_: str, at: int
) -> dict[str, object]:
    plan = await api.get(f"/api/v1/forums/{forum}/plan")
    organisation, rows = text_of(plan, "organisation"), rows_of(plan, "recipients", MOST)
    await trust.check(frozenset(text_of(row, "organisation") for row in rows))
    signed = sign_notice(
        Plain(text.encode()), organisation=organisation, forum=forum, id_=id_, at=at, secret=device.secret
    )
    copies = []
    for row in rows:
        to = trust.member_keys(bytes_of(row, "device"), person=text_of(row, "person"))
        blob = seal_notice(signed, to, organisation=organisation, id_=id_)
        copies.append({"device": text_of(row, "device"), "blob": to_base64url(blob.content)})
    return {"id": id_, "forum": forum, "at": at, "copies": copies}
