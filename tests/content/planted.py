"""Planted faults: each is one change to one file of a copy of the real content, and where it must be found."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot import content
from bot.core.ids import ArticleId
from bot.core.library import glossary, shelf_faults
from bot.core.library.article import parse

ROOT: Final = Path(__file__).parents[2]
KEPT: Final = (
    "akut-barn",
    "kontakt",
)  # themes of the small copy: reading all of them for each fault takes minutes
HOURS: Final = "knowledge/sv/akut-barn/hur-lange-12-paragrafen.md"  # B03
MOTHER: Final = "knowledge/sv/akut-barn/mormor-eller-granne.md"  # B06, needs_lawyer
SIGHT: Final = "knowledge/sv/akut-barn/barn-har-sett-vald.md"
JOUR: Final = "knowledge/sv/kontakt/jourens-nummer.md"  # L04, with a field
NEW: Final = "knowledge/sv/akut-barn/ny.md"
MALMO: Final = "policies/organisations/malmo.yaml"
SV: Final = "bot/texts/duty.sv.toml"
EN: Final = "bot/texts/duty.en.toml"

Change = Callable[[bytes], bytes | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """One fault: the file, what is done to its bytes (None: it is taken away), and what the one fault begins with."""

    name: str
    path: str
    change: Change
    fault: str


def lay_out(root: Path) -> None:
    """A small copy of the content: whole policies and texts, some articles that relate to none outside, their words."""
    shutil.copytree(ROOT / "policies", root / "policies")
    shutil.copytree(ROOT / "bot/texts", root / "bot/texts")
    for theme in KEPT:
        shutil.copytree(ROOT / "knowledge/sv" / theme, root / "knowledge/sv" / theme)
    paths = sorted((root / "knowledge/sv").rglob("*.md"))
    for path in paths:
        alone = re.sub(r"(?m)^(related|aliases): .*$", r"\1: []", path.read_text(encoding="utf-8"))
        path.write_text(alone, encoding="utf-8")
    there = {parse(path.read_text(encoding="utf-8"), path.name).id for path in paths}
    keep_only(root, there)
    articles = [parse(path.read_text(encoding="utf-8"), path.name) for path in paths]
    text = (ROOT / content.GLOSSARY).read_text(encoding="utf-8")
    idle = shelf_faults.glossary_faults(glossary.parse(text, "words"), articles, "words")
    numbers = {int(found[1]) for fault in idle if (found := re.match(r"words: terms\.(\d+):", fault))}
    (root / content.GLOSSARY).write_text(_without_terms(text, numbers), encoding="utf-8")


def keep_only(root: Path, articles: set[ArticleId]) -> None:
    """The organisations' files in `root` without what they say of articles that are not there."""
    for path in sorted((root / "policies/organisations").glob("*.yaml")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if _is_there(line, articles)), encoding="utf-8")


def _is_there(line: str, articles: set[ArticleId]) -> bool:
    """Whether a line of an organisation's file names no article, or one of the small copy."""
    name, _, value = line.strip().partition(": ")
    return name != "article" or value in articles


def _without_terms(text: str, numbers: set[int]) -> str:
    """The glossary's text without those terms, each of which stands on a line of its own."""
    kept, number = [], -1
    for line in text.splitlines(keepends=True):
        if line.startswith("  - {term:"):
            number += 1
            if number in numbers:
                continue
        kept.append(line)
    return "".join(kept)


def swap(old: str, new: str) -> Change:
    """The first `old`, a pattern over lines, in place of which `new` stands; it must be there."""

    def change(body: bytes) -> bytes:
        text, times = re.subn(f"(?m){old}", lambda _: new, body.decode(), count=1)
        assert times == 1, old
        return text.encode()

    return change


def field(name: str, value: str | None) -> Change:
    """A field of the front matter with its lines, replaced or left out."""
    line = "" if value is None else f"{name}: {value}\n"
    return swap(rf"^{name}:.*\n(?:  .*\n)*", line)


def body(text: str) -> Change:
    """The text under the front matter, replaced."""

    def change(old: bytes) -> bytes:
        head, _, _ = old.decode().rpartition("---\n")
        return f"{head}---\n{text}\n".encode()

    return change


def more(text: str) -> Change:
    """The text under the front matter with something added."""
    return lambda old: old.rstrip(b"\n") + f" {text}\n".encode()


def questions(*asked: str) -> Change:
    """These questions alone."""
    return field("questions", "[" + ", ".join(f"'{one}'" for one in asked) + "]")


