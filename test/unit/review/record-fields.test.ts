import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { screenshareFields, type Screenshare } from '../../../domain/model/screenshare.ts';
import { clocksDifferBy, clocksDifferWords, clockWords } from '../../../domain/review/clock-words.ts';
import type { FieldLine, FieldSection } from '../../../domain/review/field-words.ts';
import { fieldSections, plainLines } from '../../../domain/review/record-fields.ts';
import { timeOfDay } from '../../../domain/words/time-words.ts';
import { at, ended, live, ms, one } from '../domain/wire.ts';

const clocks = { cloudOffsetMs: 400, cloudUncertaintyMs: 50, providerOffsetMs: -2100 };
const sections = (communication: Communication): readonly FieldSection[] =>
  fieldSections({ communication, draft: null, submissions: [], facts: 7, codeNames: {} }, 'en-GB');
function line(of: readonly FieldSection[], title: string, name: string): FieldLine {
  const found = of.find((each) => each.title === title)?.lines.find((each) => each.name === name);
  if (!found) throw new Error(`no ${name} in ${title}`);
  return found;
}
const moment = (seconds: number): string => `4 Mar 2025, ${timeOfDay(ms(seconds), 'en-GB', true)}`;

const full: Partial<Screenshare> = {
  ...ended,
  initialState: 'alerting',
  context: '4f1c@conference.example.com',
  peerCount: 2,
  startAlertingTime: at(0),
  provider: 'PureCloud Screenshare',
  peerId: '7b20',
  segments: [
    { type: 'Alert', startTime: at(0), endTime: at(4), howEnded: 'Interact' },
    {
      type: 'Interact',
      startTime: at(4),
      endTime: at(15),
      howEnded: 'Disconnect',
      disconnectType: 'peer',
      mood: 'calm',
    },
  ],
  wrapup: {
    code: 'code-1',
    name: 'Resolved',
    notes: '',
    tags: ['a', 'b'],
    durationSeconds: 14,
    provisional: false,
  },
  afterCallWork: { state: 'complete', startTime: at(15), endTime: at(56) },
  afterCallWorkRequired: true,
};

