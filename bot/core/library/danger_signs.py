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


# All patterns are read against folded words with single spaces between them ("hon" and "hen" stand as "han", "dom" as
# "dem": swedish.SPOKEN); each starts at a word's start.
CHILD = r"barn|unge|bebis|spadbarn|flick|pojk|liten |dotter|son\b|tjej|kille|grabb|[0-9]aring|1[0-7]aring|kid|child|baby|girl|boy"
SMALL = r"barn|unge|bebis|spadbarn|flicka\w? (?:ar )?[0-9]\b|pojke\w? (?:ar )?[0-9]\b|liten |[0-9]aring|1[0-2]aring|kid|child|baby|toddler"
WEAPON = (
    r"\w*kniv(?!ig)|pistol|vapen|skjutvapen|yxa|machete|svard|gevar|revolver|hagelbossa|k pist|ak47|\w*granat|bomb|sprang(?!d hud)|"
    r"hammare|jarnror|basebolltra|slagtra|mattkniv|skruvmejsel mot|flaska mot|sax mot|knife|gun\b|axe\b|weapon|rifle|blade"
)
PLACE = (
    r"(?:i|pa|inne i|utanfor|vid) (?:\w+ )?(?:tunnelbanan|skolan|skolgarden|centrum|trapp\w*|lagenhet\w*|korridor\w*|butik\w*|bussen|"
    r"taget|parken|gallerian|torget|gatan|garden|receptionen|vantrummet|forskolan|krogen|pizzerian|entren|hissen|stationen|boendet|school|street|station)"
)
WIELDS = (
    r"hotar|viftar|vevar|dragit|drog|drar|tagit fram|bryt\w* sig in|ta(?:r)? sig in|slar sonder|hackar|kommer emot|gick till|gar mot|mal(?:ar|et) med|riktar|siktar|svingar|drar fram|drog fram|drar (?:en )?kniv|jagar|springer|gar (?:runt|omkring|los|till attack)|pa vag|haller|"
    r"mot (?:han|mig|oss|strupen|halsen|sin|sitt|personal\w*|polis\w*|barn\w*|mamma\w*)|i handen|attackerar|hugger|utanfor|bankar pa|last in sig|"
    rf"inne i|slagsmal|laddad\w* (?:och|mot)|threatening|waving|pointing|holding|outside|inside|at the|in the|{PLACE}"
)
THEM = r"(?:han|henne|honom|dem|varandra|mamma|pappa|mamman|pappan|kvinna|kvinnan|flickvan|frun|fru|sambo|barn|barnet|brodern|systern|dottern|sonen|tjejen|killen|her|him|them)"
FULL = r"(?:tablett|piller|burk|karta|kartor|alvedon|ipren|panodil|somntablett|somnmedel|medicin|kapsl|insulin|propplosare|frostskydd|tandvatska|rattgift|lut\b|pills|bottle)"
WATER = r"(?:vattnet|vatten|poolen|pool|kanalen|an|alven|sjon|hamnen|havet|dammen|isen|brunnen|badkaret|backen|vaken|water|lake|river|pool)"
HEIGHT = r"(?:\w*rack|\w*fonst|balkong|tak\b|taket|hustak|skoltak|bro\b|bron\b|\w+bron\b|klipp|stup|kran\b|kranen|mast|avsats|karm|bleck|bridge|roof|ledge|balcony|window|railing)"

