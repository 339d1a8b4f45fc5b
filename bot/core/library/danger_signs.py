"""The signs of danger, as data: what tells of it, and what takes it back (past, habit, question, figure of speech)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something that tells of danger when every pattern of `all_of` is found.

    A firm sign leaves no room for another reading; the others are not taken from a question ("får vi ...", "vad
    gäller när ..."), which asks about a rule.
    """

    name: str
    all_of: tuple[re.Pattern[str], ...]
    firm: bool = False


def _sign(name: str, *all_of: str, firm: bool = False) -> Sign:
    return Sign(name=name, all_of=tuple(re.compile(rf"\b(?:{one})") for one in all_of), firm=firm)


# All patterns are read against folded words with single spaces between them; each starts at a word's start.
CHILD = r"barn|unge|bebis|spadbarn|flick|pojk|liten |dotter|son\b|tjej|kille|grabb|[0-9]aring|1[0-7]aring|kid|child|baby|girl|boy"
SMALL = r"barn|unge|bebis|spadbarn|flickan [0-9]\b|pojken [0-9]\b|liten |[0-9]aring|1[0-2]aring|kid|child|baby|toddler"
WEAPON = (
    r"\w*kniv(?!ig)|pistol|vapen|skjutvapen|yxa|machete|svard|gevar|revolver|\w*granat|bomb|sprang|hammare|jarnror|"
    r"basebolltra|flaska mot|sax mot|knife|gun|axe|weapon"
)
WIELDS = (
    r"hotar|viftar|riktar|siktar|svingar|drar fram|drog fram|jagar|springer|gar runt|pa vag|haller|mot (?:han|mig|oss|strupen|halsen)|"
    r"i handen|attackerar|gar till attack|hugger|utanfor|bankar pa|last in sig|inne i|slagsmal|threatening|waving|pointing|holding"
)
THEM = r"(?:han|henne|honom|dem|varandra|mamma|pappa|mamman|kvinna|kvinnan|flickvan|frun|fru|sambo|barn|barnet|brodern|systern|her|him|them)"

