"""The learning view as it is served: links by id that survive a reload, one content to a page, names for every topic, no dead end."""

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import cast

import pytest

from bot import content as files
from bot.content import Content
from bot.core.library.article import Article
from bot.core.text import Language
from tests.web.serving import Site, serve
from tests.web.world import OFFICER, ROOT, Known

LINK = re.compile(r'href="(/learn[^"]*)"')
SV = Language.SV


@pytest.fixture(scope="module")
def content() -> Content:
    """The real files, whole."""
    return files.read(ROOT)


@pytest.fixture
async def town(tmp_path: Path, content: Content, database: Path) -> AsyncIterator[Site]:
    """The web with the whole library; an officer is signed in."""
    path = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(path, cast("Known", content)) as served:  # it is all that, and more
        await served.sign_in(OFFICER)
        yield served


async def shown(site: Site, path: str, status: int = 200) -> str:
    """A page."""
    async with site.client.get(path) as answer:
        assert answer.status == status, path
        return await answer.text()


def publish(site: Site, content: Content) -> None:
    """From now on this one is in force."""
    site.content.now = cast("Known", content)


def put(content: Content, old: Article, new: Article | None) -> Content:
    """The content with an article changed, or without it."""
    articles = tuple(new if one is old else one for one in content.library.articles)
    left = tuple(one for one in articles if one is not None)
    return replace(content, library=replace(content.library, articles=left))


def one_of(content: Content, topic: str) -> Article:
    """The first article of a topic that needs nothing local."""
    return next(
        one
        for one in content.library.articles
        if f"/{topic}/" in one.path and one.org is None and not one.needs
    )


# ---- links ---------------------------------------------------------------------------------------------


async def test_a_link_leads_there_though_the_file_was_moved(town: Site, content: Content) -> None:
    """A page rendered before a reload links by id: another topic, another file name, the same article."""
    article = one_of(content, "lvu")
    links = LINK.findall(await shown(town, "/learn/lvu?lang=sv"))
    (link,) = {one for one in links if f"/{article.id}?" in one} or {f"/learn/lvu/{article.id}?lang=sv"}
    publish(town, put(content, article, replace(article, path="knowledge/sv/heder/nytt-namn.md")))
    assert escape(article.title) in await shown(town, link)
    assert f'id="{article.id}"' in await shown(town, link)


async def test_an_address_by_file_name_leads_there_too(town: Site, content: Content) -> None:
    """Also from the topic that it has left, while no other file has its name; an alias leads to what stayed."""
    article = one_of(content, "lvu")
    slug = article.path.rsplit("/", 1)[-1].removesuffix(".md")
    assert f'id="{article.id}"' in await shown(town, f"/learn/lvu/{slug}")
    assert f'id="{article.id}"' in await shown(town, f"/learn/heder/{slug}")
    merged = next(one for one in content.library.articles if one.aliases and one.org is None)
    assert f'id="{merged.id}"' in await shown(town, f"/learn/lvu/{merged.aliases[0]}")


@pytest.mark.parametrize("language", ["sv", "en"])
async def test_what_is_gone_says_that_the_library_changed(
    town: Site, content: Content, language: str
) -> None:
    """404, in words, with every topic and the search at hand; nothing of the address is repeated."""
    article = one_of(content, "lvu")
    publish(town, put(content, article, None))
    said = content.texts.sentences[Language(language)]["learn.gone"]
    for path in (f"/learn/lvu/{article.id}", "/learn/evil", "/learn/lvu/%3Cscript%3E", "/learn/evil/evil"):
        page = await shown(town, f"{path}?lang={language}", 404)
        assert said in page
        assert 'action="/learn' in page
        assert f'href="/learn?lang={language}"' in page
        assert "evil" not in page
        assert "%3C" not in page


async def test_every_link_leads_somewhere(town: Site) -> None:
    """No link of the learning view is dead, and every page has a way on."""
    seen: set[str] = set()
    waiting = {"/learn?lang=sv"}
    while waiting:
        path = waiting.pop()
        seen.add(path)
        links = set(LINK.findall(await shown(town, path)))
        assert links - {path}, path
        waiting |= {one.replace("&amp;", "&") for one in links} - seen
    assert len(seen) > 100