describe('the fields', () => {
  const shown = sections({ ...one({ leg: full }), clocks });

  it('of the model are all there, in the order people read them', () => {
    const [sent] = shown;
    expect(sent?.lines.map(({ name }) => name)).toEqual([...screenshareFields]);
    expect(sent?.lines.every(({ absent, words }) => !absent && words !== '')).toBe(true);
    const nothing = sections(one({ leg: { id: null, state: 'disconnected' } }))[0];
    expect(nothing?.lines.map(({ name }) => name)).toEqual([...screenshareFields]);
    expect(nothing?.lines.filter(({ absent }) => absent).map(({ words }) => words)).toEqual(
      Array.from({ length: screenshareFields.length - 1 }, () => 'Not sent'),
    );
  });

  it.each([
    ['Screen share', 'state', 'Disconnected', 'disconnected'],
    ['Screen share', 'sharing', 'No', 'false'],
    ['Screen share', 'peerCount', '2', null],
    ['Screen share', 'context', '4f1c@conference.example.com', null],
    ['Screen share', 'disconnectType', 'You ended it', 'client'],
    ['Screen share', 'segments', 'Alert → Interact → Disconnect', null],
    ['Screen share', 'wrapup', 'Resolved', null],
    ['Screen share', 'afterCallWork', 'Complete', 'complete'],
    ['Segment 1', 'howEnded', 'Interact', null],
    ['Segment 2', 'startTime', moment(4), at(4)],
    ['Segment 2', 'mood', 'calm', null],
    ['Wrap-up in Genesys', 'notes', 'Empty', ''],
    ['Wrap-up in Genesys', 'tags', 'a, b', '["a","b"]'],
    ['Wrap-up in Genesys', 'durationSeconds', '14 s', '14'],
    ['After-call work', 'endTime', moment(56), at(56)],
    ['Conversation and queue', 'queueName', 'Billing', null],
    ['Conversation and queue', 'policy', 'Mandatory', 'mandatory'],
    ['Conversation and queue', 'wrapupSkipped', 'Not sent', null],
    ['Recorded by Sharelight', 'role', 'viewing', null],
    ['Recorded by Sharelight', 'revisions', '1', null],
    ['Recorded by Sharelight', 'facts', '7', null],
  ])('%s: %s is %s', (title, name, words, sent) => {
    expect(line(shown, title, name)).toMatchObject({ words, sent });
  });

  it('say which clock told a time, and how far that is known to be off', () => {
    const clockOf = (name: string): string => line(shown, 'Clock check', name).clock;
    expect(clockOf('lastSeenAt')).toBe('This computer’s clock');
    expect(clockOf('connectedTime')).toBe('Genesys Cloud’s clock, 0.4 s ahead of this computer');
    expect(clockOf('disconnectedTime')).toBe('The provider’s clock, 2.1 s behind Genesys Cloud');
    expect(line(shown, 'Clock check', 'Accuracy').words).toContain('± 0.1 s');
    expect(line(shown, 'Clock check', 'Difference').words).toBe('clocks differ by 2.1 s');
    expect(line(shown, 'Screen share', 'state').clock).toBe('');
  });

  it('say where two clocks contradict each other', () => {
    const odd = sections(one({ leg: { ...ended, connectedTime: at(20) } }));
    expect(line(odd, 'Clock check', 'Contradiction').words).toContain('it ended 5 s before it connected');
    expect(shown.at(-1)?.lines.map(({ name }) => name)).not.toContain('Contradiction');
  });

  it('show what a newer server sends as it was sent', () => {
    const newer = sections(
      one({
        leg: {
          ...ended,
          state: 'entangled',
          disconnectType: 'levitation',
          startAlertingTime: 'soon',
          afterCallWork: { state: 'dreaming', mood: { of: 'day' } },
          hologram: { depth: 3 },
        },
        agent: { wrapupPrompt: 'whenever' },
      }),
    );
    expect(line(newer, 'Screen share', 'state').words).toBe('Genesys says: entangled');
    expect(line(newer, 'Screen share', 'disconnectType').words).toBe('As sent: levitation');
    expect(line(newer, 'Screen share', 'startAlertingTime').words).toBe('Not a time: soon');
    expect(line(newer, 'Screen share', 'hologram').words).toBe('{"depth":3}');
    expect(line(newer, 'After-call work', 'state').words).toContain('dreaming');
    expect(line(newer, 'After-call work', 'mood').words).toBe('{"of":"day"}');
    expect(line(newer, 'Conversation and queue', 'policy').words).toBe('As sent: whenever');
  });

  it('of an exported file say what it said besides, and nothing of facts there are none of', () => {
    const exported = { role: 'sharing', beyond: { redacted: ['peerName', 'notes'] } } as const;
    const imported = sections({ ...one({ leg: full }), exported });
    expect(line(imported, 'Recorded by Sharelight', 'role').words).toBe('sharing');
    expect(line(imported, 'Also in the file', 'redacted').words).toBe('peerName, notes');
    expect(line(imported, 'Recorded by Sharelight', 'facts').absent).toBe(true);
  });

  it('of an exported file state nothing the file does not', () => {
    const told = { ...one({ leg: full }), participantWrapup: { code: 'code-1' }, wrapupSkipped: true };
    const imported = sections({ ...told, exported: { role: 'sharing', beyond: {} } });
    for (const [title, names] of [
      [
        'Conversation and queue',
        ['queueId', 'peerSharing', 'policy', 'wrapupRequired', 'wrapupTimeoutMs', 'wrapupSkipped'],
      ],
      ['Conversation and queue', ['startAcwTime', 'endAcwTime', 'alertingTimeoutMs']],
      ['Recorded by Sharelight', ['gone', 'facts']],
    ] as const)
      for (const name of names)
        expect(line(imported, title, name)).toMatchObject({ words: 'Not in an exported file', sent: null });
    expect(line(imported, 'Conversation and queue', 'queueName').words).toBe('Billing');
    expect(line(imported, 'Conversation and queue', 'communicationId').words).toBe('leg-1');
    expect(line(imported, 'Recorded by Sharelight', 'answered').words).toBe('Yes');
    const titles = imported.map(({ title }) => title);
    expect(titles).toContain('Wrap-up in the file');
    expect(titles).not.toContain('Wrap-up in Genesys, for the participant');
    const { id: _id, ...nameless } = told.screenshare;
    const unnamed = sections({ ...told, screenshare: nameless, exported: { role: 'sharing', beyond: {} } });
    expect(line(unnamed, 'Conversation and queue', 'communicationId').words).toBe('Not in an exported file');
  });

  it('of an exported file have one name each, whatever it says besides', () => {
    const beyond = { facts: 3, gone: 'yes', role: 'x', media: 'y', lastSeenAt: 'never', __proto__x: 1 };
    const imported = sections({ ...one({ leg: full }), exported: { role: 'sharing', beyond } });
    for (const { lines } of imported) expect(new Set(lines.map(({ name }) => name)).size).toBe(lines.length);
    expect(line(imported, 'Also in the file', 'facts').words).toBe('3');
  });
});

