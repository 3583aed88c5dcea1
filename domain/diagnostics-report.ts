import { refused, ok, type Result } from './toolbox/result.ts';
import { redactAndCount, type RemovedCounts } from './words/redact-log-lines.ts';

/**
 * The diagnostics report as it leaves this machine: numbered steps, a list of what was removed, and a self-check. It is
 * read by support, whatever the language of the agent: its words are English and not messages.
 */

export interface ReportStep {
  readonly name: string;
  readonly found: string;
}

/** What the machine and the records know that must not be in it. */
export interface KnownWords {
  /** Account and machine names. */
  readonly machine: readonly string[];
  /** Names and notes of people in the records, and of the agent. */
  readonly people: readonly string[];
  /** A path, and what stands for it; the longest first. */
  readonly paths: readonly (readonly [path: string, shown: string])[];
}

interface Cleaned {
  readonly text: string;
  readonly removed: RemovedCounts;
}

/** Too short to be told from other words. */
const shortestWord = 3;

const letterOrDigit = /[\p{L}\p{N}]/u;

/** In small letters where that keeps the length: positions stay those of the text. */
function small(text: string): string {
  return Array.from(text, (letter) => {
    const lower = letter.toLowerCase();
    return lower.length === letter.length ? lower : letter;
  }).join('');
}

/** Where a word stands in a text, as a whole word: Ana is not a part of "analysis". Both in small letters. */
function* placesOf(word: string, text: string): Generator<number> {
  const isPart = (place: number, next: number): boolean =>
    letterOrDigit.test(text.charAt(place)) && letterOrDigit.test(text.charAt(next));
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (!isPart(at, at - 1) && !isPart(end - 1, end)) yield at;
  }
}

/** The text without these words, and how many there were. A pattern of thousands of names would take half a minute. */
function withoutWords(
  text: string,
  words: readonly string[],
): { readonly text: string; readonly count: number } {
  const known = [...new Set(words.map((word) => small(word.trim())))]
    .filter((word) => word.length >= shortestWord)
    .sort((a, b) => b.length - a.length);
  const searched = small(text);
  const ends = new Map<number, number>();
  const taken = new Uint8Array(text.length);
  for (const word of known) {
    for (const at of placesOf(word, searched)) {
      const end = at + word.length;
      // Within a longer one, which goes as a whole.
      if (taken[at] === 1 || taken[end - 1] === 1) continue;
      taken.fill(1, at, end);
      ends.set(at, end);
    }
  }
  let result = '';
  let from = 0;
  for (const [at, end] of [...ends].sort(([a], [b]) => a - b)) {
    result += `${text.slice(from, at)}…`;
    from = end;
  }
  return { text: result + text.slice(from), count: ends.size };
}

/** Notes are searched for as a whole and line by line, as a log would have them. */
function partsOf(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => [word, ...word.split('\n')]);
}

function clean(text: string, known: KnownWords): Cleaned {
  const counts = new Map<string, number>();
  const count = (kind: string, times: number): void => {
    if (times > 0) counts.set(kind, (counts.get(kind) ?? 0) + times);
  };
  let result = text;
  for (const [path, shown] of known.paths) {
    count('folders of this account', result.split(path).length - 1);
    result = result.replaceAll(path, shown);
  }
  for (const [kind, words] of [
    ['names and notes from records', partsOf(known.people)],
    ['names of this account and machine', known.machine],
  ] as const) {
    const without = withoutWords(result, words);
    count(kind, without.count);
    result = without.text;
  }
  const redacted = redactAndCount(result);
  for (const [kind, times] of redacted.removed) count(kind, times);
  return { text: redacted.text, removed: counts };
}

/** Something secret of one kind, as it could stand in a line; `secret` must never be seen again. */
interface Canary {
  readonly kind: string;
  readonly line: string;
  readonly secret: string;
  readonly isPersonal?: true;
}

/** @param random so many hexadecimal digits nobody else has */
function createCanaries(random: (digits: number) => string): readonly Canary[] {
  const digits = (count: number): string =>
    [...Array.from({ length: count }).keys()].map(() => String(Number.parseInt(random(2), 16) % 10)).join('');
  const token = random(40);
  const jwt = `eyJ${random(20)}.${random(40)}.${random(20)}`;
  const channel = `streaming-${random(12)}`;
  const id = `${random(8)}-${random(4)}-${random(4)}-${random(4)}-${random(12)}`;
  const mail = `canary.${random(8)}@example.test`;
  const room = `${random(10)}@conference.example.test`;
  const machine = `10.${String(Number.parseInt(random(2), 16))}.11.12`;
  const phone = `+49 30 ${digits(8)}`;
  const person = `Canary ${random(10)}`;
  const note = `canary note ${random(12)}`;
  return [
    { kind: 'an access token', line: `authorization: Bearer ${token}`, secret: token },
    { kind: 'a secret in an address', line: `GET /x?client_secret=${token}&a=1`, secret: token },
    { kind: 'a signed token', line: `got ${jwt} back`, secret: jwt },
    { kind: 'a notification channel', line: `wss://host.example.test/channels/${channel}`, secret: channel },
    { kind: 'an id', line: `conversation ${id}`, secret: id },
    { kind: 'an e-mail address', line: `from ${mail}`, secret: mail },
    { kind: 'a call address', line: `to sip:${room}`, secret: room },
    { kind: 'a machine', line: `connect ECONNREFUSED ${machine}:443`, secret: machine },
    { kind: 'a telephone number', line: `ani ${phone}`, secret: phone },
    { kind: 'a name', line: `TypeError: ${person} is not a code`, secret: person, isPersonal: true },
    { kind: 'a note', line: `could not save "${note}"`, secret: note, isPersonal: true },
  ];
}

function numbered(steps: readonly ReportStep[], first = 1): string {
  return steps.map(({ name, found }, index) => `${String(first + index)}. **${name}**: ${found}`).join('\n');
}

function removedWords(removed: RemovedCounts): string {
  if (removed.size === 0) return 'nothing had to be removed';
  return [
    '',
    ...[...removed]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, times]) => `    - ${kind}: ${String(times)}`),
  ].join('\n');
}

/**
 * The report without anybody in it. It proves that to itself: the same report with one secret of each kind planted in
 * it goes the same way, and none may be found. Refused where one is: then nothing may leave.
 *
 * @param random so many hexadecimal digits nobody else has
 */
export function buildReport(
  head: string,
  steps: readonly ReportStep[],
  known: KnownWords,
  random: (digits: number) => string,
): Result<string> {
  const text = `${head}\n\n${numbered(steps)}\n`;
  const canaries = createCanaries(random);
  const planted = `${text}${canaries.map(({ line }) => `    ${line}\n`).join('')}`;
  // These two no rule can tell by their looks: they have to be among the words of the records.
  const people = canaries.filter(({ isPersonal }) => isPersonal);
  const checked = clean(planted, {
    ...known,
    people: [...known.people, ...people.map(({ secret }) => secret)],
  });
  const found = canaries.filter(({ secret }) => checked.text.includes(secret));
  if (found.length > 0)
    return refused(`The self-check found ${found.map(({ kind }) => kind).join(', ')} in the report.`);

  const report = clean(text, known);
  const kinds = canaries.map(({ kind }) => kind).join(', ');
  const proof: readonly ReportStep[] = [
    { name: 'Removed', found: removedWords(report.removed) },
    {
      name: 'Self-check',
      found: `${String(canaries.length)} canaries planted (${kinds}), none found; ${String(known.people.length)} names and notes of records looked for, none left`,
    },
  ];
  return ok(`${report.text}${numbered(proof, steps.length + 1)}\n`);
}
