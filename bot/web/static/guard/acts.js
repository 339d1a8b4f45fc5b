/** What people do, and what is done with people: words that say it is somebody (bot/core/guard/acts.py). */

/** @typedef {import("./sentence.js").Sentence} Sentence */

const OF_AGE = / (?:är|e|var|va|fyller|blir|är bara|är nog) (?:[1-9]|1[0-9])(?: år| och|[,.\n]|(?![\s\S]))/y;
const THEIRS = new RegExp(
  " (?:(?:och|o|&|samt|plus) (?:hans|hennes|hens)|(?:har?|hade|tar?|tog|fick|får) (?:sin|sitt|sina)|" +
    "(?:är|e|var|blev) (?:hans|hennes|min|deras) (?:nya|nye|ex|kille|tjej|pojkvän|flickvän|bror|syster|kompis|" +
    "vän|son|dotter|mamma|pappa|fru|man|sambo|kusin)) ",
  "y",
);
const OF_THEMSELVES = new RegExp(
  " [a-zåäö]{2,14} (?:[a-zåäö]{2,8} )?(?:sig|sin|sitt|sina)(?![a-zåäö])|" +
    " (?:har|hade) (?:inte |ej |nu |redan |aldrig |nog )?(?!blivit|varit)[a-zåäö]{2,}(?:at|it|tt)(?![a-zåäö])",
  "y",
);
const COUNT = / (?:[0-9]|(?:en|ett|två|tre|fyra|fem|halva) )/y;
const OF_PLACE = new Set(["från", "i", "på", "hos"]);
const REACH = 3; // helping words between somebody and what they do
const BACK = 2; // words between "pratade" and whom with

/** Whether what follows is done by people only: vill, har skurit sig, tog sig ut, är nog rädd, från Alby är 15. @param {Sentence} s @param {number} from */
export function acts(s, from) {
  const word = s.words[from];
  OF_THEMSELVES.lastIndex = word.end;
  if (hasTheirs(s, from) || (word.weak && !word.lexicon.rarelyName.has(word.plain) && OF_THEMSELVES.test(s.shown))) return true;
  const at = OF_PLACE.has(s.after(from)?.plain ?? "") && s.touching(from + 2) ? from + 2 : from;
  OF_AGE.lastIndex = s.words[at].end;
  if (OF_AGE.test(s.shown)) return true;
  for (let step = at + 1; step < at + 2 + REACH; step += 1) {
    if (!s.touching(step)) return false;
    const { plain, lexicon } = s.words[step];
    if (lexicon.humanAct.has(plain)) return true;
    if (!lexicon.helper.has(plain)) return false;
  }
  return false;
}

/** Whether what follows has them as somebody: fingal o hans hund, pim tog sin nalle. @param {Sentence} s @param {number} at */
export function hasTheirs(s, at) {
  THEIRS.lastIndex = s.words[at].end;
  return THEIRS.test(s.shown);
}

/** Whether a number follows: "max tre timmar" is no Max. @param {Sentence} s @param {number} at */
export function counts(s, at) {
  COUNT.lastIndex = s.words[at].end;
  return COUNT.test(s.shown);
}

/** Whether a clause begins here: the first word, one after a comma, or after "att", "när", "men". @param {Sentence} s @param {number} at */
export function beginsClause(s, at) {
  const before = s.before(at);
  return before === null || s.words[at].gap === ", " || before.lexicon.clauseStart.has(before.plain);
}

/** Whether it is somebody whom one can only do that with: träffade, pratade med, körde hem. @param {Sentence} s @param {number} at */
export function met(s, at) {
  const { lexicon } = s.words[at];
  return follows(s, at, lexicon.met, 0) || follows(s, at, lexicon.metWith, 1);
}

/** Whether it can be somebody whom something is done to: letar efter, såg, slog; a thing can as well. @param {Sentence} s @param {number} at */
export function sought(s, at) {
  return follows(s, at, s.words[at].lexicon.sought, 0);
}

/** Whether "sa", "säger", "undrar" stands right before it. @param {Sentence} s @param {number} at */
export function saidBy(s, at) {
  const before = s.before(at);
  return before !== null && s.touching(at) && before.lexicon.said.has(before.plain);
}

/** Whether "kallar honom", "känd som", "kallar hon sig" stands before it. @param {Sentence} s @param {number} at */
export function nicknamed(s, at) {
  if (!s.touching(at) || at < BACK) return false;
  const { named, namedFiller } = s.words[at].lexicon;
  if (!namedFiller.has(s.words[at - 1].plain)) return false;
  for (let step = at - 1; step > Math.max(0, at - 1 - BACK); step -= 1) {
    if (!s.touching(step)) return false;
    if (named.has(s.words[step - 1].plain)) return true;
    if (!namedFiller.has(s.words[step - 1].plain)) return false;
  }
  return false;
}

/** Whether one of the verbs stands before it, at `least` so many words like "med" between them. @param {Sentence} s @param {number} at @param {Set<string>} verbs @param {number} least */
function follows(s, at, verbs, least) {
  for (let step = at; step > Math.max(0, at - 1 - BACK); step -= 1) {
    if (!s.touching(step) || s.words[step].opens) return false;
    const before = s.words[step - 1];
    if (verbs.has(before.plain)) return at - step >= least;
    if (!before.lexicon.metFiller.has(before.plain)) return false;
  }
  return false;
}