describe('clocks', () => {
  it.each([
    [undefined, 0, ''],
    [{ cloudOffsetMs: 400, cloudUncertaintyMs: 500 }, 0, ''],
    [{ cloudOffsetMs: 40, cloudUncertaintyMs: 10 }, 0, ''],
    [{ cloudOffsetMs: -400, cloudUncertaintyMs: 50 }, 400, 'clocks differ by 0.4 s'],
    [{ cloudOffsetMs: 400, cloudUncertaintyMs: 50, providerOffsetMs: 2000 }, 2400, 'clocks differ by 2.4 s'],
    [
      { cloudOffsetMs: 0, cloudUncertaintyMs: 50, providerOffsetMs: -180_000 },
      180_000,
      'clocks differ by 3 min',
    ],
    [{ cloudOffsetMs: 0, cloudUncertaintyMs: 50, providerOffsetMs: 12_400 }, 12_400, 'clocks differ by 12 s'],
  ])('%j differ by %i ms', (known, by, words) => {
    expect(clocksDifferBy(known)).toBe(by);
    expect(clocksDifferWords(known, 'en')).toBe(words);
  });

  it('that are not known say so', () => {
    expect(clockWords('cloud', undefined, 'en')).toContain('difference not known');
    expect(clockWords('provider', { cloudOffsetMs: 0, cloudUncertaintyMs: 5 }, 'en')).toContain(
      'no difference seen',
    );
    expect(clockWords('cloud', { cloudOffsetMs: 0, cloudUncertaintyMs: 5 }, 'en')).toContain(
      'same as this computer',
    );
  });

  it('write numbers as the person does', () => {
    expect(clocksDifferWords({ cloudOffsetMs: 1400, cloudUncertaintyMs: 50 }, 'de')).toBe(
      'clocks differ by 1,4 s',
    );
  });
});

describe('at a glance', () => {
  const glance = (communication: Communication): [name: string, words: string][] =>
    plainLines({ communication, draft: null, submissions: [], facts: 7, codeNames: {} }, 'en-GB').map(
      ({ name, words }) => [name, words],
    );

  it('are labels and words of daily use, and nothing that was not sent', () => {
    expect(glance(one({ leg: { ...live, sharing: true } }, { leg: ended }))).toEqual([
      ['Customer', 'Ana Lima'],
      ['Queue', 'Billing'],
      ['Your part', 'You shared your screen'],
      ['How it ended', 'You ended it'],
      ['After-call work rule', 'Mandatory'],
      ['First update', moment(0)],
      ['Last update', moment(10)],
    ]);
  });

  it('say that it was missed, and the rule of the queue', () => {
    const missed = one({
      leg: { state: 'disconnected', disconnectType: 'system' },
      agent: { wrapupPrompt: 'mandatory' },
    });
    const lines = new Map(glance(missed));
    expect(lines.get('Your part')).toBe('You didn’t answer');
    expect(lines.get('How it ended')).toBe('Not answered in time');
    expect(lines.get('After-call work rule')).toBe('Mandatory');
    // WCAG 2.2.1: where no client can extend it, the record says so.
    const timed = new Map(glance(one({ leg: ended, agent: { wrapupPrompt: 'timeout' } })));
    expect(timed.get('After-call work rule')).toContain('that can’t be extended');
  });
});
