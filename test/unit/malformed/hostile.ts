import fc from 'fast-check';
import { expect } from 'vitest';
import { step } from '../../../electron/feed/simulator/step.ts';
import type { Act } from '../../../electron/feed/simulator/acts.ts';
import { restConversation } from '../../../electron/feed/simulator/rest-shapes.ts';
import { conversationEvent, screenshareEvent } from '../../../electron/feed/simulator/topic-shapes.ts';
import { CONVERSATIONS_TOPIC } from '../../../electron/feed/simulator/topics.ts';
import { newWorld } from '../../../electron/feed/simulator/world.ts';

/** Input that nobody well-meaning sends: the real thing with some of it changed, and nonsense. */

declare module 'vitest' {
  interface TaskMeta {
    /** Longest time one input kept the main thread, ms. `npm run fault` shows it. */
    blockedMs?: number;
  }
}

const list = (length: number, item: string): string => `[${`${item},`.repeat(length)}${item}]`;
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Each may stand where a JSON value stood. Text, because no value could be a name twice, or 1e999. */
const oddValues = [
  ...[
    'null',
    'true',
    '0',
    '-1',
    '0.5',
    '-0',
    '1e999',
    '-1e999',
    '5e-324',
    '9007199254740993',
    '9'.repeat(400),
  ],
  ...[
    '""',
    '" "',
    '"0"',
    '"true"',
    '{}',
    '[]',
    '[null]',
    '[[]]',
    '{"":null}',
    '"null"',
    'undefined',
    'NaN',
    "'a'",
  ],
  ...[
    '"a\\u0000b"',
    '"\\u202egnp.exe"',
    '"\\u2066"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
    '"a\\r\\nb"',
    '"\\u001b[2J"',
  ],
  ...['"__proto__"', '"constructor"', '"hasOwnProperty"', '"../../etc/passwd"', '"a/b?c#d"', '"👩‍👩‍👧"'],
  '{"__proto__":{"sharing":true,"id":"c","participants":[]}}',
  '{"constructor":{"prototype":{"sharing":true}}}',
  '{"toString":null,"valueOf":1}',
  '{"length":-1,"0":"a"}',
  ...[
    '"2025-02-30T25:61:61Z"',
    '"+275760-09-13T00:00:00.001Z"',
    '"-271821-04-20T00:00:00Z"',
    '"9999-12-31T23:59:60Z"',
  ],
  ...[nested(99), nested(101), nested(300), list(30, 'null'), list(30, '{}'), list(30, '1')],
  `"${'x'.repeat(5_000)}"`,
  `"${'e\u0301\u0301\u0301\u0301\u0301\u0301'.repeat(200)}"`,
];

