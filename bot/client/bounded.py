"""Reads an answer of a server that may send more than was asked for."""

import aiohttp


async def read_at_most(answer: aiohttp.ClientResponse, limit: int) -> bytes | None:
    """The body, of `limit` bytes at most; None where there is more, of which no more than a piece is kept."""
    kept = bytearray()
    async for piece in answer.content.iter_any():
        kept += piece
        if len(kept) > limit:
            return None
    return bytes(kept)
