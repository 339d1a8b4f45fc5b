"""Content: all of it or nothing, every fault told with its file, and one digest for exactly these bytes."""

import json
import os
import re
from collections.abc import Callable
from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content
from bot.content import files
from bot.core.channels_policy import Talk, talk
from bot.core.choices import MAX_BUTTON
from bot.core.errors import BadContent
from bot.core.events import Ending
from bot.core.guard import Lexicon
from bot.core.guard.rules_file import Shape
from bot.core.ids import DistrictId, OrganisationId
from bot.core.local_fields import local_fields
from bot.core.people import Role
from bot.core.places import owner
from bot.core.policy import Act, Facts, decide
from bot.core.request import DecisionKind, Matter, Need, Urgency
from bot.core.retention import RetentionClass

REPOSITORY = Path(__file__).parents[2]
ALPHA, POLISEN = "policies/organisations/alpha.yaml", "policies/organisations/polisen.yaml"
ARTICLE = "knowledge/sv/jour/ring.md"
SV, EN = "bot/texts/talk.sv.toml", "bot/texts/talk.en.toml"
NUMBER = "070-1740605"


def organisation(name: str, **changes: object) -> str:
    number = {"id": f"{name}-jour", "label": {"sv": "Jouren", "en": "Jour"}, "number": NUMBER}
    return json.dumps(
        {
            "id": name,
            "kind": "board",
            "label": {"sv": name, "en": name},
            "source": "prov",
            "valid_from": "2020-01-01",
            "hours": "always",
            "numbers": [number | {"hours": "always", "tested": "2026-11-01"}],
            "drafts": True,
            "escrow": {"needed": 2, "of": 3},
            "steps": [],
            "examples": [{"at": "2026-11-28T23:40", "need": "advice", "phone": NUMBER}],
        }
        | changes
    )


def board(**changes: object) -> str:
    step = {"id": "jour", "label": {"sv": "Jouren", "en": "Jour"}, "because": "prov", "roles": ["jour"]}
    lasting = {"when": "always", "at_once": 1, "seconds": 60, "load_limit": 3}
    since = {"valid_from": "2020-01-01"}
    return organisation(
        "alpha",
        **{
            "areas": [{"id": "alpha", "label": {"sv": "Alfa", "en": "Alpha"}, **since}],
            "mappings": [{"district": "lpo-alpha", "area": "alpha", **since}],
            "steps": [step | lasting],
            **changes,
        },
    )


def police(district: str = "lpo-alpha", label: str = "Alfa") -> str:
    one = {"id": district, "label": {"sv": label, "en": label}, "region": "alpha", "valid_from": "2020-01-01"}
    return organisation("polisen", kind="police", districts=[one])


def article(**changes: object) -> str:
    asked = [
        "var ringer jag jouren",
        "jourens nummer",
        "nå socialjouren",
        "telefon till jour",
        "ring jour nu",
    ]
    front = {
        "id": "A01",
        "title": "Vilket nummer har jouren?",
        "questions": [*asked, "hur får jag tag i socialjouren i natt"],
        "keywords": ["jour", "nummer"],
        "stop": None,
        "sources": [{"title": "Prov", "ref": "prov", "retrieved": "2026-11-23"}],
        "status": "draft",
        "law_as_of": None,
        "reviewed": "2026-11-23",
        "review_in": 365,
        "owner": "redaktionen",
    } | changes
    body = front.pop("body", "Ring {jour_number}.")
    lines = "\n".join(f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in front.items())
    dates_bare = re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", lines)
    return f"---\n{dates_bare}\n---\n{body}\n"


def guard_file(**changes: object) -> str:
    shapes = [str(shape) for shape in Shape]
    decision = {"id": "all", "channels": ["*"], "phases": ["question", "unnamed"], "warn": []}
    return json.dumps(
        {
            "parts": {},
            "shapes": dict.fromkeys(shapes, "qqq"),
            "rules": [{"id": "mail", "type": "EMAIL", "because": "prov", "pattern": "[a-z]+@[a-z]+"}],
            "public_numbers": ["112 112"],
            "public_sites": ["example.org"],
            "public_phrases": ["qqq"],
            "decisions": [decision | {"block": ["EMAIL"], "basis": "prov", "because": "prov"}],
            "examples": ["skriv till [EMAIL:nn@example]"],
        }
        | changes
    )


