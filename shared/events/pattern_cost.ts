/**
 * How many ways a regular expression can go about a string of at most `length` characters: the
 * most steps a backtracking engine can take. Infinity for anything this does not understand
 * (look-around, back-references), so that what cannot be bounded is refused.
 */
export function patternCost(pattern: string, length: number): number {
  try {
    new RegExp(pattern, "u");
  } catch {
    return Infinity;
  }
  const reader = { pattern, at: 0, length };
  const ways = alternation(reader);
  const starts = pattern.startsWith("^") && !pattern.includes("|") ? 1 : length + 1;
  return reader.at === pattern.length ? ways * starts : Infinity;
}

interface Reader {
  readonly pattern: string;
  readonly length: number;
  at: number;
}

/** a|b|c : the ways of all branches together. */
function alternation(reader: Reader): number {
  let ways = sequence(reader);
  while (reader.pattern[reader.at] === "|") {
    reader.at++;
    ways += sequence(reader);
  }
  return ways;
}

/** abc : every way of one part goes with every way of the next. */
function sequence(reader: Reader): number {
  let ways = 1;
  while (reader.at < reader.pattern.length && !/[|)]/.test(reader.pattern[reader.at] ?? "")) {
    const once = atom(reader);
    ways *= repeated(once, quantifier(reader));
  }
  return ways;
}

function atom(reader: Reader): number {
  const { pattern } = reader;
  const token = TOKEN.exec(pattern.slice(reader.at))?.[0];
  if (token !== undefined) {
    reader.at += token.length;
    return 1;
  }
  const group = GROUP.exec(pattern.slice(reader.at))?.[0];
  if (group === undefined) {
    reader.at = Infinity; // ends the reading
    return Infinity;
  }
  reader.at += group.length;
  const ways = alternation(reader);
  reader.at++; // the closing bracket, which RegExp has seen to
  return ways;
}

// A class, an escape other than a back-reference, or any character without a meaning of its own.
const TOKEN =
  /^(\[(\\.|[^\]\\])*\]|\\(p\{[^}]*\}|P\{[^}]*\}|u\{[^}]*\}|[^k1-9])|[^()\[\]{}*+?|\\])/u;
// A group that neither looks around nor switches modes.
const GROUP = /^\((\?:|\?<[A-Za-z_]\w*>|(?!\?))/;

/** The fewest and the most repetitions asked for; without a quantifier, one. */
function quantifier(reader: Reader): [least: number, most: number] {
  const found = /^(?:([*+?])|\{(\d+)(,)?(\d*)\})\??/.exec(reader.pattern.slice(reader.at));
  if (!found) return [1, 1];
  const [whole, sign, least, comma, most] = found;
  reader.at += whole.length;
  if (sign === "?") return [0, 1];
  if (sign) return [sign === "+" ? 1 : 0, reader.length];
  const fewest = Number(least);
  if (!comma) return [fewest, fewest];
  return [fewest, most ? Math.min(Number(most), Math.max(fewest, reader.length)) : reader.length];
}

/** Ways of x{least,most}: the sum of ways^n for each n between the two. */
function repeated(ways: number, [least, most]: [number, number]): number {
  if (ways === 1) return Math.max(most - least + 1, 1);
  let sum = 0;
  for (let n = least; n <= most && sum < 1e12; n++) sum += ways ** n;
  return Math.max(sum, 1);
}
