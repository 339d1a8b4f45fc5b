"""Numbers that are somebody's, and numbers that are nobody's."""

import phonenumbers
import pytest

from bot.core.guard import GuardRules, SpanType, find
from bot.core.guard.birth import is_birth, is_spoken
from bot.core.guard.spoken import readings


def types(rules: GuardRules, text: str) -> list[SpanType]:
    return [span.type for span in find(rules, text)]


@pytest.mark.parametrize(
    "written", ["120415-9817", "20120415-9817", "1204159817", "201204159817", "120415+9817"]
)
@pytest.mark.parametrize("before", ["", "pnr ", "(", "hon är ", "nr:"])
def test_a_personal_number_is_found_however_it_is_written(
    rules: GuardRules, written: str, before: str
) -> None:
    """With and without century, with and without a sign: always."""
    text = f"{before}{written} säger hon"
    assert [(span.start, span.end) for span in find(rules, text)] == [
        (len(before), len(before) + len(written))
    ]
    assert types(rules, text) == [SpanType.PERSONNUMMER]


@pytest.mark.parametrize("digits", [f"120415-{n:04}" for n in range(9800, 10000, 7)])
def test_a_wrong_check_digit_is_still_somebody(rules: GuardRules, digits: str) -> None:
    """An officer who mistypes still names a person."""
    assert types(rules, f"pojken {digits} är borta") == [SpanType.PERSONNUMMER]


@pytest.mark.parametrize("day", range(61, 92))
def test_sixty_more_is_a_coordination_number(rules: GuardRules, day: int) -> None:
    """A day between 61 and 91 makes it a coordination number, with a sign or without."""
    assert types(rules, f"hon har 2012-04-{day} inte") == []
    assert types(rules, f"hon har 201204{day}-9812 nu") == [SpanType.SAMORDNINGSNUMMER]
    assert types(rules, f"hon har 8804{day}9812 nu") == [SpanType.SAMORDNINGSNUMMER]


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23 14:30 kom vi fram",
        "20261123 1430 kom vi fram",
        "2026-11-23 10-12 är det möte",
        "möte 22/1 10-12",
        "13 av 20 kom 2026",
        "talgrupp 4523 och 4410",
        "kvitto 1 249 kr och 12 500 kr",
        "1213324-98 är för kort",
        "12345678901234567890 är för långt",
        "SoL 19:1, 20:1-20:3, 12 a §",
        "lagen (1991:481) och 2025:400",
        "prop. 2024/25:89 s. 112",
        "ring 112, 114 14, 116 111 eller 1177",
        "020-50 50 50 och 0771-22 00 60",
        "temp 38,5 och puls 120",
    ],
)
def test_these_figures_are_nobodys(rules: GuardRules, text: str) -> None:
    """Times, sums, law and public numbers pass."""
    assert types(rules, text) == []


def test_a_mobile_number_is_not_a_coordination_number(rules: GuardRules) -> None:
    """070-1740640 without its dash begins like a day of birth plus 60; it is a telephone."""
    for number in range(605, 700):
        assert types(rules, f"ring 0701740{number}") == [SpanType.PHONE]


@pytest.mark.parametrize(
    "kind", [phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE]
)
def test_the_numbering_plan_is_known(rules: GuardRules, kind: int) -> None:
    """The library's own example numbers are found, plain, dashed, spaced and with the country."""
    number = phonenumbers.example_number_for_type("SE", kind)
    assert number is not None
    national = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    plain = "".join(filter(str.isdigit, national))
    for written in (national, national.replace("-", " "), plain, phonenumbers.format_number(number, 0)):
        assert types(rules, f"hon svarar {written} ibland") == [SpanType.PHONE], written


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        ("tolv", {"12"}),
        ("noll sju", {"07"}),
        ("fyrtiosex", {"46"}),
        ("fyrtio sex", {"406", "46"}),
        ("fyrtio noll", {"400"}),
        ("tjugohundratolv", {"2012"}),
        ("tvåtusenfem", {"2005"}),
        ("nittonhundraåttioåtta", {"1988"}),
        ("noll sju 17", {"0717"}),
        ("tolv streck elva", {"1211"}),
        ("1234", set()),
        ("nittonhundraxyz", {""}),
    ],
)
def test_number_words_can_be_read(words: str, figures: set[str]) -> None:
    """A ten and a unit can be one number or two; both are kept. Figures alone are not words."""
    assert set(readings(words)) == figures


