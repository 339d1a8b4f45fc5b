import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.library.danger import immediate

NOW = """hon andas inte
pojken har slutat andas
killen i trappan är medvetslös
medvettslös tjej på toaletten
mannen har ingen puls
det brinner och barnen är kvar inne
han skjuter mot bussen
skottlosning vid skolan
någon kastade en handgranat mot porten nyss
han hotar sin fru med kniv just nu
mannen går runt med yxa i trapphuset
kille med svärd ser demoner och är på väg in
han stryper henne
dom slår honom fortfarande, han ligger ner
hon vrålar på hjälp bakom låst dörr
tjejen släpas in i en bil
flicka står på bron och vill hoppa
hon har hängt sig
tagit en burk tabletter nyss och går inte att väcka
fyraåring försvann från lekparken nyss
tvååring ensam på balkongen
full mamma kör nu med barnen i bilen
han har hällt bensin över sig själv
planet lyfter om en timme och flickan ska könsstympas
dement man i snön i bara tofflor
person ligger på spåret
spädbarn krampar
vad gör vi, han skjuter
man is shooting at people
girl not breathing
he is beating her right now
pojken blöder kraftigt""".splitlines()

NOT_NOW = """vad gör vi om någon blir skjuten
vad räknas som livsfara
hur agerar man vid självmordshot
rutin vid pågående dödligt våld
utbildning om barn som drunknar
straff för att hota med kniv
får vi ta kniven från en elev
han blev knivhuggen förra veckan, får soc veta
kvinnan utsattes för strypgrepp i somras
pojken försökte hoppa från bron för två år sedan
mannen slog henne igår
han har slagit henne tidigare
det brann i källaren i våras
efter skottlossningen, vem ger krisstöd
hon är rädd att han slår henne när han kommer hem
pappan brinner för fotboll
vi skjuter upp förhöret
hon dör av skratt
skjutsa hem ungdomen
brandmannen undrar om soc kommer
slå en signal till jouren
mamman skriker på barnen varje dag
pappan hotar socialsekreteraren på telefon
sexåring ensam hemma på kvällen, anmäla
ungdomen avvek i går från hvb
grannen spelar hög musik
misstänkt bortgifte nästa månad
när ska vi larma 112 och när ringa jouren
övning med skottlossning på måndag
han är misstänkt för mordbrand""".splitlines()


@pytest.mark.parametrize("told", NOW)
def test_danger_told_of_is_seen(told: str) -> None:
    """Whoever tells of danger to life right now is told to call."""
    assert immediate(told)


@pytest.mark.parametrize("told", NOW)
def test_danger_is_seen_without_dots_and_in_capitals(told: str) -> None:
    """Shouted, or typed without å, ä and ö, it is the same danger."""
    assert immediate(told.upper().translate(str.maketrans("ÅÄÖ", "AAO")))


@pytest.mark.parametrize("told", NOT_NOW)
def test_past_supposed_and_figurative_danger_is_not(told: str) -> None:
    """A flag that is always up is not seen."""
    assert not immediate(told)


@given(st.text(max_size=500))
def test_any_text_is_judged(text: str) -> None:
    """No text breaks the judgement."""
    assert immediate(text) in {True, False}