SIGNS: tuple[Sign, ...] = (
    # nobody home in the body
    _sign("not breathing", r"andas (?:\w+ )?(?:inte|ej|knappt|konstigt|daligt|rosslande)|slut(?:at|ar|ade) (?:att )?andas|(?:inte|ej|knappt|svart att) (?:\w+ )?andas|far (?:\w+ )?(?:ingen|inte|ej|knappt) (?:\w+ )?luft|ingen luft|kvavs|kvavas|kiknar|andningsstopp|andningsuppehall|(?:stopped|not|isnt|barely|cant|cannot|hardly|stops) (?:breathing|breathe)|choking|suffocating", firm=True),
    _sign("blue", r"(?:bla|gra|grablek|askgra|blatt|gratt) (?:i ansiktet|i huden)|bla(?:tt)? (?:om lapp\w+|om munnen|lappar)|lapp\w+ (?:ar |blir )?bla|blir bla\b|alldeles bla\b|turning blue|blue lips", firm=True),
    _sign("choking", r"satt i halsen|svalt|svalde|fastnat i halsen", r"luft|andas|bla\b|hostar|halsen|batteri|magnet|propplos|frat|lut\b|rattgift|gift\b|kvav|rakblad|glas", firm=True),
    _sign("lifeless", r"livlos|medvetslos|avsvimmad|svimmat|okontaktbar|(?:inte|ej) kontaktbar|ingen puls|hjartstopp|hlr|kollapsa|(?:fall|foll|ramla|sjunk|sjonk|sacka|rasa|tuppa)\w* (?:ihop|av\b|samman)|segna|helt borta och|unconscious|unresponsive|no pulse|lifeless|collapsed|passed out|hjart och lung"),
    _sign("cannot be woken", r"(?:inte|ej) (?:att )?(?:vacka|vackbar|fa (?:\w+ )?liv i|fa vaken|liv i)|vaknar (?:inte|ej)|ror sig (?:inte|ej)|wont wake|cant wake|not moving|not waking|doesnt wake"),
    _sign("no response", r"far (?:inte|ingen|ej) kontakt|(?:inte|ej) kontakt|reagerar (?:inte|ej|knappt)|svarar (?:inte|ej|knappt)|talar inte langre|not responding", r"ligger|hopsjunken|(?:sitter|hanger) (?:lutad|hopsjunken|i bilen|i snon|med huvudet)|i (?:porten|trappan|snon|badkaret|diket|vattnet)|blek|kall\b|kallsvettig|stel|bla\b|puls|overdos|blod"),
    _sign("seizure", r"krampar|kramper|rycker i (?:hela )?kropp|spritter i|skum (?:om|kring|runt|i|ur) mun|tuggan full av skum|krampanfall|kramp\b|anfall\w* (?:nu|slutar inte|ger sig inte)|epilep\w+ anfall|far anfall|fradga|skummar|seizure|convuls"),
    _sign("heart or stroke", r"hjartinfarkt|hjartattack|slaganfall|stroke\b|ont i brostet|(?:tappat|forlorat|ingen) (?:\w+ )?(?:talet|kansel|kanseln|kraften) i?|halva ansiktet|sned i ansiktet|forlamad (?:i|pa)|trycker (?:\w+ )?over brostet|brostsmart|hangande mungipa|mungipan hanger|allergisk (?:chock|reaktion)|anafyla|heart attack|insulinkoma|insulinchock"),
    _sign("birth", r"foder (?:nu|barn|i|har)|forlossning\w* (?:har startat|nu|i)|barnet (?:ar pa vag ut|kommer nu)|vattnet (?:har )?(?:gatt|gick)|(?:bebis|barn|huvud)\w* (?:ar )?pa vag ut|giving birth|in labor", r"nu|har|bil|trapp|lagenhet|golv|vag|cell|labor|birth|gatt|gick"),
    _sign("bleeding", r"bloder(?! nasblod)|blodning|blod (?:overallt|pa|sprutar|forsar|rinner|pulserar)|(?:forsar|sprutar|pulserar|rinner|valler) (?:\w+ )?blod|full av blod|tackt av blod|blodpol|pol av blod|forblod|bleeding|blood (?:on|everywhere)|knivskur|nedblodad|nerblodad|artar\w* blod"),
    _sign("drowning", rf"drunkn|under isen|genom isen|isen (?:\w+ ){{0,3}}(?:sprack|brast|brister|spricker|knakar|gav vika)|drowning|(?:ramla|fall|foll|trilla|hoppa|ligger|flyter|kort|korde|akt|sjunk)\w* (?:\w+ ){{0,3}}(?:i|pa|ner i|ned i|under|into|in) (?:\w+ ){{0,2}}{WATER}\b"),
    _sign("overdose", r"overdos|odat\b|fentanyl|nitazen|overdose|med (?:en )?(?:spruta|kanyl) i armen"),
    _sign("poisoned", rf"(?:tagit|svalt|tryckt i sig|satt i sig|tog|atit|druckit|drack|petat i sig|tar|swallowed|took|taken) (?:\w+ ){{0,4}}{FULL}", r"andas|bla\b|slo|puls|kontakt|vakna|vacka|medvet|ligger|somnar|sover|sluddrar|nu\b|nyss|just|precis|hel|alla\b|massa|mangd|full|many|all\b|[0-9]|now|far inte|propplos|frat|lut\b|gift"),
    # weapons and blows
    _sign("shooting", r"skjuter|skjutna?\b|skottlossning|skots nyss|skot nyss|skott (?:avlossas|avlossade|har|faller|foll|mot|pa|in|genom|i)|skjutit sig|skot sig|skotten|(?:hor|horde|hordes|flera|manga) skott|skottskad|skjutit (?:\w+ ){0,3}(?:han|mig|sig|mot|pa|i)|skjutning pagar|skarpa skott|shooter|shots|shooting|gunman|gunshot|been shot"),
    _sign("bomb", r"\w*granat|bomb|sprangladdning|sprangmedel|dynamit|grenade|explosive", r"kasta\w*|slang\w*|exploder\w*|tickar|nyss|ligger|hittat|hotar|last sig|pa sig|threw|throwing"),
    _sign("stabbing", r"hugger|hogg (?:han|mig|ner|nagon)|knivhugg|knivslagsmal|knivattack|knivskad|huggen|huggit|sticker (?:han|ner)|stuckit (?:han|ner|en)|stabbed|stabbing|stabs"),
    _sign("armed man", r"knivman|knivbevapnad|beva?pnad (?:man|person|kille|gar)|maskerade? (?:man|person\w*) med|armed (?:man|person)"),
    _sign("weapon", WEAPON, WIELDS),
    _sign("strangling", r"strupgrepp|strypgrepp|stryper|stryps|strangulerar|kvaver|kudde over ansiktet|stryptag|(?:hander\w*|grepp) (?:runt|om|kring) halsen|(?:trycker|pressar|klammer) (?:\w+ )?(?:pa|mot|over|om) (?:\w+ )?(?:hals|strup|ansikt|brost)\w*|haller (?:han |henne )?for munnen|strangl|choking (?:her|him|me)"),
    _sign("beating now", r"slar|slas|slagen|slagna|sparka[rsd]|misshandla[rs]|misshandlad|bankar (?:pa|skiten)|klapp|prygl|spoar|slass|ger sig pa|gar los pa|gar pa han|kastar (?:han|henne)|bultar|beating|hitting|kicking|attackerar|attackeras|drar (?:han )?i haret", rf"just nu|i detta nu|fortfarande|nu\b|nyss\b|hor (?:dunsar|skrik|hur)|skriker|now|last (?:in|dorren)|har last|inlast|pagar|medvetslos|ligger (?:\w+ )?(?:pa|ner)|i huvudet|{THEM}.{{0,40}}\bnu\b"),
    _sign("ongoing", r"pagaende|pagar|just nu|i detta nu|right now|ongoing", r"misshandel|valdtakt|slagsmal|\w*brak\b|ran\b|overfall|hotsituation|gisslan|dodligt|assault|fight|attack"),
    _sign("screams", r"skriker|vralar|skrik\b|gallskrik|nodrop|screaming|screams", r"hjalp|blod|dunsar|duns|smallar|kross|ur bilen|slap|inifran|uppifran|slutade|tystnade|blev tyst|alldeles tyst|upstairs|dod|taket|stairs|help"),
    _sign("attacked", r"overfall(?:s|en|er)|valdta[sr]\b|blir valdtagen|being raped|raping|gruppvaldt", r"nu|just|pagar|now|hjalp|i (?:parken|bilen|lagenheten|skogen|kallaren)"),
    _sign("dragged off", r"slapar|slapas|(?:drar|dras) in (?:\w+ ){0,2}i\b|tvinga[rs] in|tryck(?:er|s) in|knuffa[rs] in|slang(?:er|s) in|lyfts? in|kidnapp|bortford|bortrovad|dragged|forced into|abduct", r"bil|skapbil|baklucka|\w*van\b|ut\b|in i|han|henne|dem|car|nu|flick|barn|lagenhet|kallare"),
    _sign("hostage", r"gisslan|hostage|barrikadera|last in sig med (?:barn|fru|sin|tjej|dem|familj)", r"barn|hotar|vapen|kniv|eld|gas|dod|nu|familj|fru|personal|hostage|gisslan"),
    _sign("death threat now", r"alla (?:ska|kommer att) do\b|ska doda|hotar (?:\w+ )?doda|tanker doda|slar ihjal|sla ihjal|dodar? (?:han|dem|barnen|oss|mig)|kill (?:her|him|them|us|me)", r"nu\b|just nu|star utanfor|pa vag|ikvall|kvall|now|dorren|kniv|inne i|hor|skriker"),
    _sign("burning someone", r"hallt (?:bensin|tandvatska)|bensin (?:pa|over)|tandare|satt eld pa|satta eld|tanda eld|tanda pa|tander (?:eld )?pa|tutta", r"bensin|tandvatska|han|fru|barn|lagenhet|hus|sig|sjalv|hotar|bil"),
    # fire and accidents
    _sign("fire", r"brinner|brinnande (?!intresse)|eldsvada|rokforgift|kolmonoxid|koloxid|full av rok|rokfylld|rokfyllt|rok (?:valler|kommer|tranger|ur|fran|overallt)|(?:star|hus\w*|bil\w*) i (?:lagor|brand|full brand)|i ljusan laga|overtand|explosion|exploder|gaslack|luktar gas|gaslukt|fatt eld|tagit eld|on fire|building fire|house fire|ryker ur|brand (?:i|pa) (?:\w*lagenhet|hus|villa|boende|\w*trapp|hem|skol|institution|kallare|bil|rum|cell)|(?:lagenhets|villa|trapphus|rums|bil|kallar)brand"),
    _sign("trapped", r"instangd|(?:sitter |ar )?fast i (?:\w+ )?(?:hiss|bil|brand|vrak|maskin|hus)\w*|klamd|inklamd|fastklamd|begravd under|trapped|stuck under", r"brand|brinner|eld|rok|vatten|bil|last|ungdom|barn|han|fire|person|under|vrak|brinnande"),
    _sign("electric", r"(?:fatt|far|fick) (?:\w+ )?(?:strom|elstot|stot)|elstot|stromgenomgang|stromforande|elolycka|hogspanning|kontaktledning", r"genom sig|ledning|slapper|ligger|barn|tag|nu|person|han"),
    _sign("accident", r"pakord|overkord|kor(?:t|de) (?:pa|over) (?:en|ett|nagon|barn\w*|han|person\w*|cykl\w*|flick\w*|pojk\w*|gang\w*|fotgang\w*)|krockat|krock\b|frontalkrock|voltat|kort av vagen|kor(?:t|de|) in i (?:\w+ )?(?:folk|mangd|grupp|ko|uteservering|barn)\w*|hit by|run over|ramlat (?:ut|ner|fran)|trillat (?:ut|ner|fran)|fallit (?:ut|ner|fran)|foll (?:ut|ner|fran)|kastade sig|kastat sig|singlelolycka|crash", r"bil|folk|tag|buss|sparvagn|lastbil|balkong|fonster|tak|spar|nu|nyss|car|train|trapp|vaning|barn|skadad|trad|dike|klipp|stallning|window"),
    _sign("crossing tracks", r"(?:pa|over|in pa|ner pa|ute pa|langs|mellan|framfor|on the) (?:\w+ )?(?:spar\b|spar(?:et|en)\b|tagspar|tunnelbanespar|rals|motorvag|motortrafikled|e[0-9]+an?\b|riksvag|jarnvag|tracks|motorway|highway)", rf"{CHILD}|person|man|kvinn|gar\b|springer|ligger|sitter|star\b|naken|barfota|cykl|taget kommer|full\b|walking|lying"),
    # those who want to die
    _sign("cut or hanged", r"skurit upp|uppskur\w+|skar (?:upp|sig i (?:hand|hals|puls|armveck))|skurit sig (?:\w+ )?(?:i (?:hand|hals|puls|armveck)|djupt|av puls|kraftigt)|pulsader|hangt sig|hanga sig|hanger i (?:en |ett )?(?:snara|rep|skarp|balte|lakan|taket)|snara|rep runt halsen|hanged|hanging|gasa[rt]? sig|drank(?:er|a|t) sig|lagt sig (?:pa|framfor|over) (?:\w+ )?(?:spar|rals|tag)|framfor taget|(?:kort|kor|stuckit|sticker) (?:\w+ )?(?:kniv|sax)\w* i|brant sig sjalv|slit (?:his|her) (?:wrists|throat)|skar halsen"),
    _sign("about to jump", r"hoppa|star (?:\w+ )?pa|sitter (?:\w+ )?pa|uppe pa|klattra\w*|balanser\w*|utanfor rack|jump|standing on", rf"(?:pa|fran|ut over|over|off|on) (?:\w+ )?(?:tak\b|bro\b|\w*racke|\w*fonsterbleck|fonsterkarm|fonsterkant|spar\b|kran\b|hustak|skoltak|klippkant|stup|mast)\w*|taket|skoltaket|bron\b|\w+bron\b|rackel|racket|\w*racket|sparet|bridge|roof|kranen|ledge|(?:hoppa|jump)\w* (?:\w+ ){{0,4}}{HEIGHT}"),
    _sign("hanging out", rf"(?:hanger|hangande|dinglar|lutar sig|kravlar|ena benet|benen|hanging|dangling) (?:\w+ ){{0,3}}(?:over|ut|utanfor|fran|i|genom|out|from) (?:\w+ ){{0,3}}{HEIGHT}"),
    _sign("dying now", r"vill do|ska do\b|ta livet av sig|ta(?:r)? sitt liv|ta(?:r)? mitt liv|suicid|sjalvmord|kill (?:himself|herself|myself)|avskedsbrev|sagt farval|skrivit farval|end (?:his|her|my) life", r"just nu|i detta nu|nu\b|kniv|rep\b|snara|taket|skoltaket|bron|tabletter|piller|sparet|rakblad|vapen|skriker|pistol|balkong|\w*racke|last in sig|svarar (?:inte|ej)|borta|stangt av mobil|forsvunn|now"),
    # children and others who cannot help themselves
    _sign("small child in peril", r"ensam|sjalv|utan vuxen|inlast|instangd|last (?:in|inne|inifran)|kvar i|alone|klattrar|left in|locked in", SMALL, r"balkong|balcony|window|fonster|vatten|badkar|badrum|spis|motorvag|trafik|korbana|gatan|bil(?:en)?\b|varm|het\b|stekhet|tyst|is(?:en)?\b|tagspar|perrong|vattnet|street|bath|pool|car\b|hot\b"),
    _sign("child vanished", r"forsvann|forsvunn|borta|hittas inte|hittar inte|tappat bort|spruckit|vanished|missing|sparlost|ar vack", rf"{SMALL}", r"kvart|minut|halvtimme|timme|timmar|nyss|just|lekplats|strand|badplats|affar|galleria|skog|vatten|minutes|hour|playground|morker|pyjamas|sjo|damm|\ban\b|kanal|spar|trafik"),
    _sign("drunk at the wheel", r"full|stupfull|packad|berusad|paverkad|drog|dyngrak|aspackad|drunk|hog\b", r"kor|bil|ratten|driving", rf"{CHILD}|ungarna|barnen|kids", r"just nu|i detta nu|nu\b|pa vag|mot \w+ (?:med|just|nu)|now|precis (?:kort|akt|stack)"),
    _sign("leaving the country now", r"planet|flyget|gaten|flygplats|arlanda|kastrup|landvetter|farjan|boarding|boardar|ombord|airport|gate", r"konsstymp|gifta|giftas|bort(?:gift|fors|ford)|fors ut|mutilat|married|tvang|stymp", r"nu|sitter|lyfter|gar|avgar|om \w+ (?:minuter|timm)|kvall|pa vag|[0-9]|boarding|now"),
    _sign("cold", r"snostorm|stelfrus|stel av kyla|ne[rd]+kyld|utkyld|iskall|forfrys|fryser ihjal|frusit ihjal|i (?:\w+ )?sno\w*|minusgrad|minus (?:[0-9]+|tio|femton|tjugo)|freezing to death|hypotherm", r"dement|alzheimer|forvirrad|gammal|farfar|farmor|mormor|morfar|gubbe|tant|barn|naken|tofflor|nattlinne|strumplast|barfota|pyjamas|ligger|medvetslos|skakar|svarar (?:inte|ej)|man\b|person|kvinn|old|barefoot|kontakt|flicka|pojke"),
    _sign("acid or scald", r"syra (?:i|pa|over|mot)|fratande|skalla[dt]|brannskad|kokande (?:vatten|olja|het)|acid"),
    _sign("dying", r"haller pa att do|doende|(?:han|barnet|mamma|pappa|kvinnan|mannen) (?:kommer att )?dor\\b|dying"),
    _sign("attempting", r"forsok(?:er|te) (?:\\w+ ){0,3}(?:kvava|dranka|strypa|hugga|doda|sla ihjal|hanga|ta livet|hoppa|skara|skjuta|tanda|kora (?:pa|over))|trying to (?:kill|jump|stab|strangle|drown|hang)"),
    _sign("help called for", r"(?:skicka|behover|behovs|ring|larma|kalla) (?:\\w+ ){0,2}(?:ambulans|112|brandkar|raddningstjanst|forstarkning(?! pa))|(?:need|send) (?:\\w+ )?(?:ambulance|help now|backup)"),
    _sign("going to jump", r"(?:ska|vill|tanker|hotar|hotar att|forsoker|pa vag att|beredd att|gar to|about to|going to) (?:hoppa|jump)\\b(?! (?:av|over|in|pa taget)\\b)"),
    _sign("bitten", r"hund(?:en|ar|arna)? (?:biter|attackerar|har bitit|sliter)|hundattack", r"barn|hals|ansikt|nu\\b|slapper|person|han"),
    _sign("capsized", r"kantra|bat\\w* (?:sjunker|tar in)|capsized"),
    _sign("lying hurt", r"ligger (?:\\w+ )?(?:stilla|orolig|pa (?:asfalten|marken|golvet|gatan|vagen)|nedslagen|i (?:diket|buskarna|en pol))|lying", r"slagen|skadad|skada|blod|misshandl|pakord|ror|medvet|svarar|stot|hurt|hit|fall"),
    _sign("in the traffic", r"naken|naket|barfota|springer|krypande|kryper|ligger|vinglar", r"mitt i (?:trafiken|vagen|gatan|korbanan)|i (?:trafiken|korbanan)|bland bilarna|pa vagbanan"),
    _sign("held out", r"(?:haller|hallar|hanger|slanger|kastar) (?:ut )?(?:bebis|barn|ung|spadbarn|flick|pojk|son|dotter)\w* (?:\w+ )?(?:ut|utanfor|over|genom|fran)", HEIGHT),
    _sign("mad with a weapon", r"ser (?:demoner|djavlar)|hor roster|psykos|psykotisk|manisk|demons|voices", WEAPON),
    _sign("child and knife", r"kniv|vapen|knife|gun\b", r"bebis|barn|baby|child", r"haller|mot|viftar|holding|hotar"),
)  # fmt: skip