SIGNS: tuple[Sign, ...] = (
    # nobody home in the body
    _sign("not breathing", r"andas (?:inte|ej|knappt|konstigt)|slutat andas|inte andas|ingen luft|inte (?:nagon )?luft|kvavs|kvavas|not breathing|choking|cant breathe", firm=True),
    _sign("blue", r"bla (?:i ansiktet|om lapparna)|turning blue", firm=True),
    _sign("choking", r"satt i halsen|svalt nagot|fastnat i halsen", r"luft|andas|bla|hostar|halsen", firm=True),
    _sign("lifeless", r"livlos|medvetslos|avsvimmad|okontaktbar|inte kontaktbar|ingen puls|hjartstopp|hlr|unconscious|unresponsive|no pulse|lifeless"),
    _sign("no response", r"far (?:inte|ingen) kontakt|inte kontakt|vaknar inte|reagerar inte|svarar inte pa tilltal|gar inte att vacka|wont wake", r"ligger|sitter|i (?:porten|trappan|sangen|snon|badkaret|gruppen)|blek|kall|stel|bla|puls|han|gubbe|flicka|pojke|barn|uteliggare|man"),
    _sign("seizure", r"krampar|kramper|anfall nu|skummar om munnen|seizure"),
    _sign("bleeding", r"bloder|blod overallt|blod pa|forblod|pulserar blod|bleeding|blood (?:on|everywhere)|knivskuren|nedblodad"),
    _sign("drowning", r"drunkn|ramlat i (?:vattnet|kanalen|an|sjon)|under isen|gatt genom isen|drowning"),
    _sign("overdose", r"overdos|overdose|fentanyl|tagit (?:\w+ ){0,3}(?:tabletter|piller)", r"andas|bla|livlos|puls|kontakt|vaknar|medvetslos|ligger|nu|nyss|just|now|far inte|vacka"),
    _sign("overdose now", r"tar(?:git)? (?:precis |nyss |just )(?:tabletter|piller|overdos)|overdoserat nyss"),
    # weapons and blows
    _sign("shooting", r"skjuter|skottlossning|skots nyss|skot nyss|skott avlossas|hor skott|skottskad|skjutning pagar|active shooter|shots fired|shooting at|blivit skjuten|ar skjuten"),
    _sign("bomb", r"\w*granat|bomb|sprangladdning|grenade", r"kasta\w*|slang\w*|exploder\w*|tickar|nyss|threw"),
    _sign("stabbing", r"hugger|knivhugg|knivslagsmal|blivit knivhuggen|ar knivhuggen|hugg(?:it|en)|sticker han med|stabbed|stabbing"),
    _sign("weapon", WEAPON, WIELDS),
    _sign("strangling", r"strupgrepp|strypgrepp|stryper|stryps|strangulerar|kvaver|kudde over ansiktet|tar stryptag|haller for munnen|strangling|choking her"),
    _sign("beating now", r"slar|sparkar|misshandlar|bankar (?:pa|skiten)|spoar|slass|ger sig pa|beating|hitting|attackerar|drar (?:han )?i haret", rf"just nu|i detta nu|fortfarande|nu\b|hor (?:dunsar|skrik|hur)|skriker|now|last (?:in|dorren)|har last|inlast|pagar|medvetslos|{THEM}.{{0,40}}\bnu\b"),
    _sign("screams", r"skriker|vralar|skrik|screaming|gallskriker", r"hjalp|blod|dunsar|kross|ur bilen|slap|inifran|uppifran|slutade|tyst|upstairs|doda|taket|stairs"),
    _sign("attacked", r"overfall(?:s|en|er)|valdta[sr] nu|valdtas|blir valdtagen|being raped|gruppvaldt", r"nu|just|pagar|now|hjalp|i (?:parken|bilen|lagenheten)"),
    _sign("dragged off", r"slapar|slapas|drar in|tvingar in|trycker in|kidnapp|bortford|dragged|knuffar in", r"bil|ut|in i|han|henne|dem|car|nu|flick|barn"),
    _sign("death threat now", r"ska doda|hotar (?:att )?doda|tanker doda|slar ihjal|doda(?:r)? (?:han|dem|barnen|oss)|kill (?:her|him|them|us)", r"nu|just nu|star utanfor|pa vag|ikvall|kvall|now|dorren|kniv|bankar pa dorren|inne i"),
    _sign("burning someone", r"hallt (?:bensin|tandvatska)|bensin (?:pa|over)|tandare|satt eld pa|tander (?:eld )?pa", r"bensin|tandvatska|han|fru|barn|lagenhet|hus|sig|sjalv"),
    # fire and accidents
    _sign("fire", r"brinner|eldsvada|full av rok|rokfyllt|star i (?:lagor|brand)|explosion|exploderat|gaslacka|on fire|building fire|det ryker ur|brand (?:i|pa) (?:lagenhet|hus|boende|trapp|hem|skol|institution|kallare|bil)"),
    _sign("trapped", r"instangd|fast i (?:hissen|bilen|brand)|inklamd|trapped", r"brand|brinner|eld|rok|vatten|bil|last|ungdom|barn|han|fire"),
    _sign("accident", r"pakord|blivit pakort|overkord|hit by|ramlat (?:ut|ner)|fallit (?:ut|ner|fran)|kastade sig", r"bil|tag|buss|balkong|fonster|tak|spar|nu|nyss|car|train|trapp"),
    _sign("crossing tracks", r"pa (?:spar|ralsen|motorvagen|e6|e4)", rf"{CHILD}|person|gar|springer|ligger|sitter|naken"),
    # those who want to die
    _sign("cut or hanged", r"skurit upp|uppskur\w+ hand|skar (?:upp|sig i) hand|skurit sig i (?:hand|halsen)|hangt sig|hanger i (?:en )?(?:snara|rep)|snara runt|rep runt halsen|hanged|slit (?:his|her) wrists"),
    _sign("about to jump", r"hoppa|star pa|sitter pa|uppe pa|klattrat|klattrar|jump|standing on", r"(?:pa|fran|ut over|over) (?:\w+ )?(?:tak|bro|racke|balkong|fonster|spar|kran|hustak|skoltak)\w*|taket|skoltaket|bron|rackel|racket|balkongen|sparet|bridge|roof|kranen"),
    _sign("dying now", r"vill do|ska do\b|ta livet av sig|ta sitt liv|ta mitt liv|suicid|sjalvmord|kill (?:himself|herself|myself)|avskedsbrev", r"just nu|i detta nu|nu\b|kniv|rep|snara|taket|skoltaket|bron|tabletter|piller|sparet|rakblad|vapen|skriker|pistol|balkong|last in sig|now"),
    # children and others who cannot help themselves
    _sign("small child in peril", r"ensam|sjalv|utan vuxen|inlast|instangd|last (?:in|inne|inifran)|alone|klattrar", SMALL, r"balkong|balcony|window|fonster|vatten|badkar|badrum|spis|motorvag|trafik|korbana|gatan|bil(?:en)?\b|varm|tyst|is(?:en)?\b|tagspar|perrong|vattnet|street|bath"),
    _sign("child vanished", r"forsvann|forsvunn|borta|hittas inte|hittar inte|tappat bort|spruckit|vanished|missing|sparlost|ar vack", rf"{SMALL}", r"kvart|minut|halvtimme|timme|timmar|nyss|just|lekplats|strand|badplats|affar|galleria|skogen|vatten|minutes|hour|playground|morker|pyjamas"),
    _sign("drunk at the wheel", r"full|stupfull|packad|berusad|paverkad|drog|dyngrak|aspackad|drunk|hog\b", r"kor|bil|ratten|driving", rf"{CHILD}|ungarna|barnen|kids", r"just nu|i detta nu|nu\b|pa vag|mot \w+ (?:med|just|nu)|now|precis (?:kort|akt|stack)"),
    _sign("leaving the country now", r"planet|flyget|gaten|flygplats|arlanda|kastrup|landvetter|farjan|boarding|boardar|ombord|airport|gate", r"konsstymp|gifta|giftas|bort(?:gift|fors|ford)|fors ut|mutilat|married|tvang|stymp", r"nu|sitter|lyfter|gar|avgar|om \w+ (?:minuter|timm)|kvall|pa vag|[0-9]|boarding|now"),
    _sign("cold", r"snostorm|stelfrus|stel av kyla|nedkyld|forfrys|fryser ihjal|i snon|minusgrad|minus (?:[0-9]+|tio|femton|tjugo)|freezing to death|hypotherm", r"dement|alzheimer|forvirrad|gammal|farfar|farmor|mormor|morfar|gubbe|tant|barn|naken|tofflor|nattlinne|uteliggare|strumplast|pyjamas|ligger|medvetslos|man|kvinna|old|barefoot|kontakt|flicka|pojke"),
    _sign("mad with a weapon", r"ser (?:demoner|djavlar)|hor roster|psykos|psykotisk|manisk|demons|voices", WEAPON),
    _sign("child and knife", r"kniv|vapen|knife|gun", r"bebis|barn|baby|child", r"haller|mot|viftar|holding|hotar"),
)  # fmt: skip

