import { describe, expect, it } from 'vitest';
import type { BeginOptions } from '../../../electron/feed/simulator/acts.ts';
import { restConversation } from '../../../electron/feed/simulator/rest-shapes.ts';
import { runAgenda, someoneListens, step } from '../../../electron/feed/simulator/step.ts';
import {
  conversationEvent,
  halfDisconnected,
  screenshareEvent,
  videoEvent,
} from '../../../electron/feed/simulator/topic-shapes.ts';
import { newWorld, type SimConversation, type World } from '../../../electron/feed/simulator/world.ts';

const START = Date.UTC(2026, 2, 2, 9, 0, 0);

function begun(options: BeginOptions = {}): { world: World; conversation: SimConversation } {
  const world = newWorld('idle', 1, START);
  const { conversation } = step(world, { do: 'begin', options }, START);
  if (!conversation) throw new Error('nothing began');
  return { world, conversation };
}

describe('an alert', () => {
  it('shows its deadline, names the agent, and has the customer on the matching leg', () => {
    const { conversation } = begun({
      alertingTimeoutMs: 8_000,
      customer: 'Ada Quillfeather',
      queue: 'Billing help',
    });
    const [customer, distributor, agent] = restConversation(conversation).participants;
    expect(agent).toMatchObject({ purpose: 'agent', alertingTimeoutMs: 8_000, queueName: 'Billing help' });
    const leg = agent?.screenshares?.[0];
    expect(leg).toMatchObject({
      state: 'alerting',
      initialState: 'alerting',
      startAlertingTime: new Date(START).toISOString(),
      peerId: customer?.screenshares?.[0]?.id,
      segments: [{ type: 'Alert', startTime: new Date(START).toISOString() }],
    });
    expect(leg?.segments?.[0]).not.toHaveProperty('endTime');
    expect(customer).toMatchObject({ name: 'Ada Quillfeather', purpose: 'customer' });
    expect(customer?.screenshares?.[0]?.peerId).toBe(leg?.id);
    expect(distributor).toMatchObject({ purpose: 'acd', name: 'Billing help' });
  });

  it('that nobody answers ends by the system, and comes again as a new participant', () => {
    const { world, conversation } = begun({
      alertingTimeoutMs: 8_000,
      script: { realerts: 1, realertAfterMs: 2_000 },
    });
    runAgenda(world, START + 8_000, () => undefined);
    expect(conversation.phase).toBe('queued');
    expect(world.routing.status).toBe('NOT_RESPONDING');
    runAgenda(world, START + 10_000, () => undefined);
    const agents = restConversation(conversation).participants.filter(({ purpose }) => purpose === 'agent');
    expect(agents).toHaveLength(2);
    expect(agents[0]?.screenshares?.[0]).toMatchObject({
      state: 'disconnected',
      disconnectType: 'system',
      segments: [{ type: 'Alert', howEnded: 'Disconnect', disconnectType: 'system' }],
    });
    expect(agents[1]?.screenshares?.[0]).toMatchObject({ state: 'alerting' });
    expect(agents[1]?.id).not.toBe(agents[0]?.id);
    runAgenda(world, START + 18_000, () => undefined);
    expect(conversation.phase).toBe('over');
  });

  it('that was answered does not time out later', () => {
    const { world, conversation } = begun({ alertingTimeoutMs: 8_000 });
    step(world, { do: 'answer' }, START + 7_999);
    runAgenda(world, START + 60_000, () => undefined);
    expect(conversation.phase).toBe('connected');
  });

  it('answers itself where the queue says so', () => {
    const { world, conversation } = begun({ autoAnswer: true });
    runAgenda(world, START + 1_000, () => undefined);
    expect(conversation.phase).toBe('connected');
  });
});