# What tells of danger only in company: two points each for the grave, one for what surrounds it. Signs know the usual ways
# of telling; these catch the unusual.
GRAVE = tuple(
    re.compile(rf"\b(?:{one})")
    for one in (
        WEAPON,
        r"blod(?!prov|grupp|s?tryck|ig)\w*|bloder",
        r"brinn(?:er|ande)|brinande|eld\b|elden|lagor|rok\b|roken|spra[n]?g\w*|explo\w*",
        r"drunk\w*|drank\w*",
        r"skjut(?:a|er|it|en|na)\b|skott\b|skotten|skjuts\b",
        r"hugg\w*|hogg\b|knivsk\w+|knivhugg\w*|stick(?:er|a) ner",
        r"stryp\w*|kvav\w*|andas|andning\w*",
        r"doda\b|dodar\b|do\b|dor\b|doende|(?<!supa )(?<!super )(?<!knarka )(?<!knarkar )(?<!dricka )(?<!dricker )ihjal|mordar?\b",
        r"sjalvmord\w*|livet av sig|sitt liv|mitt liv|hoppa\b|hoppar\b|avsked\w*|farval|sista halsning\w*",
        r"syra\b|syran|gift\b|forgift\w*|\w*rengoring\w*|propplosare|lut\b|kemikalie\w*",
        r"overdos\w*|nal\b|kanyl\w*",
        r"attacker\w*|anfall(?:er|s)|valdta[rs]\b|gisslan",
        r"livlos\w*|medvetslos\w*|kramp\w*|puls(?:en)?\b|livshotande|livsfar\w*",
        r"instangd\w*|innestangd\w*|inne?stangt|inlast\w* i\b|fastklamd\w*|klamd\w*|begravd\w*",
        r"ramla\w*|trilla\w*|fallit|foll\b|fell\b|tappa(?:t|de) (?:bebis|barn|spadbarn|smabarn)\w*|pakord\w*|overkord\w*|krock(?:at|ade|)\b",
        r"gun\b|shot\b|stabb\w*|blood\w*|fire\b|burning|drown\w*|dying|kill(?:s|ed|ing)?\b|unconscious|overdos\w*|strangl\w*|attack\w*",
    )
)
AROUND = tuple(
    re.compile(rf"\b(?:{one})")
    for one in (
        HEIGHT,
        rf"{WATER}\b|damm\b|brunn\b|badkar\w*|hamn\w*|isvak",
        r"naken|naket|barfota|strumplasten|pyjamas|nattlinne",
        r"trafik\w*|motorvag\w*|korbana\w*|spar\b|sparet|rals\w*|taget\b|bilar(?:na)?\b",
        r"hals\w*|strup\w*|huvud\w*|brostet|brost\b|ansikt\w*|mage\w*|nacke\w*|head|throat|neck|chest",
        r"skriker|vralar|gallskrik\w*|gastar|panik\w*|hysterisk\w*|screaming|grater hysteriskt",
        r"trycker|klammer|haller (?:fast|for|ner|nere)|sitter pa|sparkar|slar|pressar",
        r"ligger|liggande|lying|golvet|marken|asfalten",
        r"svarar (?:inte|ej|knappt)|(?:hittar|ser) (?:han |vi )?(?:inte|ej)|hittar .{0,12}inte|borta|forsvunn\w*|forsvann|missing",
        r"lapparna|blek\w*|bla\b|kall\b|iskall\w*|stel\b|slapp\b",
        r"bebis\w*|spadbarn\w*|nyfodd\w*|[0-7]aring\b|[0-7]ar\b|tvaaring|baby|toddler|smabarn\w*",
        r"kvar\b|inne\b|fast\b|innanfor|inlast\w*|vagrar slappa|slapper inte",
        r"manniskor|folk\b|personal\w*|flera|alla ska|nagon|maskerad\w*",
        r"utanfor|mot (?:han|mig|oss|sin|folk|varandra)|varandra|pa vag|kliver|rusar|springer",
        r"nu\b|ikvall|nyss|precis\b|akut\b|fort\b|snabbt|right now|minuter|timme",
        r"sno\w*|minus\w*|kyla\w*|frost\w*|fryser",
        r"druckit|svalt|satt i sig|tagit|injicerat",
        r"knappt|inte langre|slutat|slutade|tyst\w*",
        r"sig sjalv|sig\b|himself|herself",
    )
)
TAKEN_BACK = re.compile(
    r"\b(?:hitta(?:t|de|des) (?:en|ett|i)?|beslag\w*|visit\w*|vaska\w*|radd|rykte\w*|pratar om|berattar|saga att|sa att|har sagt|vill (?:nu |bara )?anmala|misstank\w*|ska anmala|haktad|fangelse|"
    r"anhallen|gripen|gripna|kontaktperson\w*|stodperson\w*|tankar|mar dalig\w*|missbruk|fallit i|sjukhus\w*|utredning\w*|krisstod|skjuts\w* hem|kartl\w*|domar\b|pengar|ekonomi\w*|hyra\w*)\b"
)

