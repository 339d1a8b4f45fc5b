"""One text, one verdict; one question, one answer: in Telegram, on the page, by the API's rules, at the terminal."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.core.consultation import State
from bot.core.guard import SpanType
from bot.core.text import Language
from tests.stories.story import EVENING_1, OFFICER, SECOND, Story
from tests.stories.test_questions_terminal import browser, page

ROOT = Path(__file__).parents[2]
NODE = Path(sys.prefix) / "bin/node"
PATIENCE = 60.0  # seconds, against hanging only
Row = dict[str, Any]  # one line of JSON

# What the page does with the rules that the API gave it: the twin, run by node.
TWIN = """
import { build, judge } from "./bot/web/static/guard.js";
let given = "";
for await (const part of process.stdin) given += part;
const { rules, texts } = JSON.parse(given);
const built = build(rules);
const told = texts.map((text) => {
  const { blocked, spans } = judge(built, text, { channel: "telegram", phase: "unnamed" });
  return { blocked, spans: spans.map(({ start, end, type }) => ({ start, end, type })) };
});
console.log(JSON.stringify(told));
"""

TEXTS = (
    "pojken heter Zyndor och vill inte hem",
    "grannen fatemeh hörde skrik",
    "hans mamma Ulrika Ekdahl svarar inte",
    "gun-britt ringde in det",
    "läkaren heter van der Zwork",
    "familjen ekberg är på plats",
    "sagas mamma svarar inte",
    "0701740640 är numret till pappan",
    "ring 070-174 06 41 innan sju",
    "noll sjuttio sjutton fyrtio sex fyrtiotvå sa hon",
    "pnr 20120415-9817 på kortet",
    "850211 98 55 läste jag upp",
    "hon uppger 970163-9801 men har inga papper",
    "tio noll två fjorton nittioåtta fyrtiotre sa han",
    "mejla kalle.exempel@example.org om platsen",
    "kalle snabel-a example punkt org är adressen",
    "svart volvo TXY 48C utanför skolan",
    "adam bertil cesar 123 körde mot rött",
    "vi står på Exempelgatan 12 B lgh 1101",
    "hon bor på tallbacken 8",
    "dnr 2026-00123 gäller det",
    "betala till bg 999-0000",
    "snap exempel_killen99 hotar honom",
    "flickan är född 3 maj 2013",
    "\N{GRINNING FACE} Ulrika Ekdahl 070-174 06 43, TXY 48C",
    "VI HAR ULRIKA EKDAHL HÄR",
    "flickan är ungefär fjorton år och vill sova",
    "klockan är 02.30 och ingen svarar på boendet",
    "gäller 6 § LVU även om båda samtycker",
    "ring 112 eller 114 14, inte hit",
    "Kvinnofridslinjen har 020-50 50 50",
    "vi väntar vid Möllevångstorget i Malmö",
    "en vit Kia Ceed med barnstol i diket",
    "maj och juni är värst, solen går aldrig ner",
    "det var björn i skogen och sten på vägen",
    "familjen fick 7 500 kr men hyran är 9 450 kr",
    "patrull 52-2310 avslutar 23.15",
    "vi kör till boendet Nattskimran",
    "lagen 2025:400 och prop. 2024/25:89",
    "tre barn, 5 8 och 11 år, inga vuxna hemma",
)

QUESTIONS = (
    "får vi låsa in en kille med LVU i bilen",
    "vem beslutar om omedelbart omhändertagande på natten",
    "lvu",
    "lvm",
    "heder",
    "en flicka ska giftas bort utomlands i morgon",
    "kan vi ta passet från ett barn",
    "hur gör jag en orosanmälan",
    "måste jag anmäla om jag bara misstänker",
    "får jag berätta för soc vad som hände i förhöret",
    "vad får socialtjänsten berätta för oss",
    "ett barn är ensamt hemma och ingen kommer",
    "femtonåring full på stan",
    "barn under femton har rånat någon",
    "ska vårdnadshavaren vara med på förhöret",
    "måste soc vara med på förhör med unga",
    "kvinna slagen av sin man vill inte anmäla",
    "skyddat boende i natt",
    "barn som har sett våld hemma",
    "rymling från hvb hittad",
    "får vi köra ungdomen till boendet",
    "handräckning enligt 43 §",
    "vem skriver på en begäran om handräckning",
    "ensamkommande utan papper",
    "könsstympning",
    "han säger att han ska ta livet av sig",
    "psykiskt sjuk man vägrar följa med",
    "gravid som tar droger",
    "narkotika hittad hos en trettonåring",
    "vilken kommun ansvarar",
    "vem ringer jag efter midnatt",
    "polisen vill ha hjälp av soc med ett dödsbud",
    "barn i bilen vid rattfylla",
    "vräkning med barn i familjen",
    "gängrekrytering av barn",
    "nätgrooming",
    "barnet vill inte åka hem till pappa",
    "hur lagar jag en cykelkedja",
    "vad är klockan i Tokyo",
    "hej",
)


async def at_a_terminal(
    captured: pytest.CaptureFixture[str], command: Sequence[str], rows: Path
) -> list[Row]:
    """What a command prints for a file of texts."""
    captured.readouterr()
    assert await asyncio.to_thread(main, [*command, "--batch", str(rows)]) == 0
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


def batch(folder: Path, name: str, texts: Sequence[str]) -> Path:
    """A file of texts, as a command reads it."""
    file = folder / f"{name}.jsonl"
    rows = [json.dumps({"id": str(n), name: text}) for n, text in enumerate(texts)]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def by_the_twin(rules: Row, texts: Sequence[str]) -> list[Row]:
    """What the browser's guard says of each with these rules."""
    given = json.dumps({"rules": rules, "texts": list(texts)})
    command = [str(NODE), "--input-type=module", "--eval", TWIN]
    done = subprocess.run(
        command, cwd=ROOT, input=given, capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    told: list[Row] = json.loads(done.stdout)
    return told


def kinds(night: Story, told: str) -> set[str]:
    """Which kinds of identity a sentence names."""
    words = night.deps.content().texts.sentences[Language.SV]
    return {str(kind) for kind in SpanType if words[f"guard.{kind}"] in told}


async def test_a_text_is_judged_alike_everywhere(
    night: Story, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What `samjour guard` stops, Telegram and the page stop, for the same kinds; the API's rules find the same spans."""
    told = await at_a_terminal(capfd, ["guard"], batch(tmp_path, "text", TEXTS))
    assert {row["blocked"] for row in told} == {True, False}
    found = [{"blocked": row["blocked"], "spans": row["spans"]} for row in told]
    async with browser(night, OFFICER) as session:
        async with session.get("/api/v1/guard?lang=sv") as answer:
            rules = await answer.json()
        assert await asyncio.to_thread(by_the_twin, rules, TEXTS) == found
        for text, row in zip(TEXTS, told, strict=True):
            _, shown = await page(session, "/learn?lang=sv", q=text)
            said = sentence(shown)
            assert ("ingenting söktes" in said, kinds(night, said)) == wanted(row), text
    await night.open_talk()
    for text, row in zip(TEXTS, told, strict=True):
        assert (await said_in_a_room(night, text)) == wanted(row), text


def sentence(shown: str) -> str:
    """What the page says of a search, above what it found."""
    (said,) = re.findall('<p class="lead" role="status">([^<]*)</p>', shown)
    return str(said)


def wanted(row: Row) -> tuple[bool, set[str]]:
    """Whether it is to be stopped, and for which kinds."""
    return row["blocked"], {span["type"] for span in row["spans"]}


async def said_in_a_room(night: Story, text: str) -> tuple[bool, set[str]]:
    """Say it to the worker over Telegram: whether it was stopped, and for which kinds. Stopped, it never arrives."""
    officer, worker = night.phone(OFFICER), night.phone(EVENING_1)
    said = await officer.say(text)
    await night.quiet()
    new = [m.text for m in officer.messages if m.from_bot and m.message_id > said.message_id]
    stopped = [told for told in new if told.startswith("STOPPAT")]
    assert any(text in m.text for m in worker.messages if m.from_bot) is not bool(stopped)
    return bool(stopped), kinds(night, " ".join(stopped))


async def test_a_question_is_answered_alike_everywhere(
    night: Story, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The same kind of answer and the same article: `samjour ask`, an officer's Telegram, the page's search."""
    at = night.clock.now().isoformat()
    command = ["ask", "--org", "malmo", "--at", at]
    told = await at_a_terminal(capfd, command, batch(tmp_path, "query", QUESTIONS))
    assert {row["answer_kind"] for row in told} == {"answer", "unsure", "withheld", "nothing"}
    async with browser(night, OFFICER) as session:
        for question, row in zip(QUESTIONS, told, strict=True):
            _, shown = await page(session, "/learn?lang=sv", q=question)
            assert searched(night, shown) == (row["answer_kind"], meant(row)), question
    for question, row in zip(QUESTIONS, told, strict=True):
        kind, articles = await asked_on_a_phone(night, question)
        hidden = kind == "withheld"  # a phone is not told what waits for a lawyer
        assert (kind, articles) == (row["answer_kind"], [] if hidden else meant(row)), question


def meant(row: Row) -> list[str]:
    """The articles that the answer speaks of, the likeliest first."""
    others = row["alternatives"] if row["answer_kind"] == "unsure" else []
    return [one for one in (row["entry"], *others) if one is not None]


def searched(night: Story, shown: str) -> tuple[str, list[str]]:
    """What the page says: the kind of answer, and its articles in their order."""
    words = night.deps.content().texts.sentences[Language.SV]
    said = sentence(shown)
    (kind,) = (k for k in ("answer", "unsure", "withheld", "nothing") if words[f"learn.search.{k}"] == said)
    ids = [str(article.id) for article in night.deps.content().library.articles]
    places = {id_: shown.find(f'id="{id_}"') for id_ in ids}
    return kind, sorted((id_ for id_ in ids if places[id_] >= 0), key=lambda id_: places[id_])


async def asked_on_a_phone(night: Story, question: str) -> tuple[str, list[str]]:
    """What an officer is told in Telegram: the kind, by its sentence, and the articles of the record."""
    officer = night.phone(OFFICER)
    night.clock.move(SECOND)  # the newest is then the newest
    said = await officer.say(question)
    await night.quiet()
    (answer,) = [m.text for m in officer.messages if m.from_bot and m.message_id > said.message_id]
    asked = await night.latest()
    if asked.state is State.ANSWERED:
        assert "Källa: " in answer
        return "answer", [str(asked.article)]
    if asked.candidates:
        assert "Menar du:" in answer
        return "unsure", [str(one) for one in asked.candidates]
    return ("withheld" if "ska en person svara på" in answer else "nothing"), []
