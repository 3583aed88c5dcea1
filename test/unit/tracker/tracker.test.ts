import { describe, expect, it } from 'vitest';
import { tell, whole } from '../domain/dialects.ts';
import { reducerVersion } from '../../../domain/communication/reduce-again.ts';
import { agentId, at, conversation, ended, live, one, ms } from '../domain/wire.ts';
import { arrival, createRig, settled, type Rig } from './rig.ts';

const key = 'conversation-1/participant-1/leg-1';
const sharing = conversation({ leg: { ...live, sharing: true, peerCount: 1 } });
const closed = conversation({
  leg: {
    ...ended,
    afterCallWork: { state: 'complete', endTime: at(30) },
    segments: [{ type: 'Interact', endTime: at(15) }],
  },
});
const known = (rig: Rig): string[] => Object.keys(rig.store.model.getState().communications);
const statusOf = (rig: Rig): string => rig.store.app.getState().status.title;

describe('a fact', () => {
  it('is shown only when it is in the journal, and then it is taken', async () => {
    const rig = createRig();
    const release = rig.notebook.hold('commit');
    let taken = false;
    const taking = rig.tracker.arrived(arrival(sharing)).then(() => (taken = true));
    await settled();
    expect([statusOf(rig), taken]).toEqual(['Not sharing', false]);
    release();
    await taking;
    expect(statusOf(rig)).toBe('You are sharing');
    expect(rig.notebook.journal).toEqual([
      {
        source: 'rest',
        subject: 'GET /api/v2/conversations',
        receivedAt: at(10),
        body: JSON.stringify(sharing),
        refusal: null,
        context: {
          conversationId: 'conversation-1',
          rules: reducerVersion,
          userId: agentId,
          serverTime: at(10),
        },
      },
    ]);
    expect(rig.notebook.communications.get(key)).toEqual(rig.store.model.getState().communications[key]);
  });

  it('comes after the one before it, however long that takes', async () => {
    const rig = createRig();
    const release = rig.notebook.hold('communicationsOf');
    const first = rig.tracker.arrived(arrival(sharing));
    const second = rig.tracker.arrived(arrival(closed));
    await settled();
    expect(rig.notebook.journal).toEqual([]);
    release();
    await Promise.all([first, second]);
    expect(rig.notebook.journal.map(({ body }) => body)).toEqual([
      JSON.stringify(sharing),
      JSON.stringify(closed),
    ]);
    expect(rig.store.model.getState().communications[key]?.screenshare.state).toBe('disconnected');
  });

  it('is one trip to the database, once that was asked for its conversation', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.arrived(arrival(closed));
    expect(rig.notebook.calls).toEqual(['communicationsOf', 'commit', 'commit']);
    expect(rig.notebook.communications.get(key)).toMatchObject({ revisions: 2 });
  });

  it('about the first of very many conversations is reduced on all of it', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    for (let other = 0; other < 60; other += 1) {
      await rig.tracker.arrived(arrival({ ...closed, id: `other-${other}` }));
    }
    await rig.tracker.arrived(arrival(closed));
    expect(rig.notebook.calls.filter((call) => call === 'communicationsOf')).toHaveLength(62);
    expect(rig.notebook.communications.get(key)).toMatchObject({ revisions: 2 });
  });

  it('about a communication long closed is reduced on what the database has of it', async () => {
    const rig = createRig();
    rig.notebook.communications.set(key, one({ leg: { ...live, provider: 'Genesys' } }));
    await rig.tracker.arrived(arrival(closed));
    expect(rig.notebook.communications.get(key)).toMatchObject({
      screenshare: { provider: 'Genesys', state: 'disconnected' },
      firstSeenAt: at(0),
    });
  });

  it('is dated by the server’s clock as estimated', async () => {
    const rig = createRig();
    rig.tracker.dated({ date: new Date(ms(15)).toUTCString(), sentAt: ms(10), receivedAt: ms(10) });
    const offsetMs = rig.store.model.getState().cloud?.offsetMs ?? 0;
    // The header counts whole seconds.
    expect(offsetMs).toBeGreaterThanOrEqual(5000);
    expect(offsetMs).toBeLessThanOrEqual(6000);
    await rig.tracker.arrived(arrival(sharing));
    expect(rig.store.model.getState().communications[key]).toMatchObject({
      onAir: [{ from: new Date(ms(10) + offsetMs).toISOString() }],
      lastSeenAt: at(10),
    });
  });

  it('about nobody here is kept and changes nothing', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival({ id: 'conversation-9', participants: [] }));
    expect(rig.notebook.journal).toHaveLength(1);
    expect(known(rig)).toEqual([]);
  });
});

