import { Writable } from 'node:stream';
import fc from 'fast-check';
import type { Models } from 'purecloud-platform-client-v2';
import { describe, expect, it, vi } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation } from '../../../domain/communication/reducer.ts';
import { screenshareFields } from '../../../domain/model/screenshare.ts';
import {
  exportFormats,
  exportRecord,
  type ExportedRecord,
  type ExportFormat,
} from '../../../domain/exported-record.ts';
import type { FieldLine } from '../../../domain/review/field-words.ts';
import { fieldSections } from '../../../domain/review/record-fields.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { exportImported } from './exported-again.ts';
import { writeExport } from '../../../electron/store/export.ts';
import { agentId, at, context, read } from '../domain/wire.ts';

/** Every field of the model, and every field that is none of it, from the wire to the review and to a file and back. */

// Two hundred records, each written three times; a busy machine may take its time.
vi.setConfig({ testTimeout: 60_000 });

type Fields = Record<string, unknown>;

/** No text that a spreadsheet would run: that CSV changes those is told elsewhere. */
const text = fc.stringMatching(/^[a-zäł' 0-9][a-zäł"',:. 0-9-]{0,12}$/);
const moment = fc.integer({ min: 0, max: 86_000 }).map(at);
/** What a newer server may send: any name, any value. */
const beyond = fc
  .dictionary(fc.stringMatching(/^new[A-Z][a-z]{1,8}$/), fc.jsonValue({ maxDepth: 3, stringUnit: text }), {
    maxKeys: 3,
  })
  .filter((fields) => !JSON.stringify(fields).includes('__proto__'))
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)));

const withBeyond = (known: fc.Arbitrary<object>): fc.Arbitrary<Fields> =>
  fc.tuple(known, beyond).map(([fields, more]) => ({ ...fields, ...more }));

const segment = {
  startTime: moment,
  endTime: moment,
  type: text,
  howEnded: text,
  disconnectType: text,
} satisfies Record<keyof Models.Segment, unknown>;
const wrapup = {
  code: text,
  name: text,
  notes: text,
  tags: fc.array(text),
  durationSeconds: fc.nat(),
  endTime: moment,
  provisional: fc.boolean(),
} satisfies Record<keyof Models.Wrapup, unknown>;
const work = { state: text, startTime: moment, endTime: moment } satisfies Record<
  keyof Models.AfterCallWork,
  unknown
>;

/** As the official SDK describes it: a field it gains stops this from compiling. */
const screenshare = {
  state: text,
  initialState: text,
  id: fc.uuid(),
  context: text,
  sharing: fc.boolean(),
  peerCount: fc.nat(),
  disconnectType: text,
  startAlertingTime: moment,
  connectedTime: moment,
  disconnectedTime: moment,
  provider: text,
  peerId: text,
  segments: fc.array(withBeyond(fc.record(segment)), { minLength: 1, maxLength: 3 }),
  wrapup: withBeyond(fc.record(wrapup)),
  afterCallWork: withBeyond(fc.record(work)),
  afterCallWorkRequired: fc.boolean(),
} satisfies Record<keyof Models.Screenshare, unknown>;
const nested = withBeyond(fc.record(screenshare));

/** Of the flattened topic: what it says of the communication, on its participant. */
const flattened = fc.record({
  state: text,
  initialState: text,
  direction: text,
  disconnectType: text,
  held: fc.boolean(),
  context: text,
  peerCount: fc.nat(),
  sharing: fc.boolean(),
  provider: text,
  peer: text,
  queueMediaSettings: fc.record({ alertingTimeoutSeconds: fc.nat() }),
} satisfies {
  [Name in keyof Models.ConversationScreenShareEventTopicScreenShareMediaParticipant]?: unknown;
});

/** Each dialect's participant, and the screen share it means. */
const told: fc.Arbitrary<{ readonly participant: Fields; readonly means: Fields }> = fc.oneof(
  nested.map((leg) => ({ participant: { userId: agentId, screenshares: [leg] }, means: leg })),
  // Before somebody in it shares a screen a video is no record.
  nested.map(({ sharing: _any, ...leg }) => ({
    participant: { userId: agentId, videos: [{ ...leg, sharingScreen: true }] },
    means: { ...leg, sharing: true },
  })),
  flattened.map(({ peer, ...leg }) => ({
    participant: { user: { id: agentId }, peer, ...leg },
    means: { ...leg, peerId: peer },
  })),
);