/** As large as a hostile server could hope for. */
const hugeValues = [
  `"${'x'.repeat(1_000_000)}"`,
  `"${'_a'.repeat(500_000)}"`,
  `"${'\u202e\u0000 '.repeat(100_000).replaceAll('\u0000', '\\u0000')}"`,
  nested(200_000),
  list(250_000, '{}'),
  list(250_000, 'null'),
  list(400_000, '1'),
  `{${Array.from({ length: 60_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
  list(20_000, '{"screenshares":[{"segments":[1]}]}'),
];

const oddMembers = [
  '"id":',
  '"participants":',
  '"__proto__":',
  '"topicName":',
  '"eventBody":',
  '"key":',
  '"a\\u0000":',
];

const anyValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 300, arbitrary: fc.constantFrom(...oddValues) },
  { weight: 60, arbitrary: fc.json({ maxDepth: 2 }) },
  { weight: 40, arbitrary: fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: fc.constantFrom(...hugeValues) },
);

/** What is done to the token at `at`. */
const anyEdit = fc.record({
  at: fc.nat(100_000),
  how: fc.constantFrom('replaced', 'replaced', 'replaced', 'dropped', 'twice', 'member', 'cut'),
  value: anyValue,
  member: fc.constantFrom(...oddMembers),
});
type Edit = typeof anyEdit extends fc.Arbitrary<infer Value> ? Value : never;

const token = /"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g;

function edited(tokens: readonly string[], edits: readonly Edit[]): string {
  const text = [...tokens];
  for (const { at, how, value, member } of edits) {
    const place = at % text.length;
    if (how === 'replaced') text[place] = value;
    else if (how === 'dropped') text[place] = '';
    else if (how === 'twice') text[place] = `${text[place] ?? ''},${text[place] ?? ''}`;
    else if (how === 'cut') text.length = Math.max(1, place);
    // Behind the next brace that opens: often a name that is there twice then.
    else text[text.indexOf('{', place)] = `{${member}${value},`;
  }
  return text.join('');
}

/** Texts of JSON that resemble these; a few resemble nothing. */
export function malformed(samples: readonly unknown[]): fc.Arbitrary<string> {
  const asTokens = samples.map((sample) => JSON.stringify(sample).match(token) ?? []);
  const changed = fc
    .tuple(fc.constantFrom(...asTokens), fc.array(anyEdit, { minLength: 1, maxLength: 4 }))
    .map(([tokens, edits]) => edited(tokens, edits));
  return fc.oneof(
    { weight: 20, arbitrary: changed },
    { weight: 1, arbitrary: anyValue },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}

/** The same as a value: where the text is no JSON, the text. */
export function malformedValue(samples: readonly unknown[]): fc.Arbitrary<unknown> {
  return malformed(samples).map((text): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  });
}

interface Simulated {
  readonly readings: readonly unknown[];
  /** Frames as they come over the socket. */
  readonly frames: readonly unknown[];
}

/** One conversation at every stage, as the simulator's server tells it. */
export function simulated(): Simulated {
  const start = Date.UTC(2026, 2, 2, 9);
  const world = newWorld('idle', 1, start);
  const acts: readonly Act[] = [
    { do: 'begin', options: {} },
    { do: 'answer' },
    { do: 'startSharing', peers: 1 },
    { do: 'disconnect', type: 'peer' },
  ];
  const told = acts.map((act, second) => {
    step(world, act, start + second * 1000);
    const [conversation] = world.conversations;
    if (!conversation) throw new Error('Nothing began');
    const frame = (topicName: string, eventBody: unknown) =>
      structuredClone({ topicName, version: '2', eventBody, metadata: { CorrelationId: 'c' } });
    return {
      reading: structuredClone<unknown>(restConversation(conversation)),
      frames: [
        frame(CONVERSATIONS_TOPIC, conversationEvent(conversation, world.settings)),
        frame(`${CONVERSATIONS_TOPIC}.screenshares`, screenshareEvent(conversation, world.settings)),
      ],
    };
  });
  return {
    readings: told.map(({ reading }) => reading),
    frames: [
      ...told.flatMap(({ frames }) => frames),
      { topicName: 'channel.metadata', eventBody: { message: 'pong' } },
    ],
  };
}

/** How long one input keeps the thread at most. */
export interface Watch {
  readonly during: (work: () => void) => void;
  /** For work that ends when every promise that can go on has: nothing else ran meanwhile. */
  readonly duringAll: (work: () => Promise<void>) => Promise<void>;
  readonly longestMs: () => number;
}

/** So often what seems longest is done again: a busy machine, or a compiler at work, is not the input's fault. */
const again = 3;

export function createWatch(): Watch {
  let longest = 0;
  return {
    during: (work) => {
      let least = Infinity;
      for (let time = 0; time <= again && least > longest; time += 1) {
        const begun = performance.now();
        work();
        least = Math.min(least, performance.now() - begun);
      }
      longest = Math.max(longest, least);
    },
    duringAll: async (work) => {
      let least = Infinity;
      for (let time = 0; time <= again && least > longest; time += 1) {
        const begun = performance.now();
        await work();
        least = Math.min(least, performance.now() - begun);
      }
      longest = Math.max(longest, least);
    },
    longestMs: () => longest,
  };
}

/** What a hostile `__proto__` would have changed for everybody. */
export function expectNothingInherited(): void {
  const [inherited] = Object.keys(Object.prototype).concat(Object.keys(Array.prototype));
  if (inherited !== undefined) expect(inherited).toBeUndefined();
}