describe('what cannot be understood', () => {
  it('is set aside as it came, with the reason, and counted', async () => {
    const rig = createRig();
    const unreadable = { kind: 'unreadable', reason: 'Not JSON.' } as const;
    await rig.tracker.arrived({ ...arrival(null, 'socket'), body: '<html>', content: unreadable });
    await rig.tracker.arrived(arrival({ id: 'conversation-1', participants: 'many' }));
    expect(rig.notebook.journal.map(({ body, refusal }) => [body, refusal])).toEqual([
      ['<html>', 'Not JSON.'],
      ['{"id":"conversation-1","participants":"many"}', expect.stringMatching(/^participants: /)],
    ]);
    expect(rig.store.app.getState().database).toMatchObject({ health: 'ok', quarantined: 2 });
  });

  const garbled = { id: 'conversation-1', participants: [{ userId: 7 }] };

  it.each(['socket', 'rest'] as const)(
    'from the %s may hide a share: nothing is confirmed until an answer can be read',
    async (source) => {
      const rig = createRig();
      rig.onReread = () => rig.tracker.arrived(arrival(garbled)).then(() => true);
      await rig.tracker.arrived(arrival(garbled, source));
      await settled();
      expect(statusOf(rig)).toBe('Not sharing – not confirmed');
      expect(rig.rereads).toEqual(['conversation-1']);
      // Asked again, with longer and longer pauses; the same answer is no other fact.
      const before = rig.notebook.journal.length;
      await rig.pass(120);
      expect(rig.rereads.length).toBeGreaterThan(3);
      expect(rig.notebook.journal).toHaveLength(before);
      rig.onReread = () => rig.tracker.arrived(arrival(sharing)).then(() => true);
      await rig.pass(60);
      expect(statusOf(rig)).toBe('You are sharing');
      const asked = rig.rereads.length;
      await rig.pass(600);
      expect(rig.rereads).toHaveLength(asked);
    },
  );

  it('about a conversation that the server lists no more is forgotten', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(garbled));
    await rig.tracker.listed(['conversation-1'], true);
    expect(statusOf(rig)).toBe('Not sharing – not confirmed');
    await rig.tracker.listed([], false);
    expect(statusOf(rig)).toBe('Not sharing – not confirmed');
    await rig.tracker.listed([], true);
    expect(statusOf(rig)).toBe('Not sharing');
  });

  it('in part is left out: the rest counts, and the log names each kind once, without what it said', async () => {
    const rig = createRig();
    const odd = (notes: unknown): unknown => conversation({ leg: { ...live, wrapup: { notes } as never } });
    await rig.tracker.arrived(arrival(odd(['Ana Lima called']), 'socket'));
    await rig.tracker.arrived(arrival(odd(42), 'socket'));
    await rig.tracker.arrived(arrival(odd(43), 'socket'));
    expect(statusOf(rig)).toBe('Connected');
    const line = 'tracker: what could not be read of a fact was left out: ';
    const field = 'participants.#.screenshares.#.wrapup.notes: Invalid input: expected string, received ';
    expect(rig.logged).toEqual([`${line}${field}array`, `${line}${field}number`]);
    expect(rig.notebook.journal.map(({ refusal }) => refusal)).toEqual([null, null, null]);
  });

  it('stops nothing: the next fact is taken, and the reading goes on', async () => {
    const rig = createRig();
    const broken = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('hostile');
        },
      },
    );
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker
      .arrived({ ...arrival({}), content: { kind: 'conversation', value: broken } })
      .catch(() => undefined);
    await rig.tracker.arrived(arrival(closed));
    expect(rig.store.model.getState().communications[key]?.screenshare.state).toBe('disconnected');
    await rig.tracker.listed(['conversation-1'], true);
    await rig.tracker.settled();
  });
});

