"""Which posts a board has had, and has."""

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.core.codec import object_from_json, to_json
from bot.core.errors import BadInput
from bot.core.ids import OrganisationId
from bot.core.staffing import Post, PostId, post_from_json, post_to_dict
from bot.flow.records import Entry
from bot.store.facts import Columns, Facts
from bot.store.post_tables import posts

_OF = select(posts.c.body).where(posts.c.organisation == bindparam("of")).order_by(posts.c.id)
_ONE = select(posts.c.body).where(posts.c.id == bindparam("named"))
_PUT = upsert(posts)
_PUT = _PUT.on_conflict_do_update(
    index_elements=[posts.c.id],
    set_={name: _PUT.excluded[name] for name in ("organisation", "body")},
)
_DROP = delete(posts).where(posts.c.id == bindparam("named"))


class SqlPosts:
    """Implements `Posts` over one transaction."""

    def __init__(self, connection: Connection) -> None:
        """`connection`: in the transaction that all of this belongs to."""
        self._connection = connection
        self._facts = Facts(connection)

    def of(self, organisation: OrganisationId) -> tuple[Post, ...]:
        """Every post of one organisation, by its first day and its id."""
        found = (post_from_json(body) for body in self._connection.scalars(_OF, {"of": organisation}))
        return tuple(sorted(found, key=lambda post: (post.since, post.id)))

    def get(self, post: PostId) -> Post | None:
        """One post."""
        body = self._connection.scalar(_ONE, {"named": post})
        return None if body is None else post_from_json(body)

    def put(self, post: Post, entry: Entry) -> None:
        """Keep it; the same id again replaces it."""
        row = {"id": post.id, "organisation": post.organisation, "body": to_json(post_to_dict(post))}
        self._connection.execute(_PUT, row)
        self._facts.record(entry, "posts", put=dict([post_fact(row)]))

    def drop(self, post: PostId, entry: Entry) -> None:
        """It was never there; harmless when it is not."""
        self._connection.execute(_DROP, {"named": post})
        self._facts.record(entry, "posts", put={}, dropped=[post])


def post_fact(row: Columns) -> tuple[str, object]:
    """What the ledger is told of a post: whose it is, and all of it."""
    return row["id"], {"organisation": row["organisation"], "body": _read(row["body"])}


def _read(body: bytes) -> object:
    try:
        return object_from_json(body)
    except BadInput:
        return repr(body)  # damaged: told as it stands, which no ledger was
