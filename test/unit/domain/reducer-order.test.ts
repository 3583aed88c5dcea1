import { describe, expect, it } from 'vitest';
import { reduceConversation, reduceMissing } from '../../../domain/communication/reducer.ts';
import { legStateOf } from '../../../domain/communication/phase.ts';
import type { Conversation } from '../../../domain/model/screenshare.ts';
import { agentId, at, context, conversation, customer, ended, fold, live, one, read } from './wire.ts';

describe('a late fact', () => {
  it('does not bring back what is over, nor its sharing, nor its peers', () => {
    const communication = one(
      { leg: { ...live, sharing: true, peerCount: 2 } },
      { leg: { ...ended, sharing: false, peerCount: 0 } },
      { leg: { ...live, sharing: true, peerCount: 2 } },
    );
    expect(communication.screenshare).toMatchObject({ state: 'disconnected', sharing: false, peerCount: 0 });
    expect(communication.onAir).toHaveLength(1);
    expect(communication.peers).toHaveLength(1);
  });

  it('does not put a connected one back to alerting', () => {
    const communication = one({ leg: live }, { leg: { state: 'alerting', startAlertingTime: at(-1) } });
    expect(legStateOf(communication)).toBe('connected');
    expect(communication.alertedAt).toBe(at(-1));
  });

  it('from the time it was connected does not undo the after-call work that began since', () => {
    const communication = one(
      { leg: live },
      { leg: { ...ended, afterCallWork: { state: 'pending', startTime: at(15) } } },
      { leg: { ...live, afterCallWork: { state: 'notApplicable' } } },
    );
    expect(communication.screenshare.afterCallWork).toEqual({ state: 'pending', startTime: at(15) });
  });

  it('from an open after-call work does not undo its end', () => {
    const done = {
      leg: {
        ...ended,
        afterCallWork: { state: 'complete', endTime: at(40) },
        wrapup: { code: 'b', notes: 'final' },
      },
      agent: { wrapupSkipped: true, endAcwTime: at(40), wrapup: { code: 'b', notes: 'final' } },
    };
    const open = {
      leg: { ...ended, afterCallWork: { state: 'pending' }, wrapup: { code: 'a', notes: 'first' } },
      agent: { wrapupSkipped: false, wrapup: { code: 'a', notes: 'first' } },
    };
    const communication = one(done, open);
    expect(communication.screenshare.afterCallWork?.state).toBe('complete');
    expect(communication.screenshare.wrapup).toEqual({ code: 'b', notes: 'final' });
    expect(communication.participantWrapup).toEqual({ code: 'b', notes: 'final' });
    expect(communication.wrapupSkipped).toBe(true);
  });

  it('does not reopen a closed segment', () => {
    const closed = [{ type: 'Interact', startTime: at(4), endTime: at(15) }];
    const communication = one(
      { leg: { ...ended, segments: closed } },
      { leg: { ...live, segments: [{ type: 'Interact', startTime: at(4) }] } },
    );
    expect(communication.screenshare.segments).toEqual(closed);
  });

  it('still fills in what nobody had said', () => {
    const communication = one({ leg: ended }, { leg: { ...live, provider: 'Genesys', peerId: 'leg-c' } });
    expect(communication.screenshare).toMatchObject({ provider: 'Genesys', peerId: 'leg-c' });
  });
});

describe('a video leg', () => {
  const video = (...videos: object[]): Conversation =>
    read({ id: 'c', participants: [customer, { id: 'p', userId: agentId, videos }] });

  it('that speaks of screen sharing is the same record, with nothing of it lost', () => {
    const communication = one(
      video({ id: 'v', state: 'connected', sharingScreen: true, audioMuted: false, peerCount: 1 }),
    );
    expect(communication.media).toBe('video');
    expect(communication.screenshare).toEqual({
      id: 'v',
      state: 'connected',
      sharing: true,
      audioMuted: false,
      peerCount: 1,
    });
  });

  it('that never speaks of it is no communication of ours', () => {
    expect(fold(video({ id: 'v', state: 'connected' }, { id: 'w', sharingScreen: null }))).toEqual([]);
  });

  it('we know is followed to its end, even by a fact that no longer speaks of sharing', () => {
    const communication = one(
      video({ id: 'v', state: 'connected', sharingScreen: true }),
      video({ id: 'v', state: 'disconnected', disconnectType: 'client' }),
    );
    expect(legStateOf(communication)).toBe('over');
    expect(communication.onAir).toEqual([{ from: at(0), to: at(10) }]);
  });
});

describe('a conversation the server no longer has', () => {
  it('is gone: over, off air, with the end we know of', () => {
    const known = fold({ leg: { ...live, sharing: true } });
    const [gone] = reduceMissing(known, context(30));
    expect(gone).toMatchObject({ gone: true, onAir: [{ from: at(0), to: at(30) }], revisions: 2 });
    expect(gone && legStateOf(gone)).toBe('over');
  });

  it('leaves alone what had ended before, and comes back with the next fact', () => {
    expect(
      reduceMissing(fold({ leg: { ...ended, afterCallWork: { state: 'complete' } } }), context(30)),
    ).toEqual([]);
    const gone = reduceMissing(fold({ leg: { ...live, sharing: true } }), context(30));
    const [back] = reduceConversation(gone, conversation({ leg: { ...live, sharing: true } }), context(40));
    expect(back).toMatchObject({ gone: false, onAir: [{ from: at(0), to: at(30) }, { from: at(40) }] });
  });
});
