import { describe, expect, it } from 'vitest';
import { duration } from '../../../domain/clocks/time.ts';
import type { Communication } from '../../../domain/communication/communication.ts';
import { reduceConversation, isUnclear } from '../../../domain/communication/reducer.ts';
import {
  connectedAtOf,
  disconnectedAtOf,
  happenedAt,
  acwDeadline,
} from '../../../domain/communication/moments.ts';
import { afterCallWorkOf, legStateOf } from '../../../domain/communication/phase.ts';
import type { Participant } from '../../../domain/model/screenshare.ts';
import { tell, whole } from './dialects.ts';
import { at, context, conversation, ended, fold, live, ms, one, read, type Told } from './wire.ts';

/** A share is most often one part of something longer: a call goes on beside it, and after it. */
const call = (state: string): Partial<Participant> => ({ calls: [{ id: 'call-1', state }] });

const workOf = (communication: Communication): string => afterCallWorkOf(communication);

describe('a share within a call', () => {
  it('that ends before the call owes no work until the call has ended too', () => {
    const timed = { wrapupPrompt: 'timeout', wrapupTimeoutMs: 30_000 };
    const during = one(
      { leg: live, agent: { ...timed, ...call('connected') } },
      { leg: ended, agent: { ...timed, ...call('connected') } },
    );
    expect(legStateOf(during)).toBe('over');
    expect(workOf(during)).toBe('none');

    const after = one(
      { leg: live, agent: { ...timed, ...call('connected') } },
      { leg: ended, agent: { ...timed, ...call('connected') } },
      { leg: ended, agent: { ...timed, ...call('disconnected'), startAcwTime: at(1200) } },
    );
    expect(workOf(after)).toBe('due');
    expect(acwDeadline(after)).toBe(ms(1230));
  });

  it('of which the flattened topic speaks, which knows no calls, goes on owing none', () => {
    const during = one(
      { leg: live, agent: call('connected') },
      { leg: ended, agent: call('connected') },
      { leg: ended },
    );
    expect(workOf(during)).toBe('none');
  });

  it('is as long as it was, however long the call: its work began with the end of the call', () => {
    const cloud = { offsetMs: 0, uncertaintyMs: 500 };
    let known: Communication[] = [];
    const hear = (second: number, told: Told): void => {
      known = reduceConversation(known, read(conversation(told)), context(second, { cloud }));
    };
    hear(4, { leg: live, agent: call('connected') });
    hear(15, { leg: ended, agent: call('connected') });
    hear(1215, { leg: ended, agent: { ...call('disconnected'), startAcwTime: at(1215) } });
    const [record] = known;
    const from = record && connectedAtOf(record);
    const to = record && disconnectedAtOf(record);
    expect(from && to && duration(from, to, record.clocks)).toMatchObject({ ms: 11_000 });
  });

  it('did not ring since the call began', () => {
    const agent = { startTime: at(-2400), alertingTimeoutMs: 30_000 };
    expect(one({ leg: live, agent }).alertedAt).toBeUndefined();
    expect(one({ leg: { state: 'alerting' }, agent }).alertedAt).toBe(at(0));
    expect(one({ leg: { state: 'alerting' }, agent: { ...agent, startTime: at(-3) } }).alertedAt).toBe(
      at(-3),
    );
    // Heard late, of something that is connected by then.
    expect(one({ leg: live, agent }, { leg: { state: 'alerting' }, agent }).alertedAt).toBeUndefined();
  });

  it('happened when it was connected, where nothing says that it rang', () => {
    expect(happenedAt(one({ leg: live, agent: { startTime: at(-2400) } }))).toBe(ms(4));
  });
});

describe('after-call work that did not apply while it was connected', () => {
  const notApplicable = { state: 'notApplicable' };

  it('applies when the participant’s has begun', () => {
    const record = one(
      { leg: { ...live, afterCallWork: notApplicable } },
      { leg: ended, agent: { startAcwTime: at(15) } },
    );
    expect(workOf(record)).toBe('due');
    expect(
      workOf(one({ leg: { ...ended, afterCallWork: notApplicable }, agent: { startAcwTime: at(15) } })),
    ).toBe('due');
  });

  it('does not take back what is pending', () => {
    const record = one(
      { leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } } },
      { leg: { ...ended, afterCallWork: notApplicable } },
    );
    expect(workOf(record)).toBe('due');
  });

  it('does not apply when nothing says otherwise', () => {
    expect(workOf(one({ leg: { ...ended, afterCallWork: notApplicable } }))).toBe('none');
  });
});

describe('who else is in it', () => {
  const shares = { screenshares: [{ id: 'leg-c', state: 'connected', sharing: true }] };

  it('still shares when an event does not mention them', () => {
    const full = conversation({ leg: live, customer: shares });
    const partial = { ...full, participants: full.participants.slice(1) };
    expect(one(full, partial).peerSharing).toBe(true);
    expect(one(full, conversation({ leg: live })).peerSharing).toBe(false);
  });
});

describe('a leg without an id', () => {
  it('that lives, of a participant whose only leg is over, is asked about: it may be another', () => {
    const known = fold({ leg: ended });
    const flattened = read(tell('flattened', [{ ...whole, state: 'connected', sharing: true }]));
    const over = read(tell('flattened', [whole]));
    const live_ = { ...flattened, participants: flattened.participants.map(withoutEnd) };
    expect(isUnclear(known, live_, context(20))).toBe(true);
    expect(isUnclear(known, over, context(20))).toBe(false);
  });
});

function withoutEnd<Participant extends { screenshares?: readonly object[] | null | undefined }>(
  participant: Participant,
): Participant {
  const screenshares = (participant.screenshares ?? []).map((leg) => ({
    ...leg,
    disconnectType: null,
    disconnectedTime: null,
  }));
  return { ...participant, screenshares };
}

describe('a wrap-up', () => {
  it('with another code has nothing of the first: not its notes, not that it was provisional', () => {
    const first = { code: 'id-1', name: 'Resolved', notes: 'private of first', provisional: true };
    const record = one({ leg: { ...ended, wrapup: first } }, { leg: { ...ended, wrapup: { code: 'id-2' } } });
    expect(record.screenshare.wrapup).toEqual({ code: 'id-2' });
  });

  it('told once by the name of its code and once by its id is one', () => {
    const told = { code: 'Resolved', notes: 'kept' };
    const record = one(
      { leg: { ...ended, wrapup: told } },
      { leg: { ...ended, wrapup: { code: 'id-1', name: 'Resolved' } } },
    );
    expect(record.screenshare.wrapup).toEqual({ code: 'id-1', name: 'Resolved', notes: 'kept' });
  });
});

describe('a reading that was overtaken by an event', () => {
  const sharing = conversation({ leg: { ...live, sharing: true } });
  const before = read(conversation({ leg: { ...live, provider: 'Genesys' } }));
  const known = fold(sharing);

  it('fills in what is missing, and takes back nothing', () => {
    const [record] = reduceConversation(known, before, context(10, { overtaken: true }));
    expect(record?.screenshare).toMatchObject({ sharing: true, provider: 'Genesys' });
    expect(record?.onAir).toEqual([{ from: at(0) }]);
  });

  it('proves an end', () => {
    const [record] = reduceConversation(
      known,
      read(conversation({ leg: ended })),
      context(10, { overtaken: true }),
    );
    expect(record && legStateOf(record)).toBe('over');
  });
});
