import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskForArchive } from '../../../domain/archive/mask.ts';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { runs } from '../size.ts';
import { settled } from '../store/examples.ts';
import { keyedBy } from './digests.ts';

const digest = keyedBy('of the organisation');

/** A record in which every place there is says something. */
function full(): ExportedRecord {
  const record = exportRecord(settled(), undefined, undefined);
  return {
    ...record,
    peerName: 'Ana Lima',
    alertedAt: '2025-03-04T10:00:00.000Z',
    wrapup: { code: 'code-1', name: 'Resolved', notes: 'call Ana back', state: 'sent' },
    exposure: {
      onAir: [{ from: '2025-03-04T10:00:10.000Z', to: null }],
      counts: [{ at: '2025-03-04T10:00:10.000Z', count: 1 }],
      people: [
        { how: 'share', name: 'Ana Lima', purpose: 'customer', from: '2025-03-04T10:00:10.000Z', to: null },
      ],
    },
    screenshare: {
      ...record.screenshare,
      state: 'disconnected',
      context: 'room-7@conference.example.com',
      peerId: 'peer of Ana',
      provider: 'PureCloud Edge',
      disconnectType: 'peer',
      wrapup: { code: 'code-1', name: 'Resolved', notes: 'call Ana back', tags: ['vip'], endTime: null },
      segments: [{ type: 'Interact', howEnded: 'Disconnect', startTime: '2025-03-04T10:00:05.000Z' }],
      afterCallWork: { state: 'complete', startTime: '2025-03-04T10:00:05.000Z' },
      fromANewerServer: { deep: ['Ana'] },
    },
    ...{ ofANewerVersion: 'Ana' },
  };
}

type Path = readonly (string | number)[];

/** Every place of a value that holds a text, and every object, where a field can be added. */
function placesOf(value: unknown, path: Path = []): { readonly texts: Path[]; readonly objects: Path[] } {
  if (typeof value === 'string' || value === null) return { texts: [path], objects: [] };
  if (typeof value !== 'object') return { texts: [], objects: [] };
  const within = Object.entries(value).map(([name, inner]) => placesOf(inner, [...path, name]));
  return {
    texts: within.flatMap(({ texts }) => texts),
    objects: [...(Array.isArray(value) ? [] : [path]), ...within.flatMap(({ objects }) => objects)],
  };
}

function withValue(value: unknown, path: Path, put: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return put;
  if (Array.isArray(value))
    return value.map((inner: unknown, index) =>
      index === Number(name) ? withValue(inner, rest, put) : inner,
    );
  const fields = value as Record<string, unknown>;
  return { ...fields, [name]: withValue(fields[name], rest, put) };
}

/** What the organisation named itself stays, and is what a review searches for. */
const staying = new Set([
  'queueName',
  'wrapup.code',
  'wrapup.name',
  'screenshare.wrapup.code',
  'screenshare.wrapup.name',
]);
/** What only our own program writes, from a list of its own. */
const chosen = new Set(['role', 'media', 'outcome', 'wrapup.state', 'exposure.people.0.how']);

const canary = fc.constantFrom('CANARY', 'Canary Bird', 'canary@example.com', 'canary-0190', '{"canary":1}');

describe('people', () => {
  it('leave nothing of themselves in any field, nested and unknown ones too', () => {
    const record = full();
    const { texts, objects } = placesOf(record);
    const places = [
      ...texts.filter((path) => !staying.has(path.join('.')) && !chosen.has(path.join('.'))),
      ...objects.map((path) => [...path, 'added']),
      ...objects.map((path) => [...path, 'canary']),
    ];
    expect(places.length).toBeGreaterThan(40);
    const shapes = canary.chain((bird) => fc.constantFrom<unknown>(bird, [bird], { bird }, { [bird]: 1 }));
    fc.assert(
      fc.property(fc.constantFrom(...places), canary, shapes, (place, bird, shape) => {
        const isAdded = !texts.includes(place);
        const told = withValue(record, place, isAdded ? shape : bird) as ExportedRecord;
        const sent = JSON.stringify(maskForArchive(told, 'people', digest));
        expect(sent.toLowerCase()).not.toContain('canary');
      }),
      runs('ARCHIVE', 400),
    );
  });

  it('become digests that are the same for the same person, however they are written', () => {
    const one = maskForArchive(full(), 'people', digest);
    const other = maskForArchive({ ...full(), peerName: ' ana  LIMA ' }, 'people', digest);
    expect(one.peerName).toMatch(/^person-[0-9a-f]{16}$/);
    expect(other.peerName).toBe(one.peerName);
    expect(one.exposure?.people[0]?.name).toBe(one.peerName);
    expect(maskForArchive({ ...full(), peerName: 'Bo' }, 'people', digest).peerName).not.toBe(one.peerName);
    expect(maskForArchive(full(), 'people', keyedBy('of another')).peerName).not.toBe(one.peerName);
  });

  it('are masked, and queue, code, times and the words of the protocol are not', () => {
    const record = full();
    const masked = maskForArchive(record, 'people', digest);
    expect(masked).toMatchObject({
      queueName: record.queueName,
      alertedAt: record.alertedAt,
      wrapup: { code: 'code-1', name: 'Resolved', notes: '[redacted]' },
      screenshare: {
        state: 'disconnected',
        disconnectType: 'peer',
        segments: record.screenshare.segments,
        afterCallWork: record.screenshare.afterCallWork,
      },
      exposure: { people: [{ purpose: 'customer' }] },
    });
    expect(masked).toHaveProperty('redacted', expect.arrayContaining(['*', 'peerName', 'screenshare.*']));
  });

  it('can be read again as the line of a file', () => {
    const read = readImportedLine(JSON.stringify(maskForArchive(full(), 'people', digest)));
    expect(read).toMatchObject({ ok: true });
  });
});

describe('notes', () => {
  it('are masked, and what nobody knows is left out; names and ids stay', () => {
    const record = full();
    const masked = maskForArchive(record, 'notes', digest);
    const text = JSON.stringify(masked);
    expect(text).not.toContain('back');
    expect(text).not.toContain('vip');
    expect(text).not.toContain('fromANewerServer');
    expect(masked).toMatchObject({
      conversationId: record.conversationId,
      peerName: 'Ana Lima',
      screenshare: { id: record.screenshare.id, peerId: 'peer of Ana' },
    });
    const { redacted } = masked as unknown as { redacted: string[] };
    expect(redacted).toEqual(expect.arrayContaining(['wrapup.notes', 'screenshare.wrapup.tags']));
    expect(redacted).not.toContain('peerName');
  });
});

describe('none', () => {
  it('leaves a record as it is', () => {
    expect(maskForArchive(full(), 'none', digest)).toEqual(full());
  });
});