def test_readings_are_bounded() -> None:
    """Many tens and units do not multiply without end."""
    assert len(readings("fyrtio sex " * 7)) == 32
    assert readings("fyrtio sex " * 8) == ()
    assert len(readings("fyrtio sex " * 8, most=40)) == 32


def test_a_birth_has_a_calendar() -> None:
    """Month and day decide; a century that nobody alive was born in does not."""
    assert is_birth("1204319817")
    assert not is_birth("1213019817")
    assert not is_birth("1200019817")
    assert not is_birth("1204329817")
    assert not is_birth("171204019817")
    assert not is_birth("12040198")
    assert is_birth("1204759817", added=60)
    assert not is_birth("1204159817", added=60)


def test_a_spoken_mobile_is_no_birth() -> None:
    """What begins as a mobile number does is read as one."""
    assert is_spoken(("1204159817",))
    assert not is_spoken(("0705129817",))
    assert not is_spoken(())


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lvu 123", []),
        ("ABC123", [SpanType.PLATE]),
        ("abc 123 kr", [SpanType.PLATE]),
        ("rum 214", []),
        ("box 311", []),
        ("tog 500 kr", []),
        ("iqv 123", []),
        ("åäö 123", []),
        ("Storgatan 7", [SpanType.ADDRESS]),
        ("på Storgatan sju killar", []),
        ("Skolgården 5 killar", []),
        ("vägen 5", []),
        ("mål om LVU 2024", []),
        ("ärende 2024", []),
        ("ärende 20241", [SpanType.CASE_NUMBER]),
        ("JO 682-2014", []),
        ("JO dnr 682-2014", []),
        ("dnr 682-2014", [SpanType.CASE_NUMBER]),
        ("NO93 8601 1117 947", [SpanType.ACCOUNT]),
        ("NO92 8601 1117 947", [SpanType.ACCOUNT]),  # a wrong check digit is still somebody's
        ("dnr 2026-SOF-00892 vem har den", [SpanType.CASE_NUMBER]),
        ("beslut i LVU-2026:118 klart", [SpanType.CASE_NUMBER]),
        ("LVU 1990:52", []),
        ("SoL gäller från 2025-07-01", []),
        ("migr 12-345871 saknar foto", [SpanType.CASE_NUMBER]),
        ("kfm säger U 44120-25", [SpanType.CASE_NUMBER]),
        ("AA-10233-26 är åklagarens", [SpanType.CASE_NUMBER]),
        ("polisens A123.456/2026", [SpanType.CASE_NUMBER]),
        ("händelse-id 92817263", [SpanType.CASE_NUMBER]),
        ("pass 18:00-02:00", []),
        ("3300 9902141 nordea säger hon", [SpanType.ACCOUNT]),
        ("5357 00 123 45 vem äger", [SpanType.ACCOUNT]),
        ("445566-7 plusgiro", [SpanType.ACCOUNT]),
        ("lönen betalas 2026-11-25", []),
        ("2026-11-23 stängde banken", []),
        ("babyn kom i världen 21 november 2026", [SpanType.DOB_CONTEXT]),
        ("f.d. 07-02-15 i passet", [SpanType.DOB_CONTEXT]),
        ("han fyllde femton den 21", [SpanType.DOB_CONTEXT]),
        ("hen fyller i blanketten den 3 maj", []),
        ("snap visar bråk", []),
        ("snap exempel_kille", [SpanType.URL_HANDLE]),
        ("insta heter exempelkille", [SpanType.URL_HANDLE]),
        ("läs på polisen.se/orosanmalan", []),
        ("https://example.org/x", [SpanType.URL_HANDLE]),
        ("t.ex. kl. 14.30", []),
        ("skickat 3/11 2026", []),
        ("född 3/11 2016", [SpanType.DOB_CONTEXT]),
        ("årskull 2012", []),
    ],
)
def test_context_decides(rules: GuardRules, text: str, wanted: list[SpanType]) -> None:
    """The same figures are somebody's or nobody's by what stands beside them."""
    assert types(rules, text) == wanted
