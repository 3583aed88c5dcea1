import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { exposureOf } from '../../../domain/communication/exposure.ts';
import type { Participant } from '../../../domain/model/screenshare.ts';
import { exportRecord, type ExportedRecord } from '../../../domain/exported-record.ts';
import { exposureSection } from '../../../domain/review/exposure-words.ts';
import { readImportedLine } from '../../../domain/review/imported-record.ts';
import { detailWithoutNames } from '../../../domain/review/privacy.ts';
import { writeExport } from '../../../electron/store/export.ts';
import { atWork } from '../../../domain/state.ts';
import { model, reading } from './known.ts';
import { agentId, at, conversation, customer, fold, live, one } from './wire.ts';

const watching = { id: 'leg-c', state: 'connected', sharing: false };
const sharing = { ...live, sharing: true, peerCount: 1 };
const supervisor = (change: Partial<Participant> = {}): Participant => ({
  id: 'supervisor-1',
  purpose: 'agent',
  userId: 'somebody else',
  name: 'Sam Lee',
  ...change,
});
const withSupervisor = (change: Partial<Participant>, leg = sharing) => {
  const base = conversation({ leg });
  return { ...base, participants: [...base.participants, supervisor(change)] };
};
const people = (communication: ReturnType<typeof one>) => exposureOf(communication)?.people ?? [];

describe('who could see', () => {
  it('is who was in the share while the agent was on air, from when to when, by name', () => {
    const communication = one(
      { leg: { ...live, sharing: false } },
      { leg: sharing },
      {
        leg: { ...sharing, peerCount: 0 },
        customer: { screenshares: [{ ...watching, state: 'disconnected' }] },
      },
      { leg: sharing },
      { leg: { ...live, sharing: false } },
    );
    expect(exposureOf(communication)).toEqual({
      onAir: [{ from: at(10), to: at(40) }],
      counts: [
        { at: at(10), count: 1 },
        { at: at(20), count: 0 },
        { at: at(30), count: 1 },
      ],
      people: [
        { how: 'share', name: 'Ana Lima', purpose: 'customer', from: at(10), to: at(20) },
        { how: 'share', name: 'Ana Lima', purpose: 'customer', from: at(30), to: at(40) },
      ],
    });
  });

  it('is nobody while the agent only looks, rings, or is in another room', () => {
    expect(exposureOf(one({ leg: live }))).toBeNull();
    const ringing = { screenshares: [{ ...watching, state: 'alerting' }] };
    expect(people(one({ leg: sharing, customer: ringing }))).toEqual([]);
    const elsewhere = { screenshares: [{ ...watching, context: 'another@room' }] };
    expect(people(one({ leg: { ...sharing, context: 'a@room' }, customer: elsewhere }))).toEqual([]);
  });

  it('is nobody any more once they, or the share, or the conversation have ended', () => {
    const left = { endTime: at(12) };
    for (const end of [
      { leg: sharing, customer: left },
      { leg: { ...sharing, state: 'disconnected', disconnectType: 'peer' } },
      { leg: sharing, conversation: { endTime: at(12) } },
    ])
      expect(people(one({ leg: sharing }, end))).toMatchObject([
        { from: at(0), to: expect.any(String) as string },
      ]);
  });

  it('stays who it was where an event leaves them out', () => {
    const alone = { ...conversation({ leg: sharing }), participants: [] };
    const silent = { leg: sharing, customer: { screenshares: null, name: null } };
    expect(people(one({ leg: sharing }, alone, silent))).toEqual([
      { how: 'share', name: 'Ana Lima', purpose: 'customer', from: at(0), to: null },
    ]);
  });

  it('is everybody in a video call in which the agent shares, named or not', () => {
    const call = (sharingScreen: boolean) => ({
      id: 'call',
      participants: [
        {
          id: 'c',
          purpose: 'customer',
          name: 'Ana',
          videos: [{ id: 'v-c', state: 'connected', sharingScreen: false }],
        },
        { id: 'x', purpose: 'external', videos: [{ id: 'v-x', state: 'connected', sharingScreen: false }] },
        { id: 'a', userId: agentId, videos: [{ id: 'v-a', state: 'connected', sharingScreen }] },
      ],
    });
    expect(people(one(call(true), call(false)))).toEqual([
      { how: 'share', name: 'Ana', purpose: 'customer', from: at(0), to: at(10) },
      { how: 'share', name: null, purpose: 'external', from: at(0), to: at(10) },
    ]);
  });
});