function foldedFrom(participant: Fields): Communication {
  const sent = {
    id: 'conversation-1',
    participants: [{ id: 'participant-1', purpose: 'agent', ...participant }],
  };
  const [record] = reduceConversation([], read(JSON.parse(JSON.stringify(sent))), context(0));
  if (!record) throw new Error('A screen share was told');
  // As the database gives it back.
  return JSON.parse(JSON.stringify(record)) as Communication;
}

async function written(record: ExportedRecord, format: ExportFormat): Promise<string> {
  let all = '';
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      all += chunk.toString();
      done();
    },
  });
  await writeExport(
    (async function* () {
      yield await Promise.resolve(record);
    })(),
    to,
    { format, maskKey: null },
  );
  return all;
}

/** What stands in a cell, without the apostrophe that keeps it from being run. */
const unguarded = (cell: unknown): unknown =>
  typeof cell === 'string' ? cell.replace(/^'(?='*\s*[=+\-@])/, '') : cell;
const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What lines of a section show is what was sent, field for field. */
function expectShown(
  lines: readonly FieldLine[] | undefined,
  sent: Fields,
  except: readonly string[] = [],
): void {
  for (const [name, value] of Object.entries(sent)) {
    if (except.includes(name)) continue;
    const line = lines?.find((each) => each.name === name);
    expect(line?.sent ?? line?.words, name).toBe(asText(value));
  }
}

function expectAllShown(record: Communication, means: Fields): void {
  const sections = fieldSections(
    { communication: record, draft: null, submissions: [], facts: 1, codeNames: {} },
    'en',
  );
  const linesOf = (title: string): readonly FieldLine[] | undefined =>
    sections.find((section) => section.title === title)?.lines;
  // These have sections of their own.
  expectShown(linesOf('Screen share'), means, ['segments', 'wrapup', 'afterCallWork']);
  const segments = (means['segments'] ?? []) as Fields[];
  segments.forEach((each, index) => expectShown(linesOf(`Segment ${index + 1}`), each));
  expectShown(linesOf('Wrap-up in Genesys'), (means['wrapup'] ?? {}) as Fields);
  expectShown(linesOf('After-call work'), (means['afterCallWork'] ?? {}) as Fields);
}

/** Cells of the one line after the head, by name. */
function cellsOf(csv: string): Fields {
  const cells = [...csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,|\r\n)/g)].map(([, quoted, bare]) =>
    (quoted ?? bare ?? '').replaceAll('""', '"'),
  );
  const half = cells.length / 2;
  return Object.fromEntries(cells.slice(0, half).map((name, index) => [name, cells[half + index]]));
}

describe('every field', () => {
  it('of the model is one of ours, in the official SDK’s spelling', () => {
    expect([...screenshareFields].sort()).toEqual(Object.keys(screenshare).sort());
  });

  it('that is sent is kept, shown, exported, and read again as it was', async () => {
    await fc.assert(
      fc.asyncProperty(told, async ({ participant, means }) => {
        const record = foldedFrom(participant);
        expect(record.screenshare).toEqual(JSON.parse(JSON.stringify(means)));
        expectAllShown(record, means);

        const exported = exportRecord(record, undefined, undefined);
        expect(exportFormats).toHaveLength(3);
        expect(JSON.parse(await written(exported, 'json'))).toEqual([exported]);
        const line = await written(exported, 'ndjson');
        expect(JSON.parse(line)).toEqual(exported);

        const again = readImportedLine(line);
        if (!again.ok) throw new Error(again.reason);
        expect(exportImported(again.value)).toEqual(exported);
        expectAllShown(again.value.communication, means);

        const cells = cellsOf(await written(exported, 'csv'));
        for (const name of screenshareFields)
          expect(unguarded(cells[`screenshare.${name}`]), name).toBe(
            name in means ? asText(means[name]) : '',
          );
      }),
      { numRuns: 200 },
    );
  });
});
