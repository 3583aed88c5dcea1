import { describe, expect, it } from 'vitest';
import type { Participant } from '../../../domain/model/screenshare.ts';
import { actionName, endsWords } from '../../../domain/words/action-names.ts';
import { agentId, at, conversation, customer, ended, live, one, type Told } from './wire.ts';

const sharing = { ...live, sharing: true };
const told = (agent: Partial<Participant>, leg: object = sharing): Told => ({ leg, agent });
const leg = (state: string, id = 'x') => ({ id, state, connectedTime: at(1) });
const ends = (...snapshots: readonly Told[]): string => endsWords(one(...snapshots));

describe('a hang-up ends, besides the share,', () => {
  it.each<[string, Partial<Participant>, string]>([
    ['nothing', {}, ''],
    ['a phone call', { calls: [leg('connected')] }, 'the call'],
    ['a call on hold', { calls: [{ ...leg('connected'), held: true }] }, 'the call'],
    ['two calls', { calls: [leg('connected', 'a'), leg('connected', 'b')] }, '2 calls'],
    ['a chat', { chats: [leg('connected')] }, 'the chat'],
    ['an email', { emails: [leg('connected')] }, 'the email'],
    ['a callback', { callbacks: [leg('alerting')] }, 'the callback'],
    ['a message', { messages: [leg('connected')] }, 'the messaging conversation'],
    ['a video leg', { videos: [leg('connected')] }, 'the video call'],
    [
      'several, the call first',
      { emails: [leg('connected')], chats: [leg('connected')], calls: [leg('connected')] },
      'the call, the chat and the email',
    ],
    ['what a newer server connects by', { holograms: [leg('connected')] }, 'the other connection'],
    ['a call without a state', { calls: [{ id: 'x', connectedTime: at(1) }] }, 'the call'],
  ])('%s', (_what, agent, words) => {
    expect(ends(told(agent))).toBe(words);
  });

  it.each<[string, Partial<Participant>]>([
    ['has ended', { calls: [leg('disconnected')] }],
    ['contradicts itself', { calls: [{ ...leg('connected'), disconnectType: 'peer' }] }],
    ['says nothing', { calls: [{ state: 'none' }, {}, null] as never }],
    ['is no leg', { evaluations: [{ id: 'e', status: 'PENDING' }], mediaRoles: ['full'] }],
  ])('not what %s', (_what, agent) => {
    expect(ends(told(agent))).toBe('');
  });

  it('not what the agent is connected by as another participant', () => {
    const { id, participants } = conversation(told({}));
    const elsewhere = { id: 'participant-0', userId: agentId, purpose: 'agent', calls: [leg('connected')] };
    expect(endsWords(one({ id, participants: [elsewhere, ...participants] }))).toBe('');
  });

  it('not the customer’s own call', () => {
    expect(ends({ leg: sharing, customer: { ...customer, calls: [leg('connected')] } })).toBe('');
  });

  it('the video call the share is in, while its camera is on', () => {
    const video = (videoMuted: boolean) => {
      const own = { ...leg('connected', 'v'), sharingScreen: true, videoMuted };
      const { id, participants } = conversation();
      const mine = participants.map((participant) =>
        participant.userId === agentId ? { ...participant, screenshares: [], videos: [own] } : participant,
      );
      return endsWords(one({ id, participants: mine }));
    };
    expect(video(false)).toBe('the video call');
    expect(video(true)).toBe('');
  });
});

describe('from fact to fact', () => {
  const call = (state: string) => told({ calls: [leg(state)] });

  it('a call that a fact does not mention goes on, and ends when one says so', () => {
    expect(ends(call('connected'), told({}))).toBe('the call');
    expect(ends(call('connected'), told({ chats: [leg('connected')] }))).toBe('the call and the chat');
    expect(ends(call('connected'), call('disconnected'))).toBe('');
    expect(ends(call('connected'), told({ calls: [] }))).toBe('');
    expect(ends(told({}), call('connected'))).toBe('the call');
  });

  it('nothing goes on after the participant', () => {
    expect(one(call('connected'), told({ endTime: at(15) }, ended)).otherLegs).toEqual([]);
  });
});

it('a button that ends more than the share says so, and is itself otherwise', () => {
  expect(actionName('stopSharing', { ends: '' })).toBe('Stop sharing');
  expect(actionName('stopSharing', { ends: 'the call' })).toBe('Stop sharing and end the call');
  expect(actionName('decline', { ends: 'the call' })).toBe('Decline and end the call');
  expect(actionName('answer', { ends: 'the call' })).toBe('Answer');
});
