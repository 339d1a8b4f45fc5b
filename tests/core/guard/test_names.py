"""Names: the lists know many, the words around find more, and everyday words are nobody's name."""

import pytest

from bot.core.guard import GuardRules, SpanType, find


def names(rules: GuardRules, text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(rules, text) if span.type is SpanType.NAME]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ring Malena innan skolan", ["Malena"]),
        ("ring malena innan skolan", ["malena"]),
        ("Annas unge är borta", ["Annas"]),
        ("Ulla-Britt Öman-Sjö ringde", ["Ulla-Britt Öman-Sjö"]),
        ("Joakim von Essen har vårdnaden", ["Joakim von Essen"]),
        ("Rasmus W är här", ["Rasmus W"]),
        ("Anna K. Berg är här", ["Anna K. Berg"]),
        ("C-G Wennberg hyr ut", ["C-G Wennberg"]),
        ("E. Tapper anmälde", ["E. Tapper"]),
        ("josefin brolin, hon är här", ["josefin brolin"]),
        ("roland fält, på macken", ["roland fält"]),
        ("tuva blöder näsblod", ["tuva"]),
        ("Edit o Algot", ["Edit", "Algot"]),
        ("sofia och emil", ["sofia", "emil"]),
        ("José, Zoë och Şerife", ["José", "Zoë", "Şerife"]),
        ("KEVIN LARSSON ÄR HÄR", ["KEVIN LARSSON"]),
    ],
)
def test_names_in_the_lists(rules: GuardRules, text: str, found: list[str]) -> None:
    """A name is found in any spelling, with what belongs to it, and without what follows."""
    assert names(rules, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hon heter Zyndra", ["Zyndra"]),
        ("hon heter visst zyndra", ["zyndra"]),
        ("namn: Zyndra", ["Zyndra"]),
        ("Knorren kallas han", ["Knorren"]),
        ("skriven c/o Rask", ["Rask"]),
        ("hemma hos Ströms är det kaos", ["Ströms"]),
        ("familjen Berg vill flytta", ["Berg"]),
        ("mamman Vyrdis gråter", ["Vyrdis"]),
        ("bror till Vyrdis", ["Vyrdis"]),
        ("vi såg Vyrdis springa", ["Vyrdis"]),
        ("Vyrdis Quelding hotar oss", ["Vyrdis Quelding"]),
        ("Vyrdis hotar oss", ["Vyrdis"]),
        ("Vyrdis 13 tog på sig allt", ["Vyrdis"]),
        ("Vyrdis o Emil", ["Vyrdis", "Emil"]),
        ("vyrdis bergströmsson är borta", ["vyrdis bergströmsson"]),
        ("hos Le Van Thanh", ["Le Van Thanh"]),
    ],
)
def test_names_in_no_list(rules: GuardRules, text: str, found: list[str]) -> None:
    """What stands around a word can say that it is a name."""
    assert names(rules, text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Stig sa att barnen sov", ["Stig"]),
        ("Stig in i bilen", []),
        ("hans fru Maj är sjuk", ["Maj"]),
        ("i maj är det lugnt", []),
        ("den 3 Maj är det möte", []),
        ("en Rosa jacka", []),
        ("vi såg Rosa springa", ["Rosa"]),
        ("Björn i skogen", []),
        ("Bo nära skolan", []),
        ("Bo, 14, är borta", ["Bo"]),
        ("Tor 18 passar bra", []),
        ("kalle och hans mamma", ["kalle"]),
        ("frida o max ska hem", ["frida", "max"]),
        ("vi åker till Nora", []),
        ("Nora Berg är här", ["Nora Berg"]),
        ("Rut-avdrag på städning", []),
    ],
)
def test_names_that_are_everyday_words(rules: GuardRules, text: str, found: list[str]) -> None:
    """A name that is a word as well counts only where something says so."""
    assert names(rules, text) == found


@pytest.mark.parametrize(
    "text",
    [
        "Granntanten ringde igen",
        "Polismyndigheten region Syd undrar",
        "SoL, OSL och LVU gäller",
        "Bergsjön o Hammarkullen samma natt",
        "Skäret, Ängen, Fyren: tre avdelningar",
        "Enskede-Årsta-Vantör svarar inte",
        "Katarina kyrka är låst",
        "Karolinska Huddinge barnakuten",
        "Kista galleria stänger",
        "ligger på Norra Kvarnholmen",
        "lex Sarah och lex Maria",
        "Sankt Lukas samtalsstöd",
        "FREDA är gjord, hög risk",
        "Sara-bedömning behövs",
        "heter det förnamn eller efternamn",
        "mamman är berusad och pappan sover",
        "Utgångspunkten är sekretess",
        "Offentlighets- och sekretesslagen",
        "VAD GÄLLER ENLIGT LVU",
        "what does the law say about safety",
    ],
)
def test_what_is_nobodys_name(rules: GuardRules, text: str) -> None:
    """Places, organisations, methods, laws and everyday words pass."""
    assert names(rules, text) == []


def test_a_name_is_bounded(rules: GuardRules) -> None:
    """A long row of names is cut into names of a few words."""
    found = names(rules, "Anna " * 12)
    assert len(found) == 2
    assert all(len(name.split()) == 6 for name in found)
