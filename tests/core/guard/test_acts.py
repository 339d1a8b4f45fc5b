"""A word that is a name too is one where only a person can stand, and nowhere else."""

import pytest

from bot.core.guard import GuardRules, SpanType, find


def names(rules: GuardRules, text: str) -> list[str]:
    return [text[span.start : span.end] for span in find(rules, text) if span.type is SpanType.NAME]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("lo vill inte prata med er", "lo"),
        ("liv har skurit sig igen", "liv"),
        ("Sten kastade sten på oss", "Sten"),
        ("sol är 7 och ensam", "sol"),
        ("när björn sov tog de barnet", "björn"),
        ("sa björn var han sov", "björn"),
        ("träffade liv på torget", "liv"),
        ("pratade med my innan", "my"),
        ("bebis sol gråter", "sol"),
        ("hennes lillebror storm är med", "storm"),
        ("rut palm 15 vägrar", "rut palm"),
        ("dom kallar honom Knatten", "Knatten"),
        ("på insta kallar hon sig lillkungen", "lillkungen"),
        ("känd som Professorn på torget", "Professorn"),
        ("p-o rönnqvist svarar inte", "p-o rönnqvist"),
        ("snackade med xhavira nyss", "xhavira"),
        ("enligt zhyrina är han farlig", "zhyrina"),
        ("sjögren är sur", "sjögren"),
        ("patrullen med nyström väntar", "nyström"),
        ("asså rut äter inte", "rut"),
        ("jag tror vilda har ringt själv", "vilda"),
        ("ska love berg hem t sin pappa", "love"),
        ("fingal o hans hund är här", "fingal"),
        ("storm tog sin väska", "storm"),
        ("zyndrel är hennes nye kille", "zyndrel"),
        ("lo från Alby vägrar", "lo"),
        ("där satt ikaros ja han heter så", "ikaros"),
        ("kompisen Tösen (kallas så) gömmer henne", "Tösen"),
        ("hej max hur går det", "max"),
        ("pappan till freja är här", "freja"),
        ("min patrullkollega Rönn är på väg", "Rönn"),
        ("al-zyndrani är efterlyst", "al-zyndrani"),
        ("familjen Brännvall i Tyresö", "Brännvall"),
    ],
)
def test_a_person_is_seen_by_what_is_done(rules: GuardRules, text: str, name: str) -> None:
    """By verbs of people, by an age, by kin, by whom one speaks with; in any spelling."""
    assert names(rules, text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "lo har setts vid tippen",
        "liv kan gå förlorade",
        "sten kastades mot bussen",
        "sol hela dagen",
        "björn i trädgården",
        "storm väntas i natt",
        "lucia blir värst i år",
        "hittade sten och glas",
        "enl sol ska det ske",
        "pratade med växeln",
        "snackade med jouren",
        "media vill ha svar",
        "det säger tvärtom i boken",
        "Max är stängt",
        "vårdcentral Kronan stängd",
        "avdelning Hugin svarar inte",
        "Maria Magdalena kyrka har öppet",
        "Selma Lagerlöfs torg är tomt",
        "Oscars kyrka är låst",
        "Ale kommun och Mark säger nej",
        "temp minus 9",
        "sov max en timme",
        "kräva max tre timmar",
        "erik dahlbergsgatan är avstängd",
        "olof palmes gata är tom",
        "per albin hanssons väg är isig",
        "en hund o linda runt handen",
        "vill ha pengar för att lämna tbx",
        "plats på Rudbeck från måndag",
        "vi jobbar på Way Out West",
    ],
)
def test_the_same_words_are_nobody_elsewhere(rules: GuardRules, text: str) -> None:
    """Weather, animals, places, houses and trades are not persons."""
    assert names(rules, text) == []
