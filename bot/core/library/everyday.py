"""Everyday words of Swedish authorities that mean about the same, written by hand: whoever asks with one is answered with another."""

from typing import Final

from bot.core.library.glossary import Glossary, Term

GROUPS: Final = (
    "pengar ersättning belopp utbetalning utbetalas summa",
    "kosta kostnad avgift pris betala taxa kronor kr betalning",
    "jobb jobba arbete arbeta anställning anställd arbetsplats arbetsgivare",
    "ansöka ansökan söka sökande ansöker",
    "anmäla anmälan anmäler rapportera",
    "förälder föräldrar vårdnadshavare mamma pappa",
    "barn minderårig bebis",
    "tappa förlora borttappad försvunnit förlust stulen stöld",
    "utomlands utlandet länder resa",
    "sjuk sjukdom vård läkare läkarintyg sjukskriven",
    "ringa telefon kontakta kundtjänst kundcenter meddelande kontakt",
    "ändra ändring rätta omprövning korrigera justera fel felaktig",
    "överklaga överklagande omprövning förvaltningsrätt domstol klaga",
    "avslag nej avböja neka nekad",
    "legitimation id-kort legitimera körkort id-handling identitet",
    "bo bostad lägenhet hus hem boende hyra",
    "flytta flytt adress folkbokförd folkbokföring",
    "skola utbildning studera läsa plugga studier kurs",
    "lån låna lånet skuld återbetalning",
    "få rätt berättigad beviljas villkor krav",
    "handläggningstid väntetid vänta länge",
    "hjälp stöd bistånd hjälpmedel insats",
    "man make maka fru sambo gift partner makar",
    "pension pensionär ålder äldre",
    "lön inkomst tjäna inkomster löner",
    "företag eget företagare näringsverksamhet firma bolag",
    "blankett formulär e-tjänst digitalt",
    "starta börja påbörja inleda första",
    "sluta avsluta upphöra uppsägning",
    "bil fordon motorfordon",
    "skatt deklaration deklarera skatteverket skattepliktig",
    "försenad försening anstånd senast",
    "slippa befrielse befriad nedsatt nedsättning lägre",
    "dö död dödsfall avliden efterlevande",
    "skicka posta sända",
    "soptunna kärl avfall sopor",
)
EVERYDAY: Final = Glossary(
    terms=tuple(
        Term(term=words.split()[0], english=words.split()[0], code=None, same=tuple(words.split()[1:]))
        for words in GROUPS
    )
)