describe('a thin event', () => {
  it('is filled by one reading at each stage', async () => {
    const rig = createRig();
    const alerting = conversation({ leg: { state: 'alerting' } });
    await rig.tracker.arrived(arrival(alerting, 'socket'));
    await rig.tracker.arrived(arrival(alerting, 'socket'));
    expect(rig.rereads).toEqual(['conversation-1']);
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    await rig.pass(1);
    expect(rig.rereads).toHaveLength(2);
    await rig.tracker.arrived(arrival(conversation({ leg: ended }), 'socket'));
    await rig.pass(10);
    expect(rig.rereads).toHaveLength(3);
  });

  it('is asked about again when the reading could not be made', async () => {
    const rig = createRig();
    rig.onReread = () => false;
    await rig.tracker.arrived(arrival(conversation({ leg: ended }), 'socket'));
    await rig.pass(1);
    rig.onReread = () => Promise.reject(new Error('broken'));
    await rig.tracker.arrived(arrival(conversation({ leg: ended }), 'socket'));
    await rig.pass(1);
    rig.onReread = () => true;
    await rig.tracker.arrived(arrival(conversation({ leg: ended }), 'socket'));
    await rig.pass(1);
    await rig.tracker.arrived(arrival(conversation({ leg: ended }), 'socket'));
    expect(rig.rereads).toHaveLength(3);
  });

  it('that is no thinner than a reading is left alone', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(closed, 'socket'));
    await rig.tracker.arrived(arrival(conversation({ leg: ended, conversation: { id: 'other' } }), 'rest'));
    expect(rig.rereads).toEqual([]);
  });
});

describe('an event of the flattened topic', () => {
  const flattened = tell('flattened', [{ ...whole, state: 'connected', sharing: true }]);

  it('is shown at once, and read again for the id it lacks: one record, then with its id', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(flattened, 'socket'));
    await rig.tracker.arrived(arrival(flattened, 'socket'));
    expect(rig.rereads).toEqual(['conversation-1']);
    await rig.tracker.arrived(arrival(tell('rest', [whole])));
    await rig.tracker.arrived(arrival(flattened, 'socket'));
    expect(rig.rereads).toHaveLength(1);
    const records = Object.values(rig.store.model.getState().communications);
    expect(records.map(({ communicationId }) => communicationId)).toEqual(['leg-1']);
    expect([...rig.notebook.communications.keys()]).toEqual(records.map((record) => record.key));
  });

  it('that may mean either of two legs changes neither, and is read again', async () => {
    const rig = createRig();
    for (const id of ['leg-1', 'leg-2'])
      await rig.tracker.arrived(arrival(conversation({ leg: { id, ...live, sharing: true } }), 'socket'));
    const before = rig.store.model.getState().communications;
    await rig.tracker.arrived(arrival(flattened, 'socket'));
    expect(rig.store.model.getState().communications).toEqual(before);
    await rig.pass(2);
    expect(rig.rereads.length).toBeGreaterThan(1);
  });
});