def retention_file(**changes: object) -> str:
    kept = {"organisation": "alpha", "closed": "2026-01-01", "on": "2027-01-01", "erased": False}
    told: dict[str, object] = {"basis": "prov", "because": "prov", "examples": [{**kept, **changes}]}
    return json.dumps({"rules": [{"id": c, "covers": c, **told} for c in RetentionClass]})


def secrecy_file(**changes: object) -> str:
    label = {"sv": "Samtycke", "en": "Consent"}
    ground = {
        "id": "consent",
        "label": label,
        "directions": ["to_police"],
        "basis": "OSL 10:1",
        "says": label,
    }
    case = {"organisation": "alpha", "ground": "consent"}
    shown = [
        {**case, "direction": "to_police", "offered": True},
        {**case, "direction": "to_social", "offered": False},
    ]
    return json.dumps({"grounds": [{**ground, "because": "prov", **changes}], "examples": shown})


def words(*lists: str) -> str:
    return "".join(f"[{name}]\nqq{name.replace('_', '')}\n" for name in lists)


def texts(**changes: str) -> str:
    tables = {"matter": Matter, "need": Need, "decision": DecisionKind, "urgency": Urgency, "ending": Ending}
    chosen = {f"{table}.{choice}": str(choice) for table, choices in tables.items() for choice in choices}
    sentences = {"home.hello": "Hej {name}", **chosen, **changes}
    return "\n".join(f"{key} = {json.dumps(sentence)}" for key, sentence in sentences.items())


