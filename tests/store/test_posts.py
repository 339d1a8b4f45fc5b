"""Posts: kept as they were told, by organisation, and told to the ledger of whose they are."""

from dataclasses import replace
from datetime import date

from bot.core.codec import parse_fact_body
from bot.core.staffing import PostId
from bot.store.sqlite import SqliteStore
from tests.store.small import MALMO, POLISEN, entry, post


async def test_posts_come_back_as_they_were_put_by_their_first_day(store: SqliteStore) -> None:
    """Of one organisation alone, the oldest first; the same id again replaces."""
    later = replace(post(1), since=date(2024, 1, 1))
    other = replace(post(9), organisation=POLISEN)
    for one in (post(2), post(1), later, other):
        await store.write(lambda tx, one=one: tx.posts.put(one, entry(one.organisation, "post")))  # type: ignore[misc] # bound now
    assert await store.read(lambda tx: tx.posts.of(MALMO)) == (post(2), later)
    assert await store.read(lambda tx: tx.posts.get(PostId("post-9"))) == other
    assert await store.read(lambda tx: tx.posts.get(PostId("post-7"))) is None


async def test_a_post_taken_away_is_named_on_the_ledger(store: SqliteStore) -> None:
    """What was entered by mistake is gone from the table; that it was there is not gone from the record."""
    await store.write(lambda tx: tx.posts.put(post(1), entry(MALMO, "post")))
    await store.write(lambda tx: tx.posts.drop(post(1).id, entry(MALMO, "post")))
    assert await store.read(lambda tx: tx.posts.of(MALMO)) == ()
    facts = [
        parse_fact_body(r.entry.body) for r in await store.read(lambda tx: list(tx.audit.entries(MALMO)))
    ]
    assert [(list(fact.put), list(fact.dropped)) for fact in facts] == [(["post-1"], []), ([], ["post-1"])]