describe('the list of everything', () => {
  it('leads to a reading of what it does not name and is not settled', async () => {
    const rig = createRig();
    for (const id of ['open', 'missing', 'listed'])
      await rig.tracker.arrived(arrival(conversation({ leg: live, conversation: { id } })));
    await rig.tracker.arrived(arrival({ ...closed, id: 'settled' }));
    await rig.tracker.listed(['listed'], true);
    expect(rig.rereads.sort()).toEqual(['missing', 'open']);
  });

  it('reads work once that is too old to be filed, and what else is open each time', async () => {
    const rig = createRig();
    const work = { state: 'pending', startTime: at(15) };
    for (const [id, leg] of [
      ['stuck', { ...ended, afterCallWork: work }],
      ['open', live],
    ] as const)
      await rig.tracker.arrived(arrival(conversation({ leg, conversation: { id } })));
    const readFor = async (now: number): Promise<string[]> => {
      rig.rereads.length = 0;
      rig.now = now;
      await rig.tracker.listed([], true);
      return [...rig.rereads].sort();
    };
    const halfDay = 12 * 3600;
    expect(await readFor(60)).toEqual(['open', 'stuck']);
    expect(await readFor(halfDay)).toEqual(['open', 'stuck']);
    expect(await readFor(halfDay + 60)).toEqual(['open']);
  });

  it('ends what the server no longer has', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    rig.now = 40;
    rig.onReread = (id) => rig.tracker.missing(id).then(() => true);
    await rig.tracker.listed([], true);
    expect(statusOf(rig)).toBe('Not sharing');
    expect(rig.notebook.communications.get(key)).toMatchObject({
      gone: true,
      onAir: [{ from: at(10), to: at(40) }],
    });
    expect(rig.notebook.journal.at(-1)).toMatchObject({
      source: 'rest',
      body: '{"status":404}',
      receivedAt: at(40),
    });
    await rig.tracker.missing('never-heard-of');
    expect(rig.notebook.journal).toHaveLength(2);
  });

  it('that lacks what is shared, and cannot say why, leaves it unconfirmed, and it is asked about until it can', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    rig.onReread = () => false;
    await rig.tracker.listed([], true);
    expect(statusOf(rig)).toBe('Sharing – not confirmed');
    await rig.pass(30);
    expect(rig.rereads.length).toBeGreaterThan(2);
    rig.onReread = (id) => rig.tracker.missing(id).then(() => true);
    await rig.pass(60);
    expect(statusOf(rig)).toBe('Not sharing');
  });
});

describe('an event that may be old', () => {
  const viewing = conversation({ leg: live });

  it.each([
    ['that it shares', [sharing, viewing, sharing], viewing, 'Connected'],
    ['that it does not', [viewing, sharing, viewing], sharing, 'You are sharing'],
  ])('%s is checked by a reading', async (_what, events, truth, title) => {
    const rig = createRig();
    rig.onReread = () => rig.tracker.arrived(arrival(truth, 'rest', rig.now, at(rig.now))).then(() => true);
    for (const event of events) await rig.tracker.arrived(arrival(event, 'socket', rig.now));
    await rig.pass(1);
    expect(rig.store.app.getState().status).toMatchObject({ title, confirmed: true });
  });

  it('about what the server no longer has is not believed before it was asked', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.missing('conversation-1');
    let answer = (): void => undefined;
    rig.onReread = (id) =>
      new Promise((resolve) => {
        answer = () => void rig.tracker.missing(id).then(() => resolve(true));
      });
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    expect(statusOf(rig)).toBe('Sharing – not confirmed');
    answer();
    await settled();
    expect(statusOf(rig)).toBe('Not sharing');
  });
});

describe('a reading', () => {
  it('that was asked for before an event came does not take back what the event said', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(conversation({ leg: live }), 'rest', 5, at(5)));
    await rig.tracker.arrived(arrival(sharing, 'socket', 20));
    const before = conversation({ leg: { ...live, provider: 'Genesys' } });
    await rig.tracker.arrived(arrival(before, 'rest', 21, at(19)));
    expect(statusOf(rig)).toBe('You are sharing');
    expect(rig.store.model.getState().communications[key]?.screenshare.provider).toBe('Genesys');
    await rig.pass(2);
    expect(rig.rereads.length).toBeGreaterThan(0);
    await rig.tracker.arrived(arrival(before, 'rest', 23, at(22)));
    expect(statusOf(rig)).toBe('Connected');
  });

  it('that says again what was said before a "not found" brings it back', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.missing('conversation-1');
    expect(statusOf(rig)).toBe('Not sharing');
    await rig.tracker.arrived(arrival(sharing));
    expect(statusOf(rig)).toBe('You are sharing');
  });

  it('that says again what the last one said is no other fact; in time it is: it still was so', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.arrived(arrival(sharing));
    expect(rig.notebook.journal).toHaveLength(1);
    rig.now += 301;
    await rig.tracker.arrived(arrival(sharing));
    expect(rig.notebook.journal).toHaveLength(2);
  });
});