NAMES = ("first", "first_weak", "last", "last_weak")
WHOLE: dict[str, str] = {
    "knowledge/glossary.yaml": "terms: []\noutside: []\n",
    ARTICLE: article(),
    "policies/access.yaml": (REPOSITORY / "policies/access.yaml").read_text(encoding="utf-8"),
    "policies/channels.yaml": "rules: []",
    "policies/guard.yaml": guard_file(),
    "policies/guard/names.txt": words(*NAMES),
    "policies/law_sections.yaml": (REPOSITORY / "policies/law_sections.yaml").read_text(encoding="utf-8"),
    "policies/openings.yaml": (REPOSITORY / "policies/openings.yaml").read_text(encoding="utf-8"),
    "policies/retention.yaml": retention_file(),
    "policies/secrecy.yaml": secrecy_file(),
    "policies/guard/words.txt": words(*(f.name for f in fields(Lexicon) if f.name not in NAMES)),
    ALPHA: board(),
    POLISEN: police(),
    SV: texts(),
    EN: texts(),
}

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a small whole content, changed: a text or bytes replace a file, None leaves it out."""

    def written(changes: dict[str, str | bytes | None] | None = None) -> Path:
        for path, body in {**WHOLE, **(changes or {})}.items():
            file = tmp_path / path
            file.parent.mkdir(parents=True, exist_ok=True)
            if body is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(body if isinstance(body, bytes) else body.encode())
        return tmp_path

    return written


def read(root: Path) -> content.Content:
    return content.read(root, root / "bot/texts")


def faults(root: Path) -> list[str]:
    """What reading refuses with: every fault is one line that begins with a path."""
    with pytest.raises(BadContent) as refusal:
        read(root)
    return str(refusal.value).splitlines()


def test_a_whole_content_is_read(write: Write) -> None:
    """Each kind of file reaches its field, and nothing can be changed afterwards."""
    found = read(write())
    assert [one.id for one in found.articles] == ["A01"]
    assert found.library.articles == found.articles
    assert found.texts.say("sv", "home.hello", name="du") == "Hej du"
    board_, _ = owner(found.structure, DistrictId("lpo-alpha"), datetime(2026, 11, 21, tzinfo=UTC))
    assert board_.id == "alpha"
    assert talk(found.channels, OrganisationId("alpha"), "telegram") is Talk.OFF
    assert decide(found.policy, frozenset({Role.OFFICER}), Act.LIBRARY_ASK, Facts(active=True)).allowed
    assert found.guard.rules
    assert found.glossary.terms == ()
    assert found.demo is None
    with pytest.raises(FrozenInstanceError):
        found.digest = ""  # type: ignore[misc]


def test_a_whole_content_has_no_fault(write: Write) -> None:
    """`check` counts the articles and runs every example."""
    root = write()
    assert content.check(root, root / "bot/texts") == (1, [])


def test_prose_and_hidden_files_are_passed_by(write: Write) -> None:
    """What is written for people, or by an editor, is neither read nor part of the digest."""
    before = read(write()).digest
    aside: dict[str, str | bytes | None] = {
        "policies/README.md": "# läs",
        "knowledge/sv/.ring.md.swp": b"\xff",
    }
    assert read(write(aside)).digest == before


def test_the_digest_names_exactly_these_bytes(write: Write) -> None:
    """Reading twice gives the same digest; one more space, or a file elsewhere, another."""
    first = read(write()).digest
    assert read(write()).digest == first
    assert len(bytes.fromhex(first)) == 32
    changed = read(write({"knowledge/glossary.yaml": "terms: []\noutside: [] \n"})).digest
    moved = read(write({ARTICLE: None, "knowledge/sv/jour/ringa.md": article()})).digest
    assert len({first, changed, moved}) == 3


@given(st.dictionaries(st.text(max_size=4), st.binary(max_size=4), max_size=4), st.data())
def test_no_two_contents_share_a_digest_by_their_seams(files: dict[str, bytes], data: st.DataObject) -> None:
    """Where one file ends and the next begins is part of what is digested."""
    other = data.draw(st.dictionaries(st.text(max_size=4), st.binary(max_size=4), max_size=4))
    assert (content.digest(files) == content.digest(other)) is (files == other)


def test_the_digest_is_specified() -> None:
    """SHA-256 over u64be(length) and bytes of each path and body, in order: checkable by anybody."""
    assert content.digest({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    one_way, other_way = {"b": b"2", "a": b"1"}, {"a": b"1", "b": b"2"}
    assert content.digest(one_way) == content.digest(other_way)
    lengths = b"\0" * 7 + b"\1"
    assert content.digest(one_way) == sha256(lengths.join((b"", b"a", b"1", b"b", b"2"))).hexdigest()


FAULTY: list[tuple[dict[str, str | bytes | None], str]] = [
    ({"knowledge/glossary.yaml": None}, "knowledge/glossary.yaml: is missing"),
    ({"policies/access.yaml": None}, "policies/access.yaml: is missing"),
    ({"policies/channels.yaml": None}, "policies/channels.yaml: is missing"),
    ({"policies/guard.yaml": None}, "policies/guard.yaml: is missing"),
    ({"policies/retention.yaml": None}, "policies/retention.yaml: is missing"),
    ({"policies/guard/names.txt": None}, "policies/guard/names.txt: is missing"),
    ({ARTICLE: None}, "knowledge/sv: there is no article"),
    ({ALPHA: None, POLISEN: None}, "policies/organisations: there is no organisation"),
    ({"policies/acess.yaml": "rules: []"}, "policies/acess.yaml: is not a file that Samjour reads here"),
    ({"policies/organisations/b.yml": "id: b"}, "policies/organisations/b.yml: is not a file"),
    ({"knowledge/sv/ring.md": article()}, "knowledge/sv/ring.md: is not a file"),
    ({"knowledge/sv/Jour/Å.md": article()}, "knowledge/sv/Jour/Å.md: is not a file"),
    ({"knowledge/sv/jour/a\nb.md": article()}, "knowledge/sv/jour/a?b.md: is not a file"),
    ({"bot/texts/talk.de.toml": "a = 'b'"}, "bot/texts/talk.de.toml: is not a file"),
    ({ARTICLE: b"---\n\xff\n---\n"}, f"{ARTICLE}: is not UTF-8"),
    ({ARTICLE: b"x" * (content.MAX_BYTES + 1)}, f"{ARTICLE}: is larger than 262144 bytes"),
    ({ARTICLE: "ingen framsida"}, f"{ARTICLE}: file: must open with front matter"),
    ({ARTICLE: article(status="finished")}, f"{ARTICLE}: status: "),
    ({ARTICLE: article(org="beta")}, f"{ARTICLE}: org: there is no such organisation or group"),
    ({ARTICLE: article(body="Ring {jour_numer}.")}, f"{ARTICLE}: body: no organisation has {{jour_numer}}"),
    ({ARTICLE: article(related=["Z99"])}, f"{ARTICLE}: related: Z99 is no article"),
    ({"knowledge/sv/jour/igen.md": article()}, f"{ARTICLE}: id: A01 stands also in "),
    ({"knowledge/glossary.yaml": "terms: []"}, "knowledge/glossary.yaml: outside: "),
    ({"policies/access.yaml": "rules: []"}, "policies/access.yaml: rules: "),
    ({"policies/channels.yaml": "rules: {}"}, "policies/channels.yaml: rules: "),
    ({"policies/guard.yaml": "rules: ["}, "policies/guard.yaml: line "),
    ({"policies/retention.yaml": "rules: []"}, "policies/retention.yaml: rules: "),
    ({"policies/retention.yaml": retention_file(organisation="beta")}, "policies/retention.yaml: library: beta: there is"),
    ({"policies/guard.yaml": guard_file(shapes={})}, "policies/guard.yaml: shapes."),
    ({"policies/guard/names.txt": "kalle"}, "policies/guard: names, line 1: words before the first list"),
    ({"policies/demo.yaml": "people: []"}, "policies/demo.yaml: weekly: "),
    ({"policies/demo.yaml": "people: []\nweekly: []"}, "policies/demo.yaml: alpha: steps.jour: nobody is posted there"),
    ({ALPHA: board(kind="shop")}, f"{ALPHA}: kind: "),
    ({POLISEN: police("lpo-beta")}, f"{ALPHA}: mappings.0: district: there is no such district"),
    ({SV: "a = "}, f"{SV}: is not TOML: "),
    ({SV: texts(**{"home.more": ""})}, f"{SV}: home.more: must be a sentence"),
    ({SV: texts(**{"home.more": "Mer"})}, f"{EN}: home.more: is not in English"),
    ({EN: texts(**{"home.hello": "Hi"})}, f"{SV}: home.hello: the placeholders differ"),
    ({"bot/texts/web.sv.toml": "home.hello = 'Hej {name}'"}, "bot/texts/web.sv.toml: home.hello: stands twice"),
    ({EN: None}, f"{EN}: decision.aid: is not in English"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fault"), FAULTY)
def test_a_fault_is_refused_with_its_file(
    write: Write, changes: dict[str, str | bytes | None], fault: str
) -> None:
    """Nothing is read, and the fault says where it is."""
    root = write(changes)
    told = faults(root)
    assert any(line.startswith(fault) for line in told), told
    assert content.check(root, root / "bot/texts") == (0, told)


def test_all_faults_are_told_at_once(write: Write) -> None:
    """One reading tells everything that is wrong in every file that could be looked at."""
    told = faults(
        write(
            {
                ARTICLE: article(owner=""),
                "knowledge/glossary.yaml": "x: 1",
                "policies/access.yaml": "rules: [",
                "policies/notes.txt": "kom ihåg",
                POLISEN: police().replace("police", "polis"),
                SV: "a = {",
            }
        )
    )
    starts = (ARTICLE, "knowledge/glossary.yaml", "policies/access.yaml", "policies/notes.txt", POLISEN, SV)
    assert all(any(line.startswith(f"{path}: ") for line in told) for path in starts), told


def test_a_link_stays_inside(write: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A link to a file of the content is read; one that leads out, nowhere, in a ring or to a folder is refused."""
    root, outside = write({ARTICLE: None}), tmp_path_factory.mktemp("outside")
    (outside / "ring.md").write_text(article(), encoding="utf-8")
    (root / ".kept").mkdir()
    (root / ".kept/ring.md").write_text(article(), encoding="utf-8")
    link = root / ARTICLE
    link.symlink_to(root / ".kept/ring.md")
    assert len(read(root).articles) == 1
    for target in (outside / "ring.md", root / "nowhere.md", link):
        link.unlink()
        link.symlink_to(target)
        assert f"{ARTICLE}: a link must lead to a file of the content" in faults(root)
    link.unlink()
    link.symlink_to("x" * 300)  # longer than any name: the system refuses to look
    assert f"{ARTICLE}: cannot be read" in faults(root)
    (root / "knowledge/more").symlink_to(root / "knowledge/sv")
    assert "knowledge/more: a link must lead to a file of the content" in faults(root)