# "What do we do" before what is happening is a cry for help, not a question about a rule.
CRY = re.compile(
    r"\b(?:vad|hur) (?:gor|ska|agerar) (?:vi|jag)(?: gora)?\b(?! (?:om|nar|vid|ifall|med|mot|i fall)\b)|\bwhat do (?:we|i) do\b(?! (?:if|when)\b)|"
    r"\b(?:kan|kommer) (?:ni|nagon|en bil|ambulans\w*) (?:komma|skicka|hjalpa|ni)?\b|\bvem (?:ringer|larmar) (?:jag|vi)\b(?! (?:om|nar|vid|ifall|i)\b)|\bvar ar (?:ni|ambulans\w*)\b"
)
# A day that is over takes back everything; what is told as past takes back all but the firm signs.
DATED = re.compile(
    r"(?<!sedan )\bi (?:gar|forrgar|fjol|somras|vintras|hostas|varas|julas|paskas|midsomras|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|(?:man|tis|ons|tors|fre|lor|son)dags)\b|(?<!sedan )\bigar\b|\bforra\b|"
    r"\bfor (?:\w+ ){1,2}(?:dagar|dygn|veckor|vecka|manader|manad|man|ar) se(?:da)?n\b|\bfor lange sedan\b|\b[0-9]+ ar sedan\b|"
    r"\bsom (?:barn|liten)\b|\bi helgen\b|\bharomdagen\b|\bnatten till\b|\b(?:yesterday|last (?:week|year|month|night)|years? ago|weeks? ago)\b"
)
PAST = re.compile(
    r"\btidigare\b|\bhade\b|\bforut\b|\bdomd\b|\bdomdes\b|\bforundersokning|\bmisstankt for\b|\banmald\w* (?:om|for|att)\b|"
    r"\bblev (?:utsatt|slag|misshandl|overfall|valdtag|dom|knivhuggen|skjuten|slagen|hotad|gripen|pakord)\w*|\bvar med om\b|\bupphorde\b|"
    r"\bvar (?:medvetslos|livlos|okontaktbar|nara att|gift)|\butsatt(?:es)? for\b|\bmisshandlades\b|\befterat\b|\bi efterhand\b|\benligt (?:journal|akt|anmalan|rektor|grann|skol)\w*|"
    r"\befter (?:en|ett|att|branden|skjutning\w*|dodsskjutning\w*|skottlossning\w*|sprangning\w*|overfall\w*|misshandel\w*|olycka\w*|dodsfall\w*|sjalvmord\w*)\b|^efter\b|\bhar forsokt\b|\bforsokte\b"
)
NOW = re.compile(
    r"\bnyss\b|\bjust nu\b|\bi detta nu\b|\bprecis nu\b|\bfortfarande\b|\bpagar\b|\bhaller pa\b|\bright now\b|\bskynda\b|\bkom fort\b|^hjalp\b|\bhjalp oss\b"
)
# A question about a rule, a word's meaning or a plan; a cry for help is told, not asked. The first is read clause by
# clause, the second makes the whole text a question.
# A verb asks only where somebody follows it: "far vi ..." asks, "far ingen kontakt" tells.
SOMEBODY = (
    r"(?:vi|jag|man|ni|du|soc\w*|polis\w*|nagon|nan|en|ett|det|den|det har|har|han|dem|barn\w*|ungdom\w*|flick\w*|pojk\w*|kvinn\w*|namnden|jouren|"
    r"foraldr\w*|mamma\w*|pappa\w*|patrullen|personal\w*|vakt\w*|en\b|we|i|you|they|the|somebody|someone|police)"
)
OPENS = re.compile(
    rf"^(?:hej |ok |och |men |sa |eller )?(?:(?:vad|hur|nar|vem|vilk\w+|varfor|om|ifall|anta|vid|tank om|what|how|when|who|if|var (?:ska|kan|far|finns|gor|vander|ringer))\b|"
    rf"(?:far|kan|ska|skall|maste|bor|behover|har|galler|raknas|racker|blir|gar|duger|finns|ar|behovs|can|may|should|is|are|does|do|must) {SOMEBODY}\b)"
)
ABOUT = re.compile(
    r"\b(?:vad galler|vad raknas|vad menas|vad betyder|vad innebar|straff\w*|domas|lagrum|paragraf|rubricer\w+|rutin\w*|definition\w*|exempel\w*|ovning\w*|"
    r"utbildning\w*|kurs\w*|statistik|forelasning\w*|hypotetiskt|tank dig|sag att|ifall|film(?:en|er)?|serie\w*|spel(?:et|en)?|bok(?:en)?|dataspel\w*|drom\w*|"
    r"handlingsplan|orosanmal\w*|riktlinj\w*|polisanmala|training|exercise|hypothetical\w*|in case)\b"
)
HABIT = re.compile(
    r"\b(?:radd (?:att|for)|oroar? (?:att|for|sig)|ibland|brukar|varje (?:dag|natt|kvall|helg|vecka|gang)|ofta|alltid|sometimes|afraid (?:of|that)|"
    r"skulle kunna|riskerar att|livradd for|sags (?:ha|vara))\b"
)
IDIOM = re.compile(
    r"\bbrinn(?:er|ande) (?:\w+ )?(?:\w+ )?for\b|\bskjuter (?:upp|pa (?:det|motet|forhoret|beslutet|fragan)|i hojden|ifran|fram|till|sig i foten|amfetamin|heroin|horse|knark|droger|tjack)|\bdor (?:\w+ )?av (?:skratt|nyfiken|tristess|alla|hunger|varme|leda)\w*|"
    r"\b(?:slar|sla|slas) (?:en signal|numret|pa (?:namn|registret|datorn|numret)|upp|ihop|fast|vad om|larm|av|an|till|vakt|om)|\bknivig\w*|\bbombsaker\w*|"
    r"\bbrand(?:man|bil|station|kar|skydd|ovning|varnare|filt|slackare)\w*|\bspringer (?:efter|pa) (?:bollen|toa)\w*|"
    r"\bbrinner (?:inne|ut)\b|\bskriker efter\b|\bhuggen for\b|\bstickprov\w*|\bkill (?:time|the)\b|"
    r"\bdrunkn\w* i (?:skulder|papper\w*|jobb|arbete|mejl|mail|arenden|anmalningar|rapporter|blanketter|uppgifter)|\bhoppa\w* (?:av|over|in|pa taget)\b|"
    r"\bkniv\w* (?:pa|mot) strupen (?:ekonomiskt|med hyran)|\beld och lagor\b|\bkrock\w* (?:i (?:kalendern|schemat)|med (?:motet|schemat|forhoret)|mellan)|\bklamd mellan\b|"
    r"\bexploder\w* av\b|\bdoda vinkeln\b|\bsla(?:r)? ihjal (?:tid|en timme)|\bpa sparet (?:av|efter)\b|\bkalla fotter\b|\bskott (?:pa mal|i mal)|\bblodig\w*|\bblodprov\w*"
)