describe('a full reading that does not mention what is live', () => {
  const silent = {
    ...sharing,
    participants: sharing.participants.map((participant) => ({ ...participant, screenshares: [] })),
  };

  it('is no end and no confirmation: it is shown as not confirmed, since the last fact about it', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    rig.now = 40;
    rig.tracker.contact(ms(40));
    await rig.tracker.arrived(arrival(silent, 'rest', 40));
    expect(rig.store.app.getState().status).toMatchObject({
      phase: 'sharing',
      confirmed: false,
      title: 'Sharing – not confirmed',
      detail: expect.stringMatching(/^Last confirmed .*:10\b/) as string,
      actions: expect.arrayContaining(['stopSharing']) as string[],
    });
    expect(rig.notebook.communications.get(key)?.onAir).toEqual([{ from: at(10) }]);
    // The reading may have been made before the event; one that comes after it is asked for, once.
    const asked = rig.rereads.length;
    expect(asked).toBeGreaterThan(0);
    await rig.tracker.arrived(arrival(silent, 'rest', 40));
    await rig.pass(5);
    expect(rig.rereads).toHaveLength(asked);
    await rig.tracker.arrived(arrival(sharing, 'socket', 41));
    expect(statusOf(rig)).toBe('You are sharing');
  });

  it('such as an event is not: an event may be partial', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing, 'socket'));
    await rig.tracker.arrived(arrival(silent, 'socket', 40));
    expect(statusOf(rig)).toBe('You are sharing');
  });

  it('casts no doubt on what is over, or on another conversation', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(closed));
    await rig.tracker.arrived(arrival({ ...sharing, id: 'other' }));
    await rig.tracker.arrived(arrival(silent, 'rest', 40));
    expect(rig.store.model.getState().unmentioned).toEqual([]);
    expect(statusOf(rig)).toBe('You are sharing');
  });

  it('is answered by the end, when that comes', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.arrived(arrival(silent, 'rest', 40));
    expect(rig.store.model.getState().unmentioned).toEqual([key]);
    await rig.tracker.arrived(arrival(closed, 'socket', 50));
    expect(rig.store.model.getState().unmentioned).toEqual([]);
    expect(statusOf(rig)).toBe('Wrapped up');
  });
});

describe('a database that fails', () => {
  it('pauses recording and nothing else, and says when it goes on', async () => {
    const rig = createRig();
    await rig.tracker.arrived(arrival(conversation({ leg: live })));
    rig.notebook.trouble = 'full';
    const healths: string[] = [];
    rig.store.app.subscribe(({ database }) => healths.push(database.health));
    await rig.tracker.arrived(arrival(sharing));
    await rig.tracker.arrived(arrival(conversation({ leg: live })));
    await rig.tracker.arrived(arrival({ id: 'x', participants: 'many' }));
    expect(statusOf(rig)).toBe('Connected');
    expect(rig.store.app.getState().database).toEqual({
      health: 'paused',
      detail: 'The disk is full.',
      quarantined: 1,
    });
    // Reading still works on a full disk; that does not make recording well for a moment.
    expect(healths.slice(healths.indexOf('paused'))).not.toContain('ok');
    rig.notebook.trouble = 'none';
    await rig.tracker.arrived(arrival(sharing));
    expect(rig.store.app.getState().database.health).toBe('ok');
    expect(rig.notebook.communications.get(key)).toMatchObject({ revisions: 4 });
  });

  it('or is not there yet lets the live status go on', async () => {
    const rig = createRig({ database: { health: 'opening', detail: '', quarantined: 0 } });
    expect(rig.recording.detach()).toBe(rig.notebook);
    rig.recording.missing('Waiting for a key.');
    await rig.tracker.arrived(arrival(sharing));
    expect(statusOf(rig)).toBe('You are sharing');
    expect(rig.store.app.getState().database).toMatchObject({
      health: 'paused',
      detail: 'Waiting for a key.',
    });
    rig.recording.attach(rig.notebook);
    expect(rig.store.app.getState().database).toMatchObject({ health: 'ok', detail: '' });
  });
});
