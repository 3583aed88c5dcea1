import { describe, expect, it } from 'vitest';
import type { Communication } from '../../../domain/communication/communication.ts';
import { isSharing, legStateOf } from '../../../domain/communication/phase.ts';
import type { Conversation, Participant } from '../../../domain/model/screenshare.ts';
import { agentId, at, fold, one, read } from './wire.ts';

/** A video call is no screen share until somebody in it shares a screen. */

interface Sides {
  readonly agent?: object;
  readonly customer?: object;
}

const alerting = { state: 'alerting', sharingScreen: false };
const connected = { state: 'connected', connectedTime: at(4), sharingScreen: false };
const shares = { ...connected, sharingScreen: true };
const ended = { ...connected, state: 'disconnected', disconnectType: 'client', disconnectedTime: at(25) };

function call({ agent = connected, customer = connected }: Sides, ...others: Participant[]): Conversation {
  return read({
    id: 'c',
    participants: [
      { id: 'customer-1', purpose: 'customer', name: 'Ana Lima', videos: [{ id: 'v-c', ...customer }] },
      ...others,
      {
        id: 'p',
        purpose: 'agent',
        userId: agentId,
        wrapupPrompt: 'mandatory',
        videos: [{ id: 'v', ...agent }],
      },
    ],
  });
}

describe('an ordinary video call', () => {
  it('rings, goes on and ends in silence, though every leg says sharingScreen: false', () => {
    expect(fold(call({ agent: alerting }), call({}), call({ agent: ended, customer: ended }))).toEqual([]);
  });

  it('is silent also where nobody says anything of sharing, or says null', () => {
    const quiet = { ...connected, sharingScreen: undefined };
    expect(fold(call({ agent: quiet, customer: { ...quiet, sharingScreen: null } }))).toEqual([]);
  });

  it('that nobody answered leaves no missed alert, however often it rang', () => {
    const missed = (id: string): Participant => ({
      id,
      userId: agentId,
      videos: [{ id: `v-${id}`, ...alerting, state: 'terminated', disconnectType: 'system' }],
    });
    expect(fold(call({ agent: alerting }, missed('p1'), missed('p2')))).toEqual([]);
  });

  it('does not become a share by a screen that was shared before it began or after it ended', () => {
    const gone = { ...ended, sharingScreen: true };
    expect(fold(call({ customer: gone }))).toEqual([]);
    expect(fold(call({ agent: ended, customer: shares }))).toEqual([]);
  });
});

describe('who shares', () => {
  const expert = (video: object, name?: string): Participant => ({
    ...{ id: 'expert-1', purpose: 'external', videos: [{ id: 'v-e', ...video }] },
    ...(name === undefined ? {} : { name }),
  });
  const words = (...facts: Conversation[]): readonly [string | undefined, readonly string[] | undefined] => {
    const { peerName, sharers } = one(...facts);
    return [peerName, sharers];
  };

  it('is named where it is not the customer, and the customer again after that', () => {
    const byExpert = call({}, expert(shares, 'Jo Roux'));
    expect(words(byExpert)).toEqual(['Ana Lima', ['Jo Roux']]);
    expect(words(byExpert, call({ customer: shares }, expert(connected, 'Jo Roux')))).toEqual([
      'Ana Lima',
      undefined,
    ]);
    expect(words(byExpert, call({}, expert(connected, 'Jo Roux')))).toEqual(['Ana Lima', undefined]);
  });

  it('are all of them where several do, and somebody where nobody says who', () => {
    expect(words(call({ customer: shares }, expert(shares, 'Jo Roux')))).toEqual([
      'Ana Lima',
      ['Ana Lima', 'Jo Roux'],
    ]);
    expect(words(call({}, expert(shares)))).toEqual(['Ana Lima', ['']]);
    expect(words(call({ customer: shares }, expert(shares)))).toEqual(['Ana Lima', ['Ana Lima', '']]);
  });
});