# "What do we do" before what is happening is a cry for help, not a question about a rule.
CRY = re.compile(
    r"\b(?:vad|hur) (?:gor|ska|agerar) (?:vi|jag)(?: gora)?\b(?! (?:om|nar|vid|ifall|med|mot|i fall)\b)|\bwhat do (?:we|i) do\b(?! (?:if|when)\b)"
)
PAST = re.compile(
    r"\bi (?:gar|forrgar|fjol|somras|vintras|hostas|varas|(?:man|tis|ons|tors|fre|lor|son)dags)\b|\bigar\b|\bforra\b|"
    r"\bfor (?:\w+ ){1,2}(?:dagar|veckor|vecka|manader|manad|ar) sedan\b|\bfor lange sedan\b|\btidigare\b|\bhade\b|\bforut\b|"
    r"\bsom (?:barn|liten)\b|\bi helgen\b|\bdomd\b|\bdomdes\b|\bforundersokning|\bmisstankt for\b|\banmald\w* (?:om|for|att)\b|"
    r"\bblev (?:utsatt|slag|misshandl|overfall|valdtag|dom|knivhuggen|skjuten|slagen|hotad|gripen)\w*|\bvar med om\b|\bupphorde\b|\befter (?:en|ett|att|branden|skjutning\w*|skottlossning\w*|sprangning\w*|overfall\w*|misshandel\w*)\b|^efter\b|\b(?:yesterday|last (?:week|year|month|night))\b"
)
NOW = re.compile(
    r"\bnyss\b|\bjust nu\b|\bi detta nu\b|\bprecis nu\b|\bfortfarande\b|\bpagar\b|\bhaller pa\b|\bright now\b"
)
# A question about a rule, a word's meaning or a plan; a cry for help is told, not asked.
ASKS = re.compile(
    r"^(?:hej |ok |och |men |sa )?(?:vad|hur|nar|vem|vilk\w+|var|varfor|far|kan|ska|skall|maste|bor|behover|behovs|finns|ar det|ar|har|galler|"
    r"raknas|racker|blir|gar det|duger|tank om|om|ifall|anta|vid|what|how|when|who|can|may|should|is|does|do|must)\b|"
    r"\b(?:vad galler|vad raknas|vad menas|vad betyder|straff|domas|lagrum|paragraf|rubricer\w+|rutin\w*|definition|exempel\w*|ovning\w*|"
    r"utbildning\w*|statistik|forelasning|hypotetiskt|tank dig|sag att|ifall|film\w*|serie\w*|spel\w*|bok\w*|dataspel\w*)\b"
)
HABIT = re.compile(
    r"\b(?:radd (?:att|for)|oroar? (?:att|for)|ibland|brukar|varje (?:dag|natt|kvall|helg|vecka|gang)|ofta|alltid|sometimes|afraid (?:of|that))\b"
)
IDIOM = re.compile(
    r"\bbrinner for\b|\bskjuter (?:upp|pa (?:det|motet|forhoret|beslutet|fragan))|\bdor av (?:skratt|nyfiken|tristess)\w*|"
    r"\b(?:slar|sla) (?:en signal|numret|pa (?:namn|registret|datorn|numret)|upp|ihop|fast|vad om)|\bknivig\w*|\bbombsaker\w*|"
    r"\bbrand(?:man|bil|station|kar|skydd|ovning|varnare|filt|slackare)\w*|\bspringer (?:efter|pa) (?:bollen|toa)\w*|"
    r"\bskjuter (?:i hojden|ifran|fram)|\bbrinner (?:inne|ut)\b|\bskriker efter\b|\bhuggen for\b|\bstickprov\w*|\bkill (?:time|the)\b"
)
