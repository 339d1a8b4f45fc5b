"""What `samjour reload` does in the server that runs: read everything, check everything, then one step."""

import asyncio
import logging
from collections.abc import Mapping

from bot.app import Samjour
from bot.core.errors import BadContent, Unavailable
from bot.core.hours import local_day
from bot.core.library.freshness import expired
from bot.flow.publish import publish

log = logging.getLogger(__name__)
BY = "command line"


async def reload(samjour: Samjour, args: Mapping[str, object]) -> dict[str, object]:
    """Put the files as they stand in force, or tell every fault and change nothing.

    Reading and checking take seconds: they run beside everything else, and whoever is served meanwhile is served from
    the content in force.
    """
    del args
    published = samjour.published
    if published is None:
        raise Unavailable("this server was started without files to read again")
    async with published.alone:
        now = samjour.deps.clock.now()
        content, faults = await asyncio.to_thread(published.load, local_day(now))
        if content is None or faults:
            return _refused(faults)
        try:
            changed = await publish(samjour.deps, content, published(), published.put, BY)
        except BadContent as error:
            return _refused(str(error).splitlines())
        overdue = len(expired(content.articles, local_day(now)))
        log.info("content reloaded", extra={"kind": "changed" if changed else "unchanged"})
        return {
            "ok": True,
            "changed": changed,
            "digest": content.digest,
            "articles": len(content.articles),
            "expired": overdue,
            "faults": [],
        }


def _refused(faults: list[str]) -> dict[str, object]:
    log.warning("content refused", extra={"kind": "faults"})
    return {"ok": False, "changed": False, "faults": faults}