describe('the first true', () => {
  const after = (...sides: readonly Sides[]): Communication => one(...sides.map((side) => call(side)));

  it('of the agent puts them on air; it is followed through stop, share again and end', () => {
    const record = after({}, { agent: shares }, {}, { agent: shares }, { agent: ended });
    expect(record).toMatchObject({ media: 'video', answered: true });
    expect(record.onAir).toEqual([
      { from: at(10), to: at(20) },
      { from: at(30), to: at(40) },
    ]);
    expect(legStateOf(record)).toBe('over');
  });

  it('of the other side makes it a share the agent views', () => {
    const record = after({}, { customer: shares }, {});
    expect(isSharing(record)).toBe(false);
    expect(record).toMatchObject({ key: 'c/p/v', peerSharing: false, onAir: [] });
    expect(legStateOf(record)).toBe('connected');
  });

  it('while it still rings makes it ring as a share', () => {
    expect(legStateOf(after({ agent: alerting, customer: shares }))).toBe('alerting');
  });

  it('makes no record of old parts of the agent', () => {
    const old: Participant = {
      id: 'p1',
      userId: agentId,
      videos: [{ id: 'v-p1', ...alerting, state: 'terminated', disconnectType: 'system' }],
    };
    const records = fold(call({}, old), call({ agent: shares }, old));
    expect(records.map(({ participantId }) => participantId)).toEqual(['p']);
  });

  it('of several parts of the agent that are in it follows each', () => {
    const other: Participant = {
      id: 'p2',
      userId: agentId,
      videos: [{ id: 'v-p2', ...connected }],
    };
    const records = fold(call({}, other), call({ agent: shares }, other), call({}, other));
    expect(records.map(({ communicationId, onAir }) => [communicationId, onAir.length])).toEqual([
      ['v-p2', 0],
      ['v', 1],
    ]);
  });

  it('leaves a screen share beside it as it is', () => {
    const both = (agent: object): Conversation => {
      const { participants, ...rest } = call({ agent });
      const [customer, own] = participants;
      const share = { id: 's', state: 'connected', sharing: false };
      return read({ ...rest, participants: [customer, { ...own, screenshares: [share] }] });
    };
    expect(fold(both(connected)).map(({ media }) => media)).toEqual(['screenshare']);
    expect(fold(both(connected), both(shares)).map(({ media }) => media)).toEqual(['screenshare', 'video']);
  });
});

describe('the flattened topic of videos, which has no legs and no ids', () => {
  const flat = (sharingScreen: boolean, more: object = {}): Conversation =>
    read({
      id: 'c',
      participants: [
        {
          id: 'p',
          purpose: 'agent',
          user: { id: agentId },
          state: 'connected',
          sharingScreen,
          audioMuted: false,
          videoMuted: true,
          ...more,
        },
      ],
    });

  it('is silent, then a share, and followed to its end', () => {
    expect(fold(flat(false))).toEqual([]);
    const record = one(flat(false), flat(true), flat(false), flat(false, { state: 'disconnected' }));
    expect(record).toMatchObject({ media: 'video', key: 'c/p/p', onAir: [{ from: at(10), to: at(20) }] });
    expect(legStateOf(record)).toBe('over');
  });

  it('speaks of the same leg as the others do', () => {
    const record = one(call({ agent: shares }), flat(false), call({ agent: ended }));
    expect(record).toMatchObject({ key: 'c/p/v', onAir: [{ from: at(0), to: at(10) }] });
  });

  it('says nothing of a screen share of the same participant', () => {
    const share = read({
      id: 'c',
      participants: [
        { id: 'p', userId: agentId, screenshares: [{ id: 's', state: 'connected', sharing: true }] },
      ],
    });
    const records = fold(share, flat(false), flat(true), flat(false));
    expect(records.map(({ media, screenshare }) => [media, screenshare.sharing])).toEqual([
      ['screenshare', true],
      ['video', false],
    ]);
  });
});
