"""What is to be said, by lease and fence, and where things were said so that they can be changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Delete,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import object_from_json, to_json
from bot.core.ids import PersonId
from bot.flow.records import Kind, Saying, Spot
from bot.store.gathered import AHEAD, gathered
from bot.store.tables import outbox, spots

_FRESHENED: Final = frozenset(
    {Kind.SHOW, Kind.HUSH}
)  # made from the state at delivery: one waiting row is enough

# Doorbells and calls wait for nothing, and go first: whoever is to be woken is woken, whatever else cannot be said.
_NO_DOORBELL: Final = and_(outbox.c.kind != Kind.RING.value, outbox.c.kind != Kind.CALL_OUT.value)

_NEW_DUE = bindparam("new_due", type_=outbox.c.due.type)
_SOONER = case((outbox.c.due < _NEW_DUE, outbox.c.due), else_=_NEW_DUE)
_BEGUN = outbox.c.fence > 0
_PUT = insert(outbox)
_FRESHEN = (
    update(outbox)
    .where(
        outbox.c.person == bindparam("of"),
        outbox.c.channel == bindparam("on"),
        outbox.c.kind == bindparam("as"),
        outbox.c.ref == bindparam("about"),
        outbox.c.leased.is_(False),
    )
    .values(
        key=bindparam("new_key"),
        seq=bindparam("new_seq"),
        params=bindparam("new_params"),
        due=case((_BEGUN, outbox.c.due), else_=_SOONER),
        free_at=case((_BEGUN, outbox.c.free_at), else_=_SOONER),  # what failed keeps its wait
    )
    .execution_options(**{AHEAD: True})
)

# A saying waits for those before it to the same person on the same channel: for the one already begun, if there
# is one, else for whatever is due earlier or, due at the same instant, was put earlier.
_OTHER = outbox.alias("other")
_HELD_BACK = and_(
    _NO_DOORBELL,
    ~_BEGUN,
    select(_OTHER.c.position)
    .where(
        _OTHER.c.person == outbox.c.person,
        _OTHER.c.channel == outbox.c.channel,
        _OTHER.c.position != outbox.c.position,
        or_(
            _OTHER.c.fence > 0,
            _OTHER.c.due < outbox.c.due,
            and_(_OTHER.c.due == outbox.c.due, _OTHER.c.position < outbox.c.position),
        ),
    )
    .exists(),
)
_NEXT_DUE = select(func.min(outbox.c.free_at)).where(~_HELD_BACK)
_CLAIMABLE = (
    select(outbox)
    .where(outbox.c.free_at <= bindparam("now"), ~_HELD_BACK)
    .order_by(_NO_DOORBELL, outbox.c.due, outbox.c.position)  # doorbells first
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # nothing on SQLite, where one act runs at a time
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.position == bindparam("at"))
    .values(fence=outbox.c.fence + 1, leased=True, free_at=bindparam("until"))
)
_MINE = (outbox.c.id == bindparam("of")) & (outbox.c.fence == bindparam("by")) & outbox.c.leased
_FINISH = delete(outbox).where(_MINE)
_RETRY = update(outbox).where(_MINE).values(leased=False, free_at=bindparam("again"))

_PUT_SPOT = upsert(spots)
_PUT_SPOT = _PUT_SPOT.on_conflict_do_update(
    index_elements=[spots.c.person, spots.c.channel, spots.c.key],
    set_={name: _PUT_SPOT.excluded[name] for name in ("native_id", "digest")},
)
_OF_PERSON = (spots.c.person == bindparam("of")) & (spots.c.channel == bindparam("on"))
_SPOT = select(spots).where(_OF_PERSON, spots.c.key == bindparam("named"))
_SPOT_AT = (
    select(spots).where(_OF_PERSON, spots.c.native_id == bindparam("at")).order_by(spots.c.key).limit(1)
)
_RELEASE = update(outbox).where(outbox.c.leased).values(leased=False, free_at=outbox.c.due)


def release(connection: Connection) -> None:
    """Let what was under way be claimed again at once. Only for a process that knows itself to be the only one."""
    with connection.begin():
        connection.execute(_RELEASE)


class SqlOutbox:
    """Implements `Outbox` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._gathered = gathered(connection)

    def put(self, saying: Saying) -> None:
        """Say this later. A SHOW or HUSH of the same thing that nobody has claimed is freshened instead."""
        row = _row(saying)
        if saying.kind not in _FRESHENED:
            self._gathered.put(_PUT, saying.id, row)
            return
        thing = (saying.person, saying.channel, saying.kind, saying.ref)
        waiting = self._gathered.get(_PUT, thing)
        if waiting is not None:
            self._gathered.put(_PUT, thing, _freshened(waiting, row))
        elif not self._freshen(saying):
            self._gathered.put(_PUT, thing, row)

    def claim(self, now: datetime, lease_until: datetime, limit: int) -> tuple[Saying, ...]:
        """What is to be said now, longest due first, yours until `lease_until`.

        Never two at once to one person on one channel, and never a later one before an earlier is finished.
        """
        rows = self._connection.execute(_CLAIMABLE, {"now": now, "most": limit}).all()
        if rows:
            self._connection.execute(_CLAIM, [{"at": row.position, "until": lease_until} for row in rows])
        return tuple(_saying(row, fence=row.fence + 1) for row in rows)

    def next_due(self) -> datetime | None:
        """When `claim` can next find something; None when nothing is waiting."""
        due: datetime | None = self._connection.execute(_NEXT_DUE).scalar()
        return due

    def finish(self, saying: Saying) -> bool:
        """It was said: forget it. False, with nothing changed, if somebody else has claimed it since."""
        return self._changed(_FINISH, saying)

    def retry(self, saying: Saying, due: datetime) -> bool:
        """It failed: again at `due`; the saying's own `due` stays. False, with nothing changed, if somebody else has claimed it since."""
        return self._changed(_RETRY, saying, again=due)

    def spot(self, person: PersonId, channel: str, key: str) -> Spot | None:
        """Where a thing was said to somebody."""
        return self._spot(_SPOT, of=person, on=channel, named=key)

    def spot_at(self, person: PersonId, channel: str, native_id: str) -> Spot | None:
        """What was said to somebody there."""
        return self._spot(_SPOT_AT, of=person, on=channel, at=native_id)

    def put_spot(self, spot: Spot) -> None:
        """From now on the thing stands there."""
        row = {
            "person": spot.person,
            "channel": spot.channel,
            "key": spot.key,
            "native_id": spot.native_id,
            "digest": spot.digest,
        }
        self._connection.execute(_PUT_SPOT, row)

    def _freshen(self, saying: Saying) -> bool:
        named = {
            "of": saying.person,
            "on": saying.channel,
            "as": saying.kind.value,
            "about": saying.ref,
            "new_key": saying.key,
            "new_seq": saying.seq,
            "new_params": to_json(saying.params),
            "new_due": saying.due,
        }
        return self._connection.execute(_FRESHEN, named).rowcount > 0

    def _changed(self, statement: Delete | Update, saying: Saying, **more: object) -> bool:
        named = {"of": saying.id, "by": saying.fence, **more}
        return self._connection.execute(statement, named).rowcount == 1

    def _spot(self, query: Select[Any], **named: str) -> Spot | None:
        row = self._connection.execute(query, named).one_or_none()
        if row is None:
            return None
        return Spot(
            person=row.person, channel=row.channel, key=row.key, native_id=row.native_id, digest=row.digest
        )


def _freshened(waiting: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, object]:
    """What `_FRESHEN` makes of a row that nobody has begun."""
    due = min(waiting["due"], row["due"])
    fresh = {name: row[name] for name in ("key", "seq", "params")}
    return {**waiting, **fresh, "due": due, "free_at": due}


def _row(saying: Saying) -> dict[str, object]:
    return {
        "id": saying.id,
        "person": saying.person,
        "channel": saying.channel,
        "kind": saying.kind.value,
        "ref": saying.ref,
        "key": saying.key,
        "seq": saying.seq,
        "params": to_json(saying.params),
        "address": saying.address,
        "due": saying.due,
        "fence": 0,
        "free_at": saying.due,
        "leased": False,
    }


def _saying(row: Row[Any], *, fence: int) -> Saying:
    params = object_from_json(row.params)
    return Saying(
        id=row.id,
        person=row.person,
        channel=row.channel,
        kind=Kind(row.kind),
        ref=row.ref,
        key=row.key,
        seq=row.seq,
        params={name: str(value) for name, value in params.items()},
        address=row.address,
        due=row.due,
        attempts=fence - 1,  # earlier claims, those that a crash cut short included
        fence=fence,
    )
