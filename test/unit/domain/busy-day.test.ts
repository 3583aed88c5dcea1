import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { orderCodes, lettersIn } from '../../../domain/codes/ranking.ts';
import type { CodePick } from '../../../domain/database.ts';
import { codeRows } from '../../../domain/codes/rows.ts';
import { lettersOf } from '../../../domain/codes/search.ts';

const subjects = [
  ...['Account', 'Address', 'Appointment', 'Bank card', 'Callback', 'Cancellation', 'Cashback', 'Complaint'],
  ...['Contract', 'Delivery', 'Device', 'Direct debit', 'Discount', 'Email', 'Fault on the line', 'Fraud'],
  ...['Hotspot', 'Insurance', 'Invoice', 'Login', 'Loan', 'Meter reading', 'Mobile number', 'Moving house'],
  ...['Password', 'Payment plan', 'Parcel', 'Refund', 'Return', 'Roaming', 'Router', 'Security key'],
  ...['SIM card', 'Streaming', 'Tariff', 'Technician', 'Television', 'Upgrade', 'Voicemail', 'Warranty'],
];
const outcomes = ['changed', 'escalated', 'explained', 'not reached', 'requested'];
/** 200, as the server lists them: by name. */
const codes = subjects
  .flatMap((subject) =>
    outcomes.map((outcome) => ({
      id: `${subject} ${outcome}`,
      name: `${subject} – ${outcome}`,
      subject,
      outcome,
    })),
  )
  .sort((one, other) => one.name.localeCompare(other.name));
type Code = (typeof codes)[number];
const queue = 'queue/billing';

/** What an agent may type: the subject and what came of it by their first letters, or one of them. */
const waysOf = ({ subject, outcome }: Code): readonly string[] =>
  [
    `${subject.slice(0, 1)} ${outcome.slice(0, 4)}`,
    `${subject.slice(0, 2)} ${outcome.slice(0, 3)}`,
    `${subject.slice(0, 3)} ${outcome.slice(0, 2)}`,
    subject.slice(0, 6),
  ].map((letters) => letters.toLowerCase());

interface Taken {
  /** Before Enter, or with the digit that picks it. */
  readonly keys: number;
  /** Of these, letters. */
  readonly letters: number;
  /** It stood in row 1. */
  readonly first: boolean;
}

/** As few keys as it takes. */
function keysFor(code: Code, typed: string, picks: readonly CodePick[]): Taken | null {
  const choices = orderCodes(codes, [], picks, queue);
  const letters = lettersIn(picks, queue);
  let byDigit: Taken | null = null;
  for (let keys = 1; keys <= typed.length; keys += 1) {
    const { rows } = codeRows(choices, { query: typed.slice(0, keys), group: [], picks: letters });
    const row = rows.findIndex(({ id }) => id === code.id);
    if (row === 0) return { keys, letters: keys, first: true };
    // Whoever sees the number beside it presses that.
    if (row > 0 && row < 9 && keys < typed.length) byDigit = { keys: keys + 1, letters: keys, first: false };
  }
  return byDigit;
}

/** 0 ≤ n < 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Of the codes of a queue one agent has some in use. */
const usedAtMost = 40;

/** A hundred codes of a day: few come up often, most now and then. */
function dayOf(seed: number): readonly Code[] {
  const random = randomFrom(seed);
  const shuffled = codes
    .map((code) => ({ code, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ code }) => code);
  const weights = shuffled.slice(0, usedAtMost).map((_code, rank) => 1 / (rank + 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Array.from({ length: 100 }, () => {
    let left = random() * total;
    const at = weights.findIndex((weight) => (left -= weight) < 0);
    return shuffled[at] ?? [];
  }).flat();
}

const minutesBetween = 4.8;

/** The way an agent settles on: the one that takes the fewest keys before anything was learned. */
const habits = new Map(
  codes.map((code) => {
    const cost = (typed: string): number => {
      const taken = keysFor(code, typed, []);
      return taken === null ? Infinity : taken.keys + (taken.first ? 0 : 0.5);
    };
    return [code, [...waysOf(code)].sort((a, b) => cost(a) - cost(b))[0] ?? ''] as const;
  }),
);

/** What each prompt took after the first hour. */
function replay(seed: number): readonly (Taken | null)[] {
  const picks: CodePick[] = [];
  return dayOf(seed).flatMap((code, index) => {
    const minutes = index * minutesBetween;
    const at = new Date(Date.UTC(2026, 10, 30, 8) + minutes * 60_000).toISOString();
    const typed = habits.get(code) ?? '';
    const taken = keysFor(code, typed, picks);
    picks.unshift({ code: code.id, scope: queue, letters: lettersOf(typed.slice(0, taken?.letters)), at });
    return minutes < 60 ? [] : [taken];
  });
}

describe('a day of 100 communications over a queue of 200 codes', () => {
  const days = Array.from({ length: 20 }, (_, seed) => replay(seed + 1));
  const all = days.flat();
  const share = (prompts: typeof all, is: (taken: Taken) => boolean): number =>
    prompts.filter((taken) => taken !== null && is(taken)).length / prompts.length;

  it('has the right code in row 1 in 95 of 100 prompts after the first hour, as the README says', () => {
    const percent = (part: number): string => (100 * part).toFixed(0);
    const first = share(all, (taken) => taken.first);
    const keys = all.reduce((sum, taken) => sum + (taken?.keys ?? Infinity), 0) / all.length;
    expect(first).toBeGreaterThanOrEqual(0.95);
    // It comes first by what the agent does, or it would take more keys.
    expect(keys).toBeLessThan(2.5);
    const readme = readFileSync(path.join(import.meta.dirname, '../../../README.md'), 'utf8').replace(
      /\s+/g,
      ' ',
    );
    expect(readme).toContain(`in row 1 in ${percent(first)} % of ${all.length.toLocaleString('en')} prompts`);
    expect(readme).toContain(`${keys.toFixed(1)} keys on average`);
  });

  it('reaches any code with four keys and Enter, before anything was learned', () => {
    const most = 4;
    const isFar = (code: Code): boolean =>
      waysOf(code).every((typed) => (keysFor(code, typed.slice(0, most), [])?.keys ?? Infinity) > most);
    const far = codes.filter(isFar);
    expect(far.map(({ name }) => name)).toEqual([]);
  });
});
