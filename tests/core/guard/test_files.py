"""The files: read strictly, told by place, never echoed."""

import pytest

from bot.core.errors import BadContent
from bot.core.guard import GuardRules, Lexicon, SpanType, build, find, read_lexicon, read_rules, run_examples

SECRET = "HEMLIGT"


@pytest.fixture(scope="session")
def lexicon(names_text: str, words_text: str) -> Lexicon:
    return read_lexicon(names=names_text, words=words_text)


def changed(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("parts:\n", "parts:\n  x: 1\n", "parts.x"),
        ("parts:\n", f"{SECRET}: 1\nparts:\n", SECRET),
        ("parts:\n", "parts:\nparts:\n", "stands twice"),
        ("parts:\n", "parts: [\n", "not YAML"),
        ("  - id: email\n", "  - id: link\n", "link: id: stands 2 times"),
        ("  - id: email\n", "  - id: E-mail\n", "rules.0.id"),
        ("    type: EMAIL\n", f"    type: {SECRET}\n", "email: type: there is no such type"),
        ("    needs: at\n", f"    needs: {SECRET}\n", "rules.0.needs"),
        ("    because: An address with @.\n", "", "rules.0.because"),
        ("  verb: ", "  adverb: ", "shapes.adverb"),
        ("phases: [question]", f"phases: [{SECRET}]", "decisions.0.phases"),
        ("    warn: []\n", "    warn: [NAME]\n", "guard-question: a type is stopped or warned of, not both"),
        ("[NAME:Ulrika Ekdahl]", "[NAMN:Ulrika Ekdahl]", "examples.0: there is no such type"),
        ('  - "112"\n', '  - "1x2"\n', "public_numbers.0"),
    ],
)
def test_a_faulty_rule_file_is_refused(rules_text: str, old: str, new: str, told: str) -> None:
    """The fault is told by its place; the value that stands there is not repeated."""
    with pytest.raises(BadContent) as error:
        read_rules(changed(rules_text, old, new))
    assert told in str(error.value)
    if told != SECRET:
        assert SECRET not in str(error.value)


def test_a_missing_shape_is_told(rules_text: str) -> None:
    """Every shape that the code asks for stands in the file."""
    at = rules_text.index("  verb: ")
    with pytest.raises(BadContent, match=r"shapes\.verb: is missing"):
        read_rules(rules_text[:at] + rules_text[rules_text.index("\n", at) + 1 :])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("check: unusual", "check: magic", "handle-at: there is no such check or growth"),
        ("grow: street", "grow: magic", "street: there is no such check or growth"),
        (
            "pattern: '«b»«numrun»«e»'",
            "pattern: '«b»«numbers»«e»'",
            "personal-spoken: there is no such part: numbers",
        ),
        (
            "pattern: '«b»«numrun»«e»'",
            "pattern: '(«b»'",
            "personal-spoken: pattern: this is no regular expression",
        ),
        ("pattern: '«b»«numrun»«e»'", "pattern: '(a)(b)'", "personal-spoken: pattern: one plain group"),
        ("pattern: '«b»«numrun»«e»'", "pattern: '(?P<x>a)'", "personal-spoken: pattern: this does not mean"),
        ("pattern: '«b»«numrun»«e»'", r"pattern: '\d+'", "personal-spoken: pattern: this does not mean"),
        ("pattern: '«b»«numrun»«e»'", "pattern: 'a$'", "personal-spoken: pattern: this does not mean"),
        ("pattern: '«b»«numrun»«e»'", "pattern: 'allé'", "personal-spoken: pattern: this does not mean"),
        ("pattern: '«b»«numrun»«e»'", "pattern: 'a*'", "personal-spoken: pattern: one plain group"),
        ("  month: '", "  month: '«month»", "one plain group"),
        ("  verb: '", "  verb: '(", "shapes.verb: pattern"),
    ],
)
def test_a_rule_that_cannot_be_compiled_is_refused(
    rules_text: str, lexicon: Lexicon, old: str, new: str, told: str
) -> None:
    """Unknown checks and parts, parts that never end, patterns that Python and JavaScript do not share."""
    with pytest.raises(BadContent) as error:
        build(lexicon, read_rules(changed(rules_text, old, new)))
    assert told in str(error.value)


def test_an_example_that_does_not_hold_is_told(rules_text: str, lexicon: Lexicon) -> None:
    """By its number, without its words."""
    text = changed(rules_text, "[NAME:Ulrika Ekdahl]", "Ulrika [NAME:Ekdahl]")
    assert run_examples(build(lexicon, read_rules(text))) == ["examples.0: the guard finds something else"]


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ("anna\n[first]\nbo", "names, line 1: words before the first list"),
        ("[first]\nanna\n[firsts]\n", "names, line 3: there is no such list"),
        ("[first]\nanna\n[ordinary]\nbo", "names, line 3: there is no such list"),
        ("[first]\nanna\n", "names: lists without words: first_weak, last, last_weak"),
        ("[first]\n[first_weak]\nbo\n[last]\nek\n[last_weak]\nlind\n", "names: lists without words: first"),
        (
            "[first]\n"
            + " ".join(f"a{n}" for n in range(50_001))
            + "\n[first_weak]\nbo\n[last]\nek\n[last_weak]\nx\n",
            "hold at most 50000 words",
        ),
    ],
)
def test_a_faulty_word_list_is_refused(words_text: str, names: str, told: str) -> None:
    """Told by file and line."""
    with pytest.raises(BadContent) as error:
        read_lexicon(names=names, words=words_text)
    assert told in str(error.value)


def test_words_are_folded_as_texts_are(names_text: str, words_text: str) -> None:
    """José stands as jose, gül as the everyday word gul: then it is a weak name."""
    lexicon = read_lexicon(names=names_text + "\n[first]\nJosé gül\n", words=words_text)
    assert "jose" in lexicon.first
    assert "gul" not in lexicon.first
    assert "gul" in lexicon.first_weak


def test_strong_and_everyday_words_are_apart(rules: GuardRules) -> None:
    """No word is surely a name and surely none."""
    lexicon = rules.know.lexicon
    everyday = lexicon.ordinary | lexicon.place | lexicon.public
    assert not everyday & lexicon.first
    assert not everyday & lexicon.last


def test_numbers_and_sites_of_the_file_are_let_through(rules_text: str, lexicon: Lexicon) -> None:
    """What is taken out of the public lists is stopped."""
    built = build(lexicon, read_rules(changed(rules_text, "  - polisen.se\n", "")))
    assert [span.type for span in find(built, "se https://polisen.se/x")] == [SpanType.URL_HANDLE]