describe('a connected share', () => {
  it('stamps the disconnect by the provider’s clock, which is not the cloud’s', () => {
    const { world, conversation } = begun();
    step(world, { do: 'settings', settings: { providerSkewMs: -2_500 } }, START);
    step(world, { do: 'answer' }, START + 1_000);
    step(world, { do: 'disconnect', type: 'transport.failure' }, START + 2_000);
    const leg = restConversation(conversation).participants.at(-1)?.screenshares?.[0];
    expect(leg).toMatchObject({
      connectedTime: new Date(START + 1_000).toISOString(),
      disconnectedTime: new Date(START - 500).toISOString(),
      disconnectType: 'transport.failure',
    });
  });

  it('has one screen at a time: the agent’s or the customer’s', () => {
    const { world, conversation } = begun();
    step(world, { do: 'answer' }, START);
    const sharing = () =>
      restConversation(conversation).participants.map(({ screenshares }) => screenshares?.[0]?.sharing);
    step(world, { do: 'peerSharing', on: true }, START);
    expect(sharing()).toEqual([true, false, false]);
    step(world, { do: 'startSharing', peers: 2 }, START);
    expect(sharing()).toEqual([false, false, true]);
    step(world, { do: 'stopSharing' }, START);
    expect(sharing()).toEqual([false, false, false]);
  });
});

describe('the topic dialects', () => {
  function wrapped(): { world: World; conversation: SimConversation } {
    const it = begun({ policy: 'optional', queue: 'Billing help' });
    step(it.world, { do: 'answer' }, START);
    step(it.world, { do: 'disconnect', type: 'peer' }, START + 1_000);
    step(it.world, { do: 'wrapUp', notes: 'n' }, START + 5_000);
    return it;
  }

  it('…conversations: no alerting time, segments or wrapupSkipped; wrapupExpected, self and settings of the queue', () => {
    const { world, conversation } = wrapped();
    const event = conversationEvent(conversation, world.settings);
    const agent = event.participants?.at(-1);
    const leg = agent?.screenshares?.[0];
    expect(event.recordingState).toBe('none');
    expect(agent).toHaveProperty('wrapupExpected', false);
    expect(agent).not.toHaveProperty('queueName');
    expect(agent).not.toHaveProperty('wrapupSkipped');
    expect(leg).not.toHaveProperty('startAlertingTime');
    expect(leg).not.toHaveProperty('segments');
    expect(leg).toMatchObject({ self: {}, queueMediaSettings: { enableAutoAnswer: false } });
    expect(leg?.wrapup).toEqual({
      code: restConversation(conversation).participants.at(-1)?.wrapup?.code,
      notes: 'n',
      tags: [],
      durationSeconds: 4,
      endTime: new Date(START + 5_000).toISOString(),
    });
  });

  it('…conversations can carry the code’s name instead of its id, and REST can leave it out', () => {
    const { world, conversation } = wrapped();
    expect(restConversation(conversation).participants.at(-1)?.wrapup?.name).toBe('Invoice explained');
    const settings = { topicWrapupCode: 'name', restWrapupName: false } as const;
    step(world, { do: 'settings', settings }, START + 6_000);
    const event = conversationEvent(conversation, world.settings).participants?.at(-1)?.wrapup;
    expect(event?.code).toBe('Invoice explained');
    expect(restConversation(conversation, world.settings).participants.at(-1)?.wrapup).not.toHaveProperty(
      'name',
    );
  });

  it('a second share in the same call is another communication of the same participant', () => {
    const it = begun({ policy: 'mandatory', queue: 'Billing help' });
    step(it.world, { do: 'answer' }, START);
    step(it.world, { do: 'startSharing', peers: 1 }, START + 1_000);
    step(it.world, { do: 'shareAgain', peers: 1 }, START + 2_000);
    step(it.world, { do: 'disconnect', type: 'peer' }, START + 9_000);
    const agent = restConversation(it.conversation).participants.at(-1);
    expect(agent?.screenshares?.map(({ state }) => state)).toEqual(['disconnected', 'disconnected']);
    expect(agent?.screenshares?.[0]).not.toHaveProperty('afterCallWork');
    expect(agent?.startAcwTime).toBe(new Date(START + 9_000).toISOString());
  });

  it('…screenshares lies flat on the participant and has no communication id', () => {
    const { world, conversation } = wrapped();
    const agent = screenshareEvent(conversation, world.settings)?.participants?.at(-1);
    expect(agent).toMatchObject({
      state: 'terminated',
      sharing: false,
      user: { name: 'Robin Vale' },
      held: false,
    });
    expect(agent).not.toHaveProperty('screenshares');
    expect(JSON.stringify(agent)).not.toContain(conversation.parties.at(-1)?.leg.id);
  });

  it('…screenshares says nothing of a video', () => {
    const { world, conversation } = begun({ media: 'video' });
    expect(screenshareEvent(conversation, world.settings)).toBeNull();
  });
});