describe('who monitors or records', () => {
  const said = (communication: ReturnType<typeof one>): string =>
    reading(model([communication]), 60).status.observed;

  it.each([
    ['is listening in', { monitoredParticipantId: 'participant-1' }],
    ['is coaching you', { coachedParticipantId: 'participant-1' }],
    ['has joined the conversation', { bargedParticipantId: 'participant-1' }],
    ['is monitoring your screen', { screenMonitorings: [{ id: 's', state: 'connected' }] }],
  ])('a supervisor who %s is said, by name unless others can read it', (words, change) => {
    const viewing = one(withSupervisor(change, { ...live, sharing: false, peerCount: 1 }));
    expect(said(viewing)).toBe(`Sam Lee ${words}`);
    expect(said(one(withSupervisor(change)))).toBe(`A supervisor ${words}`);
    const locked = model([viewing], { presence: { ...atWork, locked: true } });
    expect(reading(locked, 60).status.observed).toBe(`A supervisor ${words}`);
  });

  it('is said no more once they have left, and stays in the record', () => {
    const listens = { monitoredParticipantId: 'participant-1' };
    const communication = one(withSupervisor(listens), withSupervisor({ ...listens, endTime: at(9) }));
    expect(said(communication)).toBe('');
    expect(people(communication)).toContainEqual({
      how: 'listens',
      name: 'Sam Lee',
      purpose: 'agent',
      from: at(0),
      to: at(10),
    });
  });

  it('is not somebody who follows another agent', () => {
    expect(said(one(withSupervisor({ monitoredParticipantId: 'participant-9' })))).toBe('');
  });

  it('a recording of the screen or the conversation is said while it runs, not while it pauses', () => {
    const recorded = {
      leg: live,
      agent: { screenRecordingState: 'active' },
      conversation: { recordingState: 'ACTIVE' },
    };
    const paused = {
      leg: live,
      agent: { screenRecordingState: 'paused' },
      conversation: { recordingState: 'paused' },
    };
    expect(said(one(recorded))).toBe('Your screen is being recorded · This conversation is being recorded');
    expect(said(one(recorded, { leg: live }))).not.toBe('');
    expect(said(one(recorded, paused))).toBe('');
    expect(people(one(recorded, paused)).map(({ how }) => how)).toEqual(['screenRecording', 'recording']);
  });

  it('a broken monitoring hides no share', () => {
    const broken = { ...supervisor(), screenMonitorings: [7, { state: 3 }] } as unknown as Participant;
    const base = conversation({ leg: sharing });
    const [communication] = fold({ ...base, participants: [...base.participants, broken, customer] });
    expect(communication?.screenshare.sharing).toBe(true);
  });
});

describe('the record of who could see', () => {
  const watched = one({ leg: sharing }, withSupervisor({ monitoredParticipantId: 'participant-1' }), {
    leg: {
      ...sharing,
      peerCount: 0,
      state: 'disconnected',
      disconnectType: 'client',
      disconnectedTime: at(15),
    },
  });
  const detail = { communication: watched, draft: null, submissions: [], facts: 3, codeNames: {} };

  async function exported(format: 'json' | 'csv', redact: boolean): Promise<string> {
    let text = '';
    const to = new Writable({
      write: (chunk: Buffer, _encoding, then) => {
        text += chunk.toString();
        then();
      },
    });
    const records = (async function* () {
      yield await Promise.resolve(exportRecord(watched, undefined, undefined));
    })();
    await writeExport(records, to, { format, maskKey: redact ? new Uint8Array(32) : null });
    return text;
  }

  it('is read in the review: from when to when, how many, and which of them by name', () => {
    const section = exposureSection(watched, 'en-GB');
    expect(section.title).toBe('Who could see your screen');
    expect(section.lines.map(({ name, words }) => `${name}: ${words.replace(/ ·.*/, '')}`)).toEqual([
      expect.stringMatching(/^You shared: [\d:]+ – [\d:]+$/),
      expect.stringMatching(/^How many: 1 person from [\d:]+$/),
      'Ana Lima (customer): could see your screen',
      'Sam Lee (agent): listened in',
    ]);
    expect(exposureSection(one({ leg: live }), 'en-GB').lines).toMatchObject([{ name: 'Nobody' }]);
  });

  it('names nobody there while others can read it', () => {
    const veiled = JSON.stringify(exposureSection(detailWithoutNames(detail).communication, 'en-GB'));
    expect(veiled).not.toMatch(/Ana|Sam/);
    expect(veiled).toContain('could see your screen');
  });

  it('is exported, and read again as it was', async () => {
    const [record] = JSON.parse(await exported('json', false)) as ExportedRecord[];
    expect(record?.exposure).toEqual(exposureOf(watched));
    const again = readImportedLine(JSON.stringify(record));
    if (!again.ok) throw new Error(again.reason);
    const { communication } = again.value;
    expect(exportRecord(communication, undefined, undefined)).toEqual(record);
    const { exposure: _lacking, ...earlier } = record ?? {};
    const before = readImportedLine(JSON.stringify(earlier));
    expect(before.ok && exposureOf(before.value.communication)).toBeNull();
  });

  it.each(['json', 'csv'] as const)(
    'is exported as %s without names where they are masked',
    async (format) => {
      expect(await exported(format, false)).toContain('Sam Lee');
      const masked = await exported(format, true);
      expect(masked).not.toMatch(/Ana Lima|Sam Lee/);
      expect(masked).toContain('exposure.people.name');
      expect(masked).toContain('listens');
    },
  );
});
