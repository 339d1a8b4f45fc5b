"""Reads a request's body within a bound of size and of time."""

import asyncio

from aiohttp import web

SECONDS = 10.0  # a sender slower than this is not one of ours


async def read_body(request: web.Request, limit: int) -> bytes:
    """The body, at most `limit` bytes (after any content encoding). Raises 413 when longer, 408 when too slow."""
    if (request.content_length or 0) > limit:
        raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=request.content_length or 0)
    try:
        async with asyncio.timeout(SECONDS):
            return await _gather(request, limit)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def _gather(request: web.Request, limit: int) -> bytes:
    kept = bytearray()
    async for chunk in request.content.iter_any():
        kept += chunk
        if len(kept) > limit:
            raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=len(kept))
    return bytes(kept)