def whole(text: str = "") -> bytes:
    """A second article, which asks nothing that others ask; `text` stands in its front matter."""
    asked = "\n".join(
        f"  - qvarnsten {word} i bäckasjö" for word in ("ett", "två", "tre", "fyra", "fem", "sex")
    )
    return f"""---
id: B90
title: Qvarnsten i bäckasjö
questions:
{asked}
keywords: [qvarnsten]
stop: null
sources:
  - {{title: Prov, ref: prov, retrieved: 2026-11-23}}
status: draft
law_as_of: null
reviewed: 2026-11-23
review_in: 365
owner: redaktionen
{text}---
Ring jouren. Det är allt.
""".encode()


def another(text: str = "") -> Change:
    """That article, put there."""
    return lambda _: whole(text)


SIX: Final = tuple(f"qvarnsten {n} i bäckasjö" for n in ("ett", "två", "tre", "fyra", "fem"))
FAULTS: Final[tuple[Planted, ...]] = tuple(
    Planted(name=name, path=path, change=change, fault=fault)
    for name, path, change, fault in (
        # ---- an article as a file
        ("not UTF-8", HOURS, lambda old: old + b"\xff", f"{HOURS}: is not UTF-8"),
        ("a byte order mark", HOURS, lambda old: b"\xef\xbb\xbf" + old, f"{HOURS}: begins with a byte order mark"),
        ("too large", HOURS, lambda old: old + b"x" * content.MAX_BYTES, f"{HOURS}: is larger than"),
        ("no front matter", HOURS, lambda _: b"Ring jouren.\n", f"{HOURS}: file: must open with front matter"),
        ("bad YAML", HOURS, field("keywords", "[oro"), f"{HOURS}: line "),
        ("a key twice", HOURS, field("stop", "jour\nstop: null"), f"{HOURS}: line "),
        ("a name that is no article's", "knowledge/sv/akut-barn/Ny artikel.md", another(),
         "knowledge/sv/akut-barn/Ny artikel.md: is not a file that Samjour reads here"),
        ("empty body", HOURS, body(""), f"{HOURS}: body: must have"),
        ("body too long", HOURS, more("Och så vidare. " * 200), f"{HOURS}: body: must have"),
        # ---- its front matter
        ("missing source", HOURS, field("sources", None), f"{HOURS}: sources: is missing"),
        ("no source at all", HOURS, field("sources", "[]"), f"{HOURS}: sources: "),
        ("a source without a day", HOURS, swap(r"^    retrieved: .*\n", ""), f"{HOURS}: sources.0.retrieved: is missing"),
        ("unknown status", HOURS, field("status", "finished"), f"{HOURS}: status: "),
        ("unknown stop", HOURS, field("stop", "911"), f"{HOURS}: stop: "),
        ("unknown key", HOURS, field("stop", "jour\nauthor: redaktionen"), f"{HOURS}: author: is not a known field"),
        ("missing owner", HOURS, field("owner", None), f"{HOURS}: owner: is missing"),
        ("missing id", HOURS, field("id", None), f"{HOURS}: id: is missing"),
        ("id of no form", HOURS, field("id", "B3"), f"{HOURS}: id: "),
        ("too few phrasings", HOURS, questions(*SIX), f"{HOURS}: questions: "),
        ("a phrasing twice", HOURS, questions(*SIX, "Qvarnsten ett i bäckasjö"), f"{HOURS}: front matter: a question stands twice"),
        ("review_in that is no number", HOURS, field("review_in", "soon"), f"{HOURS}: review_in: "),
        ("review_in of no days", HOURS, field("review_in", "0"), f"{HOURS}: review_in: "),
        ("a day that is none", HOURS, field("reviewed", "2026-02-30"), f"{HOURS}: reviewed: must be a date"),
        ("approved by nobody", HOURS, field("status", "approved"), f"{HOURS}: front matter: status approved and approved_by"),
        ("approved without a role", HOURS, field("status", "approved\napproved_by: {date: 2026-11-20}"),
         f"{HOURS}: approved_by.role: is missing"),
        ("approved without a day", HOURS, field("status", "approved\napproved_by: {role: lawyer}"),
         f"{HOURS}: approved_by.date: is missing"),
        ("approved by no role that may", HOURS, field("status", "approved\napproved_by: {role: janitor, date: 2026-11-20}"),
         f"{HOURS}: approved_by.role: is no role that {content.ACCESS} lets approve"),
        ("approved before its law was read", HOURS, field("status", "approved\napproved_by: {role: lawyer, date: 1999-01-01}"),
         f"{HOURS}: approved_by.date: is before law_as_of"),
        ("a sign that nobody sees", HOURS, more("Ring \u202ejouren\u202c."), f"{HOURS}: file: has a sign that nobody sees"),
        ("a field in capitals", JOUR, more("Ring {JOUR_NUMBER}."), f"{JOUR}: body: has a brace that is of no local field"),
        ("a field that does not end", JOUR, more("Ring {jour_number."), f"{JOUR}: body: has a brace that is of no local field"),
        ("a draft that somebody approved", HOURS, field("status", "draft\napproved_by: {role: lawyer, date: 2026-11-20}"),
         f"{HOURS}: front matter: status approved and approved_by"),
        ("related to itself", HOURS, field("related", "[B03]"), f"{HOURS}: front matter: an article neither relates"),
        # ---- seen with the others
        ("unknown id in related", HOURS, field("related", "[Z99]"), f"{HOURS}: related: Z99 is no article"),
        ("duplicate id", NEW, lambda _: whole().replace(b"B90", b"B03"), f"{NEW}: id: B03 stands also in"),
        ("alias of another article", NEW, another("aliases: [B03]\n"), f"{NEW}: id: B03 stands also in "),
        ("alias of nothing", NEW, another("aliases: [Q01]\n"), f"{NEW}: aliases: Q01 is of no theme"),
        ("same phrasing in two articles", NEW,
         lambda _: whole().replace("qvarnsten sex i bäckasjö".encode(), "NÄR måste vi ha lämnat över barnet?".encode()),
         f"{NEW}: questions: one of them stands also in {HOURS}"),
        ("same phrasing but for an ending", NEW,
         lambda _: whole().replace("qvarnsten sex i bäckasjö".encode(), "när måste vi ha lämnat över barnen".encode()),
         f"{NEW}: questions.5: stands also in {HOURS}, but for an ending"),
        ("a question inside and outside", content.GLOSSARY,
         swap("^outside:\n", "outside:\n  - {theme: prov, questions: [när måste vi ha lämnat över barnet]}\n"),
         f"{content.GLOSSARY}: outside: prov: one of its questions stands also in {HOURS}"),
        ("unknown organisation", HOURS, field("owner", "redaktionen\norg: gotham"), f"{HOURS}: org: there is no such"),
        ("a jour's field that nobody has", JOUR, more("Eller {jour_fax}."), f"{JOUR}: body: no organisation has {{jour_fax}}"),
        # ---- days
        ("expired", HOURS, field("reviewed", "2024-11-23"), f"{HOURS}: review_in: has expired, 2025-11-23 was its last day"),
        ("retrieved in the future", HOURS, swap(r"retrieved: .*$", "retrieved: 2027-01-01"),
         f"{HOURS}: sources.0.retrieved: 2027-01-01 has not come yet"),
        ("reviewed in the future", HOURS, field("reviewed", "2026-11-24"), f"{HOURS}: reviewed: 2026-11-24 has not come yet"),
        ("approved in the future", HOURS, field("status", "approved\napproved_by: {role: lawyer, date: 2026-12-01}"),
         f"{HOURS}: approved_by.date: 2026-12-01 has not come yet"),
        # ---- law
        ("an unread section among the sources", HOURS, swap(r"ref: PL 12 §", "ref: PL 12 §, 99 §"),
         f"{HOURS}: sources.0.ref: PL 99 §: is no section in policies/law_sections.yaml"),
        ("an unread section in the text", HOURS, more("Se SoL 19:99."), f"{HOURS}: body: SoL 19:99: is no section in"),
        ("an act that nobody read", HOURS, more("Se 5 § kameralagen."), f"{HOURS}: body: kameralagen 5 §: is of no act in"),
        ("a section of no act", HOURS, more("Se även 13 §."), f"{HOURS}: body: 13 §: names no act"),
        ("a decision that nobody read", HOURS, more("Se JO 9-2019."), f"{HOURS}: body: JO 9-2019: is no decision in"),
        ("cited and not among the sources", HOURS, more("Se PL 13 §."), f"{HOURS}: body: PL 13 §: is not among the sources"),
        ("law not read in force", HOURS, more("Se BrB 1:6."), f"{HOURS}: body: BrB 1:6: was not read in force"),
        ("law without a day", HOURS, field("law_as_of", "null"), f"{HOURS}: law_as_of: must say how old"),
        ("law newer than what was read", HOURS, field("law_as_of", "2026-11-01"), f"{HOURS}: law_as_of: the law that"),
        ("a list of law with a fault", content.LAW, swap(r"sections: 4 6 7 13", "sections: 4 6 7 13 x"),
         f"{content.LAW}: LVM: sections: x: is no section"),
        ("a section with its sign first", HOURS, more("Se § 99 PL."), f"{HOURS}: body: § 99: names no act"),
        ("a section in words", HOURS, more("Se paragraf 99 i polislagen."), f"{HOURS}: body: paragraf 99: names no act"),
        ("an act in small letters", HOURS, more("Se sol 19:99."), f"{HOURS}: body: sol 19:99: names no act"),
        ("a section behind a space that does not break", HOURS, more("Se PL\u00a099\u00a0§."), f"{HOURS}: body: PL 99 §: is no section"),
        ("a decision in other words", HOURS, more("Se JO:s beslut dnr 9-2019."), f"{HOURS}: body: JO 9-2019: is no decision"),
        # ---- people
        ("a telephone number", HOURS, more("Ring 070-174 06 05."), f"{HOURS}: body: holds what seems to be somebody's PHONE"),
        ("a personal number", HOURS, more("Gäller 19900101-9802."), f"{HOURS}: body: holds what seems to be somebody's PERSONNUMMER"),
        # ---- examples
        ("a phrasing that does not find its article", NEW,
         lambda _: whole().replace("qvarnsten sex i bäckasjö".encode(), b"'!!! ???'"),
         f"{NEW}: questions.5: does not find the article"),
        ("an access example that lies", content.ACCESS, swap("facts: \\[vetted\\], allowed: false", "facts: [active], allowed: false"),
         f"{content.ACCESS}: everybody-asks: examples.2: "),
        ("a channel example that lies", content.CHANNELS, swap('organisation: jarva, talk: "off"', "organisation: jarva, talk: guarded"),
         f"{content.CHANNELS}: "),
        ("a retention example that lies", content.RETENTION, swap("erased: false", "erased: true"), f"{content.RETENTION}: "),
        ("a secrecy example that lies", content.SECRECY, swap("ground: osl-10-15a, offered: false", "ground: osl-10-15a, offered: true"),
         f"{content.SECRECY}: "),
        ("a ground that nobody has read", content.SECRECY, swap("basis: OSL 10:20", "basis: OSL 10:21"), f"{content.SECRECY}: osl-10-20: basis: "),
        ("an opening example that lies", content.OPENINGS, swap("minutes: 60, allowed: true", "minutes: 60, allowed: false"),
         f"{content.OPENINGS}: "),
        ("an organisation's example that lies", MALMO, swap("phone: 070-1740609", "phone: 070-1740605"),
         f"{MALMO}: examples.6: "),
        ("an entry that leads to no article", MALMO, swap(r"^    article: L09$", "    article: L90"),
         f"{MALMO}: evonhuset: article: there is no such article"),
        ("an entry with another place's article", MALMO, swap(r"^    article: L09$", "    article: L11"),
         f"{MALMO}: evonhuset: article: is written for another place"),
        ("a step that begins and leaves nobody", MALMO, swap(r"^    load_limit: 5\nnumbers|^    load_limit: 5\n  - id: falt",
         "    load_limit: 5\n    valid_to: 2027-06-01\n  - id: falt"), f"{MALMO}: steps: the jour must be asked"),
        # ---- policies, words, texts
        ("a rule without its basis", content.ACCESS, swap(r"^    basis: .*\n", ""), f"{content.ACCESS}: rules.0.basis: "),
        ("an act that is none", content.ACCESS, swap(r'acts: \["library:ask", ', 'acts: ["library:burn", '), f"{content.ACCESS}: rules.0.acts.0: "),
        ("a policy that is gone", content.RETENTION, lambda _: None, f"{content.RETENTION}: is missing"),
        ("a policy that nobody reads", "policies/extra.yaml", lambda _: b"rules: []\n", "policies/extra.yaml: is not a file"),
        ("an organisation in another's file", MALMO, swap("^id: malmo$", "id: malmoe"), f"{MALMO}: id: the file is named after"),
        ("an organisation of no kind", MALMO, swap("^kind: board$", "kind: shop"), f"{MALMO}: kind: "),
        ("a district that nobody answers for", MALMO, swap(r"^  - \{district: lpo-malmo-norr,.*\n", ""),
         "policies/organisations: district lpo-malmo-norr: "),
        ("a label that fits no button", "policies/organisations/polisen.yaml",
         swap("sv: Lokalpolisområde Norr", "sv: Lokalpolisområde Norr med omnejd och alla öarna i Sundet"),
         "policies/organisations: "),
        ("a term that leads nowhere", content.GLOSSARY,
         swap("^terms:\n", "terms:\n  - {term: qvarnhjul, english: millwheel, same: [vattenqvarn]}\n"),
         f"{content.GLOSSARY}: terms.0: no article uses any spelling of it"),
        ("a term without its English", content.GLOSSARY, swap("english: child, ", ""), f"{content.GLOSSARY}: terms.0.english: is missing"),
        ("a sentence missing in English", EN, swap(r"^role_jour = .*\n", ""), f"{EN}: role_jour: is not in English"),
        ("a sentence missing in Swedish", SV, swap(r"^role_jour = .*\n", ""), f"{SV}: role_jour: is not in Swedish"),
        ("a placeholder that is unknown", SV, swap(r"till \{note\}", "till {tid}"), f"{SV}: why_on_duty: the placeholders differ"),
        ("a text that is no TOML", SV, lambda old: old + b"= x\n", f"{SV}: is not TOML"),
    )
)  # fmt: skip
