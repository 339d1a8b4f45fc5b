"""What takes danger back: figures of speech, dates that are over, habit, hearsay, rules, films; and what gives it again."""

import re


def _words(written: str) -> re.Pattern[str]:
    """What is sought in words that each stand after a space; "^" is the beginning."""
    return re.compile(" (?:" + written.replace("^", "(?<=^ )") + ")")


# "What do we do" before what is happening is a cry for help, not a question about a rule.
CRY = _words(
    r"\b(?:vad|hur) (?:gor|ska|agerar) (?:vi|jag)(?: gora)?\b(?! (?:om|nar|vid|ifall|med|mot|i fall)\b)|\bwhat do (?:we|i) do\b(?! (?:if|when)\b)|"
    r"\b(?:kan|kommer) (?:ni|nagon|en bil|ambulans\w*) (?:komma|skicka|hjalpa|ni)?\b|\bvem (?:ringer|larmar) (?:jag|vi)\b(?! (?:om|nar|vid|ifall|i)\b)|\bvar ar (?:ni|ambulans\w*)\b"
)
# A day that is over or to come.
DATED = _words(
    r"(?<!sedan )\bi (?:gar|forrgar|fjol|somras|vintras|hostas|varas|julas|paskas|midsomras|januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december|(?:man|tis|ons|tors|fre|lor|son)dags)\b|(?<!sedan )\bigar\b|"
    r"\bforra\b|\bforrforra\b|\bi morse\b|\bfor (?:\w+ ){1,3}(?:dagar|dag|dygn|veckor|vecka|manader|manad|man|ar) se(?:da)?n\b|\bfor lange sedan\b|\b(?:[0-9]+|\w+) ar sedan\b|"
    r"\b(?:19[5-9]|20[0-4])[0-9]\b|\bom (?:\w+ )(?:veckor|manader|dagar|ar)\b|\b(?:nasta|kommande) (?:vecka|manad|ar|sommar|host|var|vinter|gang)\b|\bpa (?:man|tis|ons|tors|fre|lor|son)dag\b|\bi sommar\b|"
    r"\bsom (?:barn|liten)\b|\bi helgen\b|\bharomdagen\b|\bnatten till\b|\b(?:yesterday|last (?:week|year|month|night|summer|winter|spring|fall)|(?:years?|weeks?|months?|days?) ago)\b"
)
PAST = _words(
    r"\btidigare\b|\bhar haft\b|\bgam[lm]\w* (?:\w*skad|arr|sar)\w*|\bdom for\b|\bdomd\b|\bsag (?:\w+ ){1,3}(?:bli|hota|sla|skjuta|do|drunkna)\b|(?<!jag )\bhade\b(?! (?:\w+ )?hangt sig$)|\bforut\b|\bsedan dess\b|\bforundersokning|\banmald\w* (?:om|for|att)\b|\bvar med om\b|\bupphorde\b|\bbrukade\b|\bnar (?:han|jag|barn\w*) var\b|"
    r"\bblev (?:utsatt|slag|misshandl|overfall|valdtag|dom|knivhuggen|skjuten|slagen|hotad|gripen|pakord)\w*|\bsar fran\b|\barr\b|\bgamm?alt?\b(?= (?:arr|skad|sar|blamark))|"
    r"\bvar (?:medvetslos|livlos|okontaktbar|nara att|gift)|\butsatt(?:es)? for\b|\bmisshandlades\b|\bskots\b|\befterat\b|\bi efterhand\b|\benligt (?:journal|akt|anmalan|rektor|grann|skol)\w*|\boverlevde\b|"
    r"\befter (?:en|ett|att(?! ha\b)|det|den|branden|skjutning\w*|dodsskjutning\w*|skottlossning\w*|sprangning\w*|overfall\w*|misshandel\w*|olycka\w*|dodsfall\w*|sjalvmord\w*)\b|^efter\b|\bforsokte\b|\bused to\b|\bonce\b|\bwas\b"
)
NOW = _words(
    r"\bnyss\b|\bjust nu\b|\bi detta nu\b|\bprecis nu\b|\bnu precis\b|\bfortfarande\b|\bpagar\b|\bhaller pa\b(?! att do)|\bright now\b|\bskynda\b|\bkom fort\b|\bnu$|^hjalp\b|^help\b|\bhjalp oss\b|\bhjalp mig\b"
)
# A question about a rule, a word's meaning or a plan. A verb asks only where somebody follows it: "far vi ..." asks, "far
# ingen kontakt" tells.
SOMEBODY = (
    r"(?:vi|jag|man|ni|du|soc\w*|polis\w*|nagon|nan|en|ett|det|den|det har|har|han|dem|barn\w*|ungdom\w*|flick\w*|pojk\w*|kvinn\w*|namnden|jouren|"
    r"foraldr\w*|mamma\w*|pappa\w*|patrullen|personal\w*|vakt\w*|\w+aring\w*|we|i|you|they|the|somebody|someone|police)"
)
OPENS = re.compile(
    rf"^(?:hej |ok |och |men |sa |eller )?(?:(?:vad|hur|nar|vem|vilk\w+|varfor|galler|(?:\w+ )?undrar (?:om|hur|vem|vad|nar|vilk\w+)|om|ifall|anta|vid|tank om|what|how|when|who|if|var (?:ska|kan|far|finns|gor|vander|ringer))\b|"
    rf"(?:far|kan|ska|skall|maste|bor|behover|har|galler|raknas|racker|blir|gar|duger|finns|ar|behovs|can|may|should|is|are|does|do|must) {SOMEBODY}\b)"
)
ABOUT = _words(
    r"\b(?:vad galler|vad raknas|vad menas|vad betyder|vad innebar|\w*straff\w*|domas|lagrum|(?:enligt|i|mot|svensk|vilken) lag\b|lagen\b|paragraf\w*|rubricer\w+|rutin\w*|definition\w*|exempel\w*|ovning\w*|skillnad\w*|regler\w*|"
    r"utbildning\w*|kurs(?:en|er)?\b|statistik\w*|forelasning\w*|hypotetiskt|tank dig|sag att|ifall|film(?:en|er)?\b|serien?\b|\w*spel(?:et|en)?\b|bok(?:en)?\b|spelar|podd\w*|avsnitt\w*|teater\w*|drom(?!mer sig)\w*|"
    r"handlingsplan|orosanmal\w*|riktlinj\w*|polisanmal\w*|training|exercise|hypothetical\w*|in case|tranar|scenario\w*|bedomning\w*|bedomer|bedomd|tecken pa|movie|report)\b"
)
# What is over, in hands that care for it, or only named.
OVER = _words(
    r"\b(?:hitta(?:t|de|des|d) (?:en |ett )?(?:kniv|vapen|pistol|valbehall\w+|knark\w*|droger)|\w*beslag\w*|visit\w*|haktad|haktet?|fangelse|anhallen|gripen|"
    r"gripna|gripits|greps|sjukhus\w*|inlagd|inlagt|avdelning\w*|krisstod\w*|domd\w*|dom for|domen|slackt|raddad\w*|falsklarm|falskt|leksak\w*|atal\w*|"
    r"rattegang\w*|minnes\w+|begravning\w*|anhorig\w*|efterlevande|offer|\w+offer|vittn\w+|valbehall\w*|omhandertag\w+|lob\b|ambulansen har|forts? till|"
    r"opera\w*|skulle (?:doda|hoppa|sla|ta)|fallit i (?:missbruk|dalig|glomska|onad|samma|graten)|\bkamin\w*|valborg|under uppsikt|jobbar (?:med|som|natt)|"
    r"jagar (?:alg|radjur|vilt|hare|i skog)\w*|vantar pa skol\w*|skolbuss\w*|i somnen|nasblod\w*|blabar\w*|(?:kniv|vapen|pistol|gevar)\w* (?:\w+ )?hitta\w*|"
    r"har vapenlicens|leksaks\w*|vattenpistol\w*|i ett apple|pigg\w*|talat ner|pratat ner|under kontroll|avvarj\w*|genom nasan|plaster\b|skjutne\w*|drabbade|"
    r"(?:svimma\w*|dog|dor) nastan|nastan (?:svimma|dod|do\b)\w*|blamark\w*|bloder inte\b|gick bra|avlid\w*|klatt ut sig|tog (?:kniv|vap|pistol)\w*|"
    r"bat\w* ligger|var liten|pa skoj|(?:tagit|tar|tog) hand om|mardrom\w*|sparr\b|inhagn\w*|har malat|ar falsk\w*|var falsk\w*|tatuering\w*|glass\b|matos|"
    r"sa pang|har tagit (?:en|ett) (?:kniv|skruvmejsel|vapen|pistol)\w*|mens\w*|skrubbsar\w*|i tjansten|vardas\b|opererades|mar fint|leker (?:polis|krig|tjuv|rovare|att)|pa lek|"
    r"krisstod|avliden\w*|avled|gick bort|dog\b)\b"
)
# What is only talked of, or stands beside an errand; danger that is told outright holds beside it.
BESIDE = _words(
    r"\b(?:misstank\w*|kontaktperson\w*|stodperson\w*|\bbup\b|psyket?|utredning\w*|utreds|domar\b|lugn\w*|sluta skjut|missbruk\w*|rykte\w*|pratar om|berattar|"
    r"berattade|berattat|mar (?:bra|battre|daligt)|ville|forkyl\w*|behover stod|rokning\w*|ritar|grep\b|har anmalt|nar \w+ var|pastar|vanforestall\w*|"
    r"sag (?:nar|hur|sin|sitt|sina|pappa\w*|mamma\w*|en|bror\w*|syst\w*|broder\w*)|skjuts\w* hem|skjutsa\w*|kartl\w*|ekonomi\w*|arrest support|vill anmala|"
    r"ska anmala)\b"
)
HABIT = _words(
    r"\b(?:radd (?:att|for(?! (?:mitt|sitt|sina|vara) liv))|oroar? (?:att|for|sig)|(?<!andas )(?<!andas bara )ibland|brukar|varje (?:dag|natt|kvall|helg|vecka|gang|match|morgon|ar)|ofta|alltid|natterna|kvallarna|sometimes|often|usually|afraid (?:of|that)|"
    r"skulle kunna|riskerar att|livradd for|sags (?:ha|vara)|kan tankas|orolig (?:att|for|over)|lever under|somrarna|lordagarna|helgerna|en gang\b|(?:flera|manga) ganger|(?:\w+|[0-9]+) ganger (?:denna|i(?! minut)|forra|senaste|pa|om|per|under)\b|i flera ar|i aratal)\b"
)
IDIOM = _words(
    r"\b(?:vi|jag|soc|man) (?:\w+ )?drunkna\w* (?:\w+ )?i (?!vatt|sjo|an\b|pool|hav|alv|bad|kanal)\w+|\b(?:utredning\w*|jobbet|rapport\w*|motet|blankett\w*|systemet|arendet|schemat) (?:tar|kommer att ta|kommer ta) livet av\b|\bhuvudet (?:over|ovanfor) vatt\w+|\beldar for krakorna\b|"
    r"\bbensin pa elden\b|\bgasen i botten\b|\bbomb i knat\b|\bhuvudet i (?:taket|vaggen) (?:som|med|i)\b|\bskott i pannan\b|\bspruta i armen (?:mot|for)\b|\bi brostet av (?:att amma|hosta|stress)\w*|\bstrypt budget\b|\bhugger pa (?:allt|krok|tjanst)\w*|\bvit som ett lakan av\b|\binstangd luft\b|"
    r"\b(?:genom|bryta|brot|bryter) isen (?:mellan|i grupp|pa mot)\w*|\bmedvetslos av (?:trott|skratt|trakig)\w*|\b(?:sankt?|skot|skjut\w*) (?:\w+ ){0,3}i sank\b|\b(?:chef\w*|rektor\w*|ministern|hon|han) exploder\w*|\bexploder\w* (?:pa mot|av ilska|i skratt|i social)\w*|"
    r"\blite (?:\w+ )?(?:och )?slapp\b|\b(?:slojdar|taljer|skalar|lagar mat|skar \w+) (?:\w+ ){0,2}med (?:\w+ )?kniv\w*|\b(?:sjon|havet|hamnen|poolen|stranden|bron) ligger\b|\bstryp\w* (?:pa|i|under) (?:\w+ )?(?:traning|judo|brottning|kampsport|match|matta)\w*|"
    r"\b(?:kidnappad|overfall\w+|gisslan|skjuten|attackerad\w*|knivhuggen|halshuggen|stryp\w*) (?:\w+ )?(?:av|i|mellan) (?:\w+ )?(?:jobb|mejl|vardnad|skilsmass|foraldr|konflikt|tvist|arbete|chef|blankett|frago|media|press|regl|skuld)\w*|\b(?:livlos|medvets?los)\w* (?:pa mot|i text|skriv|debatt|full\b)\w*|"
    r"\b(?:halsduk|band|halsband|smycke|kors|kedja|kamera|lapp|nyckel\w*|arm|armarna) (?:runt|om|kring) (?:\w+ )?halsen|\b(?:hund|katt|djur)\w* (?:inlast|instangd|kvar|lamnad)\w* i (?:\w+ )?bil\w*|\bskaka\w* pa huvudet\b|\bhuvudet pa spiken\b|\bblod\w* i (?:budget|ekonomi)\w*|\bknivhugget\b|"
    r"\b(?:\w*dator\w*|program\w*|\w*system\w*|skarm\w*|mobil\w*|telefon\w*|app(?:en|ar)?|teams\w*|excel|word|outlook|skrivar\w*|webb\w*|internet|mejl\w*|natet|laddar\w*|batteri(?:et|er)?) (?:\w+ ){0,3}(?:hang|dog|dor|dott|dod|krasch|kvav|stryp|brinn|drunkn|akte|ramla|foll|fallit|trilla|exploder|tappa)\w*(?: (?:sig|i) \w+)?|"
    r"\bkniv\w* i ryggen (?:av|fran) (?:\w+ )?(?:chef|kolleg|soc|fack|arbetsgiv|ledning|handlagg|rektor|politik|namnd|kommun)\w*|\bkniv\w* och (?:gaffel|skarbrad\w*)|\b(?:stryp|kvav|drankt?)\w* (?:av|i) (?!rok|gas|en kudd|kudd|sin|sitt|blod|krak|ett?\b|en\b|vatt|sjo|pool|bad|slem|mat|pappa|mamma|man|ex)\w+|\bstryper (?:ljud|budget|resurs|anslag|insats|natet|internet)\w*|"
    r"\boverkord\w* av (?:\w+ )?(?:namnd|chef|soc|ledning|kommun|kolleg|rektor|politik|system)\w*|\bihjal (?:\w+ )?(?:mygg|getin|flug|spindl|en spind|tid|timm)\w*|\b(?:chef\w*|rektor\w*|frun|mamma|pappa|jag) (?:kommer|lar|ska)(?: att)? (?:doda|mordar?|strypa|sla ihjal) (?:mig|dig|er) (?:om|nar|for)\b|\bjag dor (?:om|nar|av)\b|"
    r"\bbrinn(?:er|ande) (?:\w+ )?(?:\w+ )?for\b|\bskjut\w* (?:\w+ )?(?:upp(?! (?:skol|klass|folk))|pa (?:det|motet|forhoret|beslutet|fragan)|i hojden|ifran|fram|till|sig i foten|amfetamin|heroin|horse|knark|droger|tjack|mal)\b|\bskott(?:ar|dag|pengar)\w*|\bskjut motet\b|"
    r"\bdor (?:\w+ )?av (?:skratt|nyfiken|tristess|alla|hunger|varme|leda|skam|langtan)\w*|\b(?:hall\w*|hoppas|nara) (?:pa )?(?:att )?do av\b|\bdo av (?:skam|skratt|tristess|leda|hunger|trakighet)\b|"
    r"\b(?:slar|sla|slas|slog) (?:en signal|numret|pa (?:namn|registret|datorn|numret)|upp|ihop|fast|vad om|larm|av|an|till|vakt|om|mig att|igenom|rot|vad)\b|\bslog an\b|\bslagit (?:fast|upp|an|ut)\b|\bknivig\w*|\bbombsaker\w*|\bbomba\w* (?:\w+ )?med\b|"
    r"\bbrand(?:man|bil|station|kar|skydd|ovning|varnare|filt|slackare|vagg|risk|gul|larm)\w*|\bspringer (?:efter|pa) (?:bollen|toa)\w*|\bbrant (?:sina |sitt |alla )?(?:broar|ut|ljuset|skepp)\w*|\bbranna (?:sina )?(?:broar|skepp)\w*|"
    r"\bbrinner (?:inne|ut)\b|\bskriker efter\b|\bhuggen for\b|\bstickprov\w*|\bkill (?:time|the)\b|\bkilling (?:me|time)\b|\bshot (?:a )?(?:video|film|photo)\b|\bshoot\w* (?:a )?(?:video|film|photo)\w*|\bdead (?:tired|line|end|battery)\b|\bdod(?:s)?(?:trott|trist|trakig|fodd|ligt trott)\w*|"
    r"\bdrunkn\w* (?:\w+ )?i (?:skulder|papper\w*|jobb|arbete|mejl|mail|\w*arenden|\w*anmalning\w*|rapporter|blanketter|uppgifter|adm\w*)|\bhoppa\w* (?:av|over|in|pa taget)\b|"
    r"\bkniv\w* (?:pa|mot) strupen (?:ekonomiskt|med hyran|av (?:bank|kronofogd|hyresvard|chef)\w*)|\beld och lagor\b|\bkrock\w* (?:i (?:kalendern|schemat)|med (?:motet|schemat|forhoret)|mellan)|\bklamd mellan (?!tag|bil|vagg|platt|buss|maskin|dorr|sten)\w+|\btunn is\b|\bis i magen\b|\bkall som is\b|\bdod (?:\w+ )?(?:dator|telefon|mobil|batteri)\w*|(?:dator|telefon|mobil|batteri)\w* (?:\w+ )?(?:dog|dor|dott|dod|brinner)\b|"
    r"\bexploder\w* av\b|\bdoda vinkeln\b|\bsla(?:r)? ihjal (?:tid|en timme)|\bpa sparet (?:av|efter)\b|\bkalla fotter\b|\biskallt i\b|\bskott (?:pa mal|i mal)\b|\bblodig (?:nyborjare|biff)\w*|\bblodprov\w*|\bblodtryck\w*|\bblodgrupp\w*|\bspringnota\b|"
    r"\btak over huvudet\b|\b(?:isen|snon) (?:ligger|haller|smalter)\b|\btyst som i graven\b|\bstar pa egna ben\b|\bsno ?boll\w*|\bblaser\b|\bblod\w* pengar\b|\bbet(?:er)? ihop\b|\bbitit ihop\b|\bklar i huvudet\b|\bdor om\b|\bbrinner i knutarna\b|\btaket av varlden\b|\bskjuter skulden\b|\bslog sig\b|\boverdos av (?:sjalv|kaffe|socker)\w*|\bgick i taket\b|\bhaller sig flytande\b|\bdoda tid\w*|\bspark\w* (?:\w+ )?boll\w*|\bfick sparken\b|\bhang\w* (?:med|kvar|pa laset|ihop|upp sig|i luften|ut med)\b|\bhanger mig\b|\bandas ut\b|\b(?:tid att|hinner|hinna|hann) andas\b|\bandas ett ord\b|\btog andan\b|\bluften gick ur\b|\bhjart\w* (?:brister|varmer)\b|\bmord pa stan\b|\bmordar mig om\b|\bdodar mig om\b|\bsjunde himlen\b|\bhet pa groten\b|\bslapper taget\b|\btar (?:slut|emot)\b|\bdranker (?:sina )?sorge\w*|\bbomb pa planen\b|\bkasta\w* (?:ett oga|in handduken|mig i bilen)\b|\bsag pang\b|\bett slag\b|\bfire crackers?\b|\bsjalvsvalt\b|\bslar larm\b"
)