describe('what captures of real traffic show', () => {
  it('a leg goes on saying that it is connected and shares, though its participant has left', () => {
    const { world, conversation } = begun();
    step(world, { do: 'answer' }, START);
    step(world, { do: 'startSharing', peers: 1 }, START);
    step(world, { do: 'settings', settings: { lingeringLegs: true } }, START);
    step(world, { do: 'disconnect', type: 'peer' }, START + 1000);
    for (const told of [restConversation(conversation), conversationEvent(conversation, world.settings)]) {
      const agent = told.participants?.at(-1);
      expect(agent).toMatchObject({
        endTime: new Date(START + 1000).toISOString(),
        screenshares: [{ state: 'connected', sharing: true }],
      });
      expect(agent?.screenshares?.[0]).not.toHaveProperty('disconnectType');
    }
  });

  it('a disconnect of which the first half says why, and that it is connected', () => {
    const { world, conversation } = begun();
    step(world, { do: 'answer' }, START);
    step(world, { do: 'disconnect', type: 'client' }, START + 1000);
    const [half, whole] = [
      halfDisconnected(conversation, world.settings),
      conversationEvent(conversation, world.settings),
    ].map(({ participants }) => participants?.at(-1));
    expect(half).toMatchObject({ screenshares: [{ state: 'connected', disconnectType: 'client' }] });
    expect(half).not.toHaveProperty('endTime');
    expect(whole).toMatchObject({ screenshares: [{ state: 'disconnected', disconnectType: 'client' }] });
    expect(whole?.screenshares?.[0]?.disconnectedTime).toBe(half?.screenshares?.[0]?.disconnectedTime);
  });

  it('an agent who is in it five times, the last one alerting', () => {
    const { conversation } = begun({ earlierAlerts: 4 });
    const agents = restConversation(conversation).participants.filter(({ purpose }) => purpose === 'agent');
    const states = agents.map(({ screenshares }) => screenshares?.[0]?.state);
    expect(states).toEqual([...Array<string>(4).fill('disconnected'), 'alerting']);
    expect(new Set(agents.map(({ id }) => id)).size).toBe(5);
  });

  it('…videos lays a video flat onto its participant, with whether it shares', () => {
    const { world, conversation } = begun({ media: 'video' });
    const agent = videoEvent(conversation, world.settings)?.participants?.at(-1);
    expect(agent).toMatchObject({ state: 'alerting', sharingScreen: false, videoMuted: true });
    expect(agent).not.toHaveProperty('sharing');
    expect(agent).not.toHaveProperty('videos');
    expect(JSON.stringify(agent)).not.toContain(conversation.parties.at(-1)?.leg.id);
    expect(videoEvent(begun().conversation, world.settings)).toBeNull();
  });
});

describe('values laid over what is sent', () => {
  it('reach REST and topics alike and leave the world as it is', () => {
    const { world, conversation } = begun();
    const communication = { sharing: 'yes', novelty: { deep: 1 } };
    step(world, { do: 'mutate', communication, participant: { wrapupPrompt: 'someday' } }, START);
    const rest = restConversation(conversation).participants.at(-1);
    const event = conversationEvent(conversation, world.settings).participants?.at(-1);
    for (const agent of [rest, event]) {
      expect(agent).toMatchObject({ wrapupPrompt: 'someday', screenshares: [communication] });
    }
    step(world, { do: 'answer' }, START);
    expect(conversation.phase).toBe('connected');
  });
});

describe('a waiting contact', () => {
  it('is offered when someone listens and the agent is free, first come first served', () => {
    const world = newWorld('idle', 1, START);
    const customers = () => world.conversations.map(({ parties }) => parties[0]?.name);
    step(world, { do: 'offer', options: { customer: 'One' } }, START);
    step(world, { do: 'offer', options: { customer: 'Two' } }, START);
    runAgenda(world, START + 1_000, () => undefined);
    expect(customers()).toEqual([]);
    someoneListens(world, START + 2_000);
    runAgenda(world, START + 2_000, () => undefined);
    expect(customers()).toEqual(['One']);
    step(world, { do: 'decline' }, START + 3_000);
    runAgenda(world, START + 3_000, () => undefined);
    expect(customers()).toEqual(['One', 'Two']);
  });
});
