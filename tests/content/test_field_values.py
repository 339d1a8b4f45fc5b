"""Values that organisations fill into articles: typed, bounded, refused where they are not what they say, missing when empty."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import content as files
from bot.core.errors import BadContent
from bot.core.field_values import MAX_VALUE, FieldKind, FieldValue, value_fault
from bot.core.ids import OrganisationId
from bot.core.library.article import WithheldReason, filled, readable
from bot.core.local_fields import local_fields
from bot.flow.reading import reader_at
from bot.web.html import el
from tests.content.test_content import ALPHA, ARTICLE, NUMBER, article, board, write

__all__ = ["write"]  # the fixture

Write = Callable[..., Path]
DAY = date(2026, 11, 1)
GOOD = {
    FieldKind.TEXT: ("", "Malmö socialkontor, plan 3", "mån-fre 8-16", "Å", "100 meter in", "x" * MAX_VALUE),
    FieldKind.WEB: (
        "",
        "https://exempel.se",
        "https://www.exempel.se/orosanmalan/barn_1?sprak=sv&b=1",
        "https://a-b.exempel.se/",
        "https://exempel.se/%C3%A5",
    ),
    FieldKind.EMAIL: ("", "socialjouren@exempel.se", "a.b-c+d@x.exempel.se", "1@exempel.se"),
}
BAD = {
    FieldKind.TEXT: (
        " framme", "inne ", "en\nrad", "en\trad", "ring 070-1740605", "0701740605", "se https://exempel.se",
        "www.exempel.se", "a@exempel.se", "{jour_number}", "<b>", "\u202eesab", "a\u200bb", "a\u2028b", "\x00", "x" * (MAX_VALUE + 1),
    ),
    FieldKind.WEB: (
        "exempel.se", "http://exempel.se", "https:///a", "https://exempel", "https://EXEMPEL.se", "javascript:alert(1)",
        "https://a@exempel.se", "https://exempel.se:8080/", "https://exempel.se/#a", "https://127.0.0.1/", "https://exempel.se/a b",
        'https://exempel.se/"', "https://exempel.se/<", " https://exempel.se", "https://exempel.se\n", "https://-a.se", "https://exempel.se/å",
    ),
    FieldKind.EMAIL: (
        "exempel.se", "a@exempel", "a@@exempel.se", "A@exempel.se", "a b@exempel.se", "a@exempel.se\n", "<a@exempel.se>", ".a@exempel.se",
        "mailto:a@exempel.se", "a@exempel.se,b@exempel.se", "a@127.0.0.1",
    ),
}  # fmt: skip


def field(kind: str, value: str, id_: str = "anmalan") -> dict[str, str]:
    """A value as it stands in a file."""
    return {"id": id_, "kind": kind, "value": value, "checked": "2026-11-01"}


def said(root: Path) -> list[str]:
    """The faults that reading tells."""
    try:
        files.read(root, root / "bot/texts")
    except BadContent as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in GOOD.items() for value in values]
)
def test_what_is_of_its_kind_is_taken(write: Write, kind: str, value: str) -> None:
    """It is found under its name, as it stands in the file."""
    root = write({ALPHA: board(fields=[field(kind, value, "orosanmalan-barn")])})
    content = files.read(root, root / "bot/texts")
    found = local_fields(content.structure.organisations[OrganisationId("alpha")])
    assert found == {"jour_number": NUMBER, f"orosanmalan_barn_{kind}": value}


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in BAD.items() for value in values]
)
def test_what_is_not_is_refused_without_repeating_it(write: Write, kind: str, value: str) -> None:
    """One fault, with file and field; what stood there may be anything, and is not printed."""
    told = said(write({ALPHA: board(fields=[field(kind, value)])}))
    assert len(told) == 1
    assert told[0].startswith((f"{ALPHA}: fields.anmalan_{kind}: value: ", f"{ALPHA}: fields.0.value: "))
    assert value.strip() not in told[0]


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ([field("number", "1")], "fields.0.kind: "),
        ([field("web", "", "Anmalan")], "fields.0.id: "),
        ([field("web", "", "a1")], "fields.0.id: "),
        ([field("web", "", "a" * 33)], "fields.0.id: "),
        ([field("web", "") | {"checked": "snart"}], "fields.0.checked: "),
        ([field("web", "") | {"by": "någon"}], "fields.0.by: "),
        ([field("web", ""), field("web", "https://exempel.se")], "fields.anmalan_web: stands 2 times"),
        ([field("text", "", "a" * (n + 1)) for n in range(20)] * 4, "fields: "),
    ],
)
def test_a_field_has_a_name_a_kind_and_a_day(write: Write, fields: list[dict[str, str]], fault: str) -> None:
    """Nothing else, each once, and no more than an organisation can look after."""
    told = said(write({ALPHA: board(fields=fields)}))
    assert any(line.startswith(f"{ALPHA}: {fault}") for line in told), told


def test_an_article_that_asks_for_what_nobody_has_is_refused(write: Write) -> None:
    """Also when somebody has it as another kind: an address is not put where a text was meant."""
    body = "Anmäl på {anmalan_web}."
    for fields in ([], [field("text", "x")], [field("email", "a@exempel.se")]):
        told = said(write({ALPHA: board(fields=fields), ARTICLE: article(body=body)}))
        assert told == [f"{ARTICLE}: body: no organisation has {{anmalan_web}}"]


def test_an_article_that_needs_an_empty_value_is_withheld(write: Write) -> None:
    """There, and everywhere: no half sentence is given. Filled in, it reads with the value."""
    body = "Anmäl på {anmalan_web}, {besok_text}."
    for value, why in (("", WithheldReason.MISSING_FIELD), ("https://exempel.se/a", None)):
        fields = [field("web", value), field("text", "plan 3", "besok")]
        root = write({ALPHA: board(fields=fields), ARTICLE: article(body=body)})
        content = files.read(root, root / "bot/texts")
        (one,) = content.articles
        at = files_at()
        for place in (content.structure.organisations[OrganisationId("alpha")], None):
            reader = reader_at(content.structure, place, at)
            found = readable(one, today=DAY, org=None, drafts_allowed=True, fields=reader.fields)
            assert found is why
            if why is None and place is not None:
                assert filled(one, reader.fields) == "Anmäl på https://exempel.se/a, plan 3."


def files_at() -> datetime:
    """A day on which nothing has expired."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@given(
    st.sampled_from(FieldKind),
    st.text(max_size=40) | st.sampled_from([one for many in (*GOOD.values(), *BAD.values()) for one in many]),
)
def test_nothing_that_is_taken_can_be_more_than_a_value(kind: FieldKind, value: str) -> None:
    """Whatever is taken is one printable line, asks for no other field, and is its own text on a page but for & and quotes."""
    found = FieldValue(id="a", kind=kind, value="", checked=DAY)
    value = value[:MAX_VALUE]
    if value_fault(replace(found, value=value)) is None:
        assert value.isprintable()
        assert value == value.strip()
        assert not set("{}<>") & set(value)
        assert "<" not in el("p", None, value).markup.removeprefix("<p>").removesuffix("</p>")
