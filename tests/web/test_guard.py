"""The rules of the guard, as the page asks for them."""

import gzip
import json
import tomllib
from dataclasses import replace
from pathlib import Path

from bot.core.guard.starts import STARTS
from bot.web.guard_models import GuardDocument
from tests.web.serving import Site

ROOT = Path(__file__).parents[2]
MOST = 70_000  # bytes on the way, packed
PACKED = {"Accept-Encoding": "gzip"}


async def test_the_rules_travel_small_and_whole(site: Site) -> None:
    """One document under its bound, of the form that is promised, with words in the language asked for."""
    for language, kind in (("sv", "ett namn"), ("en", "a name")):
        asked = f"/api/v1/guard?lang={language}"
        async with site.client.get(asked, headers=PACKED) as answer:
            assert answer.status == 200
            assert answer.content_type == "application/json"
            assert int(answer.headers["Content-Length"]) < MOST
            told = await answer.json()
        GuardDocument.model_validate_json(json.dumps(told))
        assert told["texts"]["guard.NAME"] == kind


async def test_rules_that_the_browser_has_are_not_sent_again(site: Site) -> None:
    """It asks each time somebody begins to write, and mostly hears "as it was"."""
    async with site.client.get("/api/v1/guard?lang=sv", headers=PACKED) as answer:
        known, body = answer.headers["ETag"], await answer.read()
        assert answer.headers["Cache-Control"] == "no-cache"
    async with site.client.get("/api/v1/guard?lang=sv", headers={"If-None-Match": known}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")
    async with site.client.get("/api/v1/guard?lang=en", headers={"If-None-Match": known}) as answer:
        assert answer.status == 200
        assert await answer.read() != body


async def test_whoever_asks_gets_it(site: Site) -> None:
    """Like the scripts that read it; there is nobody in it."""
    async with site.client.get("/api/v1/guard", headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.status == 200
        assert "Content-Encoding" not in answer.headers
        assert len(gzip.compress(await answer.read())) < MOST


async def test_each_reason_has_its_sentence(site: Site) -> None:
    """Every rule that stops and every way in which a name begins, and no others."""
    async with site.client.get("/api/v1/guard") as answer:
        told = await answer.json()
    rules = {rule[0] for rule in told["rules"] if rule[1] is not None} | {name for name, _ in STARTS}
    for language in ("sv", "en"):
        texts = tomllib.loads((ROOT / f"bot/texts/guard.{language}.toml").read_text())
        assert set(texts["guard_why"]) == rules


async def test_after_a_reload_the_rules_are_the_new_ones(site: Site) -> None:
    """Content that has changed has another tag: whoever had the old rules gets the new."""
    async with site.client.get("/api/v1/guard") as answer:
        known = answer.headers["ETag"]
    now = site.content.now
    site.content.now = replace(now, digest="new", guard=replace(now.guard, decisions=()))
    async with site.client.get("/api/v1/guard", headers={"If-None-Match": known}) as answer:
        assert answer.status == 200
        assert (await answer.json())["decisions"] == []