def test_a_folder_cannot_be_lent_from_elsewhere(
    write: Write, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """knowledge/ and policies/ stand in the root themselves."""
    root, outside = write(), tmp_path_factory.mktemp("outside")
    (root / "policies").rename(outside / "policies")
    assert "policies: is not a folder of the content" in faults(root)
    (root / "policies").symlink_to(outside / "policies")
    assert "policies: is not a folder of the content" in faults(root)


def test_what_is_no_file_is_not_opened(write: Write) -> None:
    """A pipe would never end: it is refused by what it is."""
    root = write({ARTICLE: None})
    os.mkfifo(root / ARTICLE)
    assert f"{ARTICLE}: is not a file that Samjour reads here" in faults(root)


def test_too_many_files_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops at the bound instead of filling the memory."""
    monkeypatch.setattr(files, "MAX_FILES", len(WHOLE) - 1)
    assert any("there are more than" in line for line in faults(write()))
    monkeypatch.setattr(files, "MAX_FILES", len(WHOLE))
    assert read(write()).articles


def test_folders_do_not_go_on_for_ever(write: Write) -> None:
    """A folder too deep is refused unread."""
    deep = "knowledge/sv" + "/a" * 50
    assert any(line.startswith("knowledge/sv/a/a") for line in faults(write({f"{deep}/x.md": article()})))


def test_content_is_found_where_it_stands(write: Write, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The chosen folder or none; else the working one; else the checkout the code stands in."""
    root, empty = write(), tmp_path_factory.mktemp("empty")
    assert content.locate(root, empty) == root
    assert content.locate(None, root) == root
    assert content.locate(None, empty) == REPOSITORY
    with pytest.raises(BadContent, match="SAMJOUR_CONTENT_DIR"):
        content.locate(empty, root)


# ---- examples ----------------------------------------------------------------------------------------


LIE = WHOLE["policies/access.yaml"].replace(
    "facts: [vetted], allowed: false", "facts: [active], allowed: false", 1
)
UNTRUE: list[tuple[dict[str, str | bytes | None], str]] = [
    ({"policies/access.yaml": LIE}, "policies/access.yaml: everybody-asks: examples.2: is allowed by everybody-asks"),
    ({"policies/guard.yaml": guard_file(examples=["skriv till nn@example"])}, "policies/guard.yaml: examples.0: "),
    ({"policies/retention.yaml": retention_file(erased=True)}, "policies/retention.yaml: library: examples.0: it is kept"),
    ({SV: texts(**{"button.long": "x" * 41}), EN: texts(**{"button.long": "x"})}, "bot/texts: button.long: a button"),
    ({SV: texts().replace("matter.", "mattter."), EN: texts().replace("matter.", "mattter.")}, "bot/texts: matter.child: is missing"),
    ({POLISEN: police(label="x" * (MAX_BUTTON + 1))}, "policies/organisations: districts.lpo-alpha: label: a button"),
    ({ARTICLE: article(questions=["???", *[f"zzz{n} xxx{n}" for n in range(5)]])}, f"{ARTICLE}: questions.0: does not find"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "fault"), UNTRUE)
def test_an_example_that_does_not_hold_is_told(
    write: Write, changes: dict[str, str | bytes | None], fault: str
) -> None:
    """Content that can be read but does other than it says is served by nobody who ran `check`."""
    root = write(changes)
    read(root)
    articles, told = content.check(root, root / "bot/texts")
    assert articles == 1
    assert any(line.startswith(fault) for line in told), told


def test_local_fields_come_from_the_organisations_numbers(write: Write) -> None:
    """The number's id names the field; another organisation's number is not this one's."""
    found = read(write())
    assert local_fields(found.structure.organisations[OrganisationId("alpha")]) == {"jour_number": NUMBER}


def test_the_real_content_has_no_fault() -> None:
    """What is served tonight reads whole, and every example in it holds."""
    articles, told = content.check(REPOSITORY)
    assert told == []
    assert articles >= 30