async def test_what_waits_leads_to_those_who_answer(town: Site, content: Content) -> None:
    """An article that may not be given says ask a person: the link to who answers now stands beside it."""
    waiting = next(a for a in content.library.articles if a.status == "needs_lawyer" and a.org is None)
    page = await shown(town, f"/learn/x/{waiting.id}?lang=sv")
    assert content.texts.sentences[SV]["learn.numbers"] in page


async def test_a_section_keeps_its_sign(town: Site, content: Content) -> None:
    """No line begins with the sign of a section whose number ended the line before."""
    sections = [one for one in content.library.articles if " §" in one.body and one.org is None]
    article = next(one for one in sections if one.status == "draft" and not one.needs)
    page = await shown(town, f"/learn/x/{article.id}?lang=sv")
    (body,) = re.findall('<p class="body" lang="sv">([^<]*)</p>', page)
    assert "\N{NO-BREAK SPACE}§" in body
    assert " §" not in body


async def test_everything_begins_with_its_contents(town: Site) -> None:
    """Every chapter of the long page is one press away, and on its first sheet of paper."""
    page = await shown(town, "/learn/all?lang=sv")
    chapters = re.findall('<h2 class="chapter" id="([^"]*)"', page)
    assert len(chapters) > 10
    assert re.findall('<a href="#([^"]*)">', page) == chapters


# ---- one content ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class Turning:
    """Content that is another each time it is asked for, as if a reload fell between any two looks."""

    contents: tuple[Content, ...]
    looks: int = field(default=0)

    def __call__(self) -> Content:
        self.looks += 1
        return self.contents[self.looks % len(self.contents)]


@pytest.mark.parametrize("path", ["/", "/part/status", "/learn", "/learn/lvu", "/learn/all", "/api/v1/guard"])
async def test_a_page_is_made_of_one_content(
    tmp_path: Path, content: Content, database: Path, path: str
) -> None:
    """Every sentence and every article of a page comes from the same files, whatever is published meanwhile."""
    words = {
        language: {
            key: f"NYTT {said}" if key.startswith("learn") else said for key, said in sentences.items()
        }
        for language, sentences in content.texts.sentences.items()
    }
    new = tuple(replace(one, title=f"NYTT {one.title}") for one in content.library.articles)
    other = replace(
        content,
        texts=replace(content.texts, sentences=words),
        library=replace(content.library, articles=new),
    )
    turning = Turning((content, other))
    copied = Path(shutil.copy(database, tmp_path / "samjour.db"))
    async with serve(copied, cast("Known", content), asks=turning) as served:
        await served.sign_in(OFFICER)
        for _ in range(2):
            before = turning.looks
            page = await shown(served, f"{path}?lang=sv")
            assert turning.looks == before + 1
            if path.startswith("/learn/"):
                title = one_of(content, "lvu").title
                assert (f"NYTT {title}" in page) is (f"NYTT {words[SV]['learn.back']}"[5:10] in page)


# ---- topics --------------------------------------------------------------------------------------------


def test_every_topic_has_a_name(content: Content) -> None:
    """Every folder of the library, in both languages; and no name is left of a folder that is gone."""
    folders = {path.name for path in (ROOT / "knowledge/sv").iterdir() if path.is_dir()}
    for language in Language:
        said = content.texts.sentences[language]
        named = {key.removeprefix("learn.topic.") for key in said if key.startswith("learn.topic.")}
        assert named == folders
        assert all(said[f"learn.topic.{folder}"].strip() for folder in folders)


async def test_a_topic_without_a_name_is_called_by_its_folder(town: Site, content: Content) -> None:
    """Until somebody has named it: as words, in both languages, and never as a key."""
    article = one_of(content, "lvu")
    publish(town, put(content, article, replace(article, path="knowledge/sv/nytt-amne/fil.md")))
    for language in ("sv", "en"):
        page = await shown(town, f"/learn?lang={language}")
        assert ">Nytt amne</a>" in page
        assert "learn.topic" not in page
        assert "<h1>Nytt amne</h1>" in await shown(town, f"/learn/nytt-amne?lang={language}")
