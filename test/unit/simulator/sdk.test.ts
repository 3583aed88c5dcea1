import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Sdk from 'purecloud-platform-client-v2';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Begun } from '../../../electron/feed/simulator/control.ts';
import { TIMEOUT_CODE } from '../../../electron/feed/simulator/directory.ts';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';
import { connect, conversationsTopic, still } from './client.ts';

/**
 * The official SDK drives every endpoint a client of ours uses. What the SDK cannot send or read here, our
 * own client must not rely on.
 */

const home = mkdtempSync(join(tmpdir(), 'sdk-home-'));
let sdk: typeof Sdk;
let simulator: RunningSimulator;

beforeAll(() => {
  // The SDK reads a configuration file below the home folder as soon as it is loaded.
  vi.stubEnv('HOME', home);
  sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as typeof Sdk;
});
afterAll(() => {
  sdk.ApiClient.instance.config.live_reload_config = false;
  rmSync(home, { recursive: true });
});
beforeEach(async () => {
  simulator = await still();
  const { hostname, port } = new URL(simulator.apiUrl);
  sdk.ApiClient.instance.setGateway({ protocol: 'http', host: hostname, port: Number(port) });
  sdk.ApiClient.instance.setAccessToken(simulator.accessToken);
});
afterEach(() => simulator.close());

interface Refusal {
  status: number;
  body: Record<string, unknown>;
  headers: Record<string, string>;
}

/** The refusal as the SDK reports it; status and headers show only in its extended responses. */
async function refusal(request: () => Promise<unknown>): Promise<Refusal> {
  sdk.ApiClient.instance.setReturnExtendedResponses(true);
  try {
    await request();
  } catch (error) {
    return error as Refusal;
  } finally {
    sdk.ApiClient.instance.setReturnExtendedResponses(false);
  }
  throw new Error('This should have been refused');
}

function connected(options: Parameters<RunningSimulator['control']['begin']>[0] = {}): Begun {
  const begun = simulator.control.begin({ queue: 'Billing help', ...options });
  simulator.control.answer();
  return begun;
}

describe('sign-in', () => {
  const redirectUri = 'http://localhost:51987/oauth2/callback';

  async function authorize(challenge: string): Promise<URL> {
    const query = new URLSearchParams({
      client_id: 'a-client',
      response_type: 'code',
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state: 'mine',
    });
    const answer = await fetch(`${simulator.loginUrl}/oauth/authorize?${query}`, { redirect: 'manual' });
    expect(answer.status).toBe(302);
    return new URL(answer.headers.get('location') ?? '');
  }

  it('exchanges a code with PKCE and uses the token', async () => {
    const client = sdk.ApiClient.instance;
    const verifier = client.generatePKCECodeVerifier(128);
    const back = await authorize(await client.computePKCECodeChallenge(verifier));
    expect(back.origin + back.pathname).toBe(redirectUri);
    expect(back.searchParams.get('state')).toBe('mine');
    const code = back.searchParams.get('code') ?? '';
    const auth = await client.authorizePKCEGrant('a-client', verifier, code, redirectUri);
    expect(auth.accessToken).not.toBe(simulator.accessToken);
    expect((await new sdk.UsersApi().getUsersMe()).id).toBe(simulator.userId);
  });

  it('refuses a verifier that is not the one of the challenge', async () => {
    const client = sdk.ApiClient.instance;
    const back = await authorize(await client.computePKCECodeChallenge(client.generatePKCECodeVerifier(64)));
    const code = back.searchParams.get('code') ?? '';
    const other = client.generatePKCECodeVerifier(64);
    await expect(client.authorizePKCEGrant('a-client', other, code, redirectUri)).rejects.toMatchObject({
      response: { status: 400, data: { error: 'invalid_grant' } },
    });
  });
});

describe('users and routing', () => {
  it('getUsersMe, with what is asked for in expand', async () => {
    const users = new sdk.UsersApi();
    const plain = await users.getUsersMe();
    expect(plain).toMatchObject({ id: simulator.userId, name: 'Robin Vale', state: 'active' });
    expect(plain.routingStatus).toBeUndefined();
    connected();
    const expanded = await users.getUsersMe({ expand: ['presence', 'routingStatus', 'conversationSummary'] });
    expect(expanded.routingStatus?.status).toBe('INTERACTING');
    expect(expanded.presence?.presenceDefinition).toBeDefined();
    expect(expanded.conversationSummary?.userId).toBe(simulator.userId);
  });

  it('getRoutingQueueWrapupcodes, page by page', async () => {
    const { conversationId } = connected();
    const conversation = await new sdk.ConversationsApi().getConversation(conversationId);
    const queueId = conversation.participants.at(-1)?.queueId ?? '';
    const routing = new sdk.RoutingApi();
    const all = await routing.getRoutingQueueWrapupcodes(queueId);
    const second = await routing.getRoutingQueueWrapupcodes(queueId, { pageSize: 3, pageNumber: 2 });
    expect(all.entities).toHaveLength(8);
    expect(second.entities).toEqual(all.entities?.slice(3, 6));
    expect(second).toMatchObject({ pageSize: 3, pageNumber: 2, total: 8, pageCount: 3 });
    expect((await refusal(() => routing.getRoutingQueueWrapupcodes('no-such-queue'))).status).toBe(404);
  });
});

describe('conversations', () => {
  it('getConversations lists what is live, getConversation knows it afterwards too', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId, communicationId } = connected();
    const list = await api.getConversations();
    expect(list).toMatchObject({ total: 1, pageNumber: 1, pageCount: 1 });
    const agent = list.entities?.[0]?.participants.at(-1);
    expect(agent).toMatchObject({ id: participantId, userId: simulator.userId, purpose: 'agent' });
    expect(agent?.screenshares?.[0]).toMatchObject({
      id: communicationId,
      state: 'connected',
      sharing: false,
    });
    expect(agent?.screenshares?.[0]?.segments?.map(({ type }) => type)).toEqual(['Alert', 'Interact']);
    simulator.control.disconnect('peer');
    simulator.control.wrapUp();
    expect((await api.getConversations()).total).toBe(0);
    expect((await api.getConversation(conversationId)).endTime).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
    );
  });

  it('patchConversationParticipant answers, wraps up and skips', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId } = simulator.control.begin({ policy: 'optional' });
    await api.patchConversationParticipant(conversationId, participantId, { state: 'connected' });
    await api.patchConversationParticipant(conversationId, participantId, { state: 'disconnected' });
    await api.patchConversationParticipant(conversationId, participantId, { wrapupSkipped: true });
    const agent = (await api.getConversation(conversationId)).participants.at(-1);
    expect(agent?.wrapupSkipped).toBe(true);
    expect(agent?.screenshares?.[0]).toMatchObject({
      state: 'terminated',
      disconnectType: 'client',
      afterCallWork: { state: 'skipped' },
    });
  });

  it('wrap-up codes and the wrap-up of a participant, provisional and final', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId } = connected({ policy: 'mandatory' });
    const codes = await api.getConversationParticipantWrapupcodes(conversationId, participantId);
    expect(Array.isArray(codes)).toBe(true);
    const code = codes[2]?.id ?? '';
    const wrapup = { code, notes: 'half a th', provisional: true };
    await api.patchConversationParticipant(conversationId, participantId, { wrapup });
    expect(
      (await refusal(() => api.getConversationParticipantWrapup(conversationId, participantId))).status,
    ).toBe(404);
    const provisional = await api.getConversationParticipantWrapup(conversationId, participantId, {
      provisional: true,
    });
    expect(provisional).toMatchObject({ code, notes: 'half a th' });
    simulator.control.disconnect();
    await api.patchConversationParticipant(conversationId, participantId, {
      wrapup: { code, notes: 'a thought' },
    });
    expect(await api.getConversationParticipantWrapup(conversationId, participantId)).toMatchObject({
      code,
      notes: 'a thought',
      tags: [],
      durationSeconds: 0,
    });
    expect(simulator.control.wrapups(conversationId)).toHaveLength(1);
  });

  it('the wrap-up of a communication', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId, communicationId } = connected({ communicationBasedAcw: true });
    expect((await api.getConversationsSettings()).communicationBasedACW).toBe(true);
    simulator.control.disconnect();
    const [code] = await api.getConversationParticipantWrapupcodes(conversationId, participantId);
    const place = [conversationId, participantId, communicationId] as const;
    expect(
      (await refusal(() => api.getConversationsScreenshareParticipantCommunicationWrapup(...place))).status,
    ).toBe(404);
    await api.postConversationsScreenshareParticipantCommunicationWrapup(...place, {
      body: { code: code?.id ?? '', notes: 'for this leg' },
    });
    const assigned = await api.getConversationsScreenshareParticipantCommunicationWrapup(...place);
    expect(assigned).toMatchObject({ code: code?.id, notes: 'for this leg' });
    const agent = (await api.getConversation(conversationId)).participants.at(-1);
    expect(agent?.wrapup).toBeUndefined();
    expect(agent?.screenshares?.[0]?.afterCallWork?.state).toBe('complete');
    expect(simulator.control.wrapups()).toEqual([expect.objectContaining({ communicationId, by: 'client' })]);
  });

  it('after-call work on request, only while connected', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId, communicationId } = connected({ policy: 'agentRequested' });
    const ask = (afterCallWorkRequired: boolean) =>
      api.patchConversationsAftercallworkConversationIdParticipantCommunication(
        conversationId,
        participantId,
        communicationId,
        { afterCallWorkRequired },
      );
    expect(await ask(true)).toEqual({ afterCallWorkRequired: true });
    simulator.control.disconnect();
    const agent = (await api.getConversation(conversationId)).participants.at(-1);
    expect(agent?.screenshares?.[0]).toMatchObject({
      afterCallWorkRequired: true,
      afterCallWork: { state: 'pending' },
    });
    expect((await refusal(() => ask(false))).status).toBe(400);
  });

  it('postConversationDisconnect tears down and leaves the system code', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId } = connected({ policy: 'mandatory' });
    await api.postConversationDisconnect(conversationId);
    const agent = (await api.getConversation(conversationId)).participants.at(-1);
    expect(agent?.wrapup?.code).toBe(TIMEOUT_CODE);
    expect((await api.getConversations()).total).toBe(0);
  });

  it('a video that shares a screen', async () => {
    const { conversationId } = connected({ media: 'video' });
    simulator.control.startSharing(2);
    const agent = (await new sdk.ConversationsApi().getConversation(conversationId)).participants.at(-1);
    expect(agent?.screenshares).toBeUndefined();
    expect(agent?.videos?.[0]).toMatchObject({ sharingScreen: true, peerCount: 2, state: 'connected' });
  });
});

describe('refusals, as the SDK reports them', () => {
  it('the whole error document', async () => {
    const error = await refusal(() => new sdk.ConversationsApi().getConversation('nowhere'));
    expect(error).toMatchObject({
      status: 404,
      body: { code: 'not.found', status: 404, messageParams: { id: 'nowhere' }, details: [], errors: [] },
    });
    expect(error.body['contextId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a state for what has ended is forbidden', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId } = connected({ policy: 'optional' });
    simulator.control.disconnect();
    const late = () =>
      api.patchConversationParticipant(conversationId, participantId, { state: 'disconnected' });
    expect(await refusal(late)).toMatchObject({
      status: 403,
      body: {
        code: 'not.authorized',
        message: `Access to Conversation ${conversationId} is forbidden.`,
        messageParams: { id: conversationId, type: 'Conversation' },
      },
    });
  });

  it('a code that is not the queue’s, and none where one is wanted', async () => {
    const api = new sdk.ConversationsApi();
    const { conversationId, participantId } = connected({ policy: 'mandatory' });
    simulator.control.disconnect();
    const submit = (wrapup: object) =>
      refusal(() => api.patchConversationParticipant(conversationId, participantId, { wrapup }));
    expect((await submit({ code: 'nonsense' })).body).toMatchObject({
      code: 'invalid.value',
      details: [{ errorCode: 'invalid.value', fieldName: 'wrapup.code' }],
    });
    expect((await submit({ notes: 'no code' })).body['code']).toBe('conversation.error.wrapup.code.required');
    expect(simulator.control.wrapups()).toEqual([]);
  });

  it('no token and a wrong token', async () => {
    sdk.ApiClient.instance.setAccessToken('wrong');
    expect((await refusal(() => new sdk.UsersApi().getUsersMe())).body['code']).toBe('bad.credentials');
  });

  it('too many requests', async () => {
    await simulator.close();
    simulator = await still({ rateLimit: 2 });
    sdk.ApiClient.instance.setGateway({
      protocol: 'http',
      host: '127.0.0.1',
      port: Number(new URL(simulator.apiUrl).port),
    });
    sdk.ApiClient.instance.setAccessToken(simulator.accessToken);
    const users = new sdk.UsersApi();
    await users.getUsersMe();
    await users.getUsersMe();
    const error = await refusal(() => users.getUsersMe());
    expect(error).toMatchObject({ status: 429, body: { code: 'too.many.requests' } });
    expect(Number(error.headers['retry-after'])).toBeGreaterThan(0);
    expect(error.headers).toMatchObject({ 'inin-ratelimit-count': '3', 'inin-ratelimit-allowed': '2' });
  });
});

describe('notifications', () => {
  it('channel, topics and events over the socket the channel names', async () => {
    const api = new sdk.NotificationsApi();
    const topic = conversationsTopic(simulator);
    expect((await api.getNotificationsAvailabletopics()).entities?.map(({ id }) => id)).toContain(
      'v2.users.{id}.conversations',
    );
    const channel = await api.postNotificationsChannels();
    const id = channel.id ?? '';
    expect(Date.parse(channel.expires ?? '') - Date.now()).toBeGreaterThan(23 * 3_600_000);
    await api.headNotificationsChannel(id);
    expect((await api.getNotificationsChannels()).entities?.map((one) => one.id)).toEqual([id]);

    expect(await api.postNotificationsChannelSubscriptions(id, [{ id: topic }])).toEqual({
      entities: [expect.objectContaining({ id: topic, state: 'Permitted' })],
    });
    const listener = await connect(channel.connectUri ?? '', id);
    const { conversationId } = simulator.control.begin();
    const frame = await listener.next(({ topicName }) => topicName === topic);
    expect(frame).toMatchObject({ version: '2', eventBody: { id: conversationId } });
    expect(frame.metadata?.CorrelationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('add, replace, list, clear; combined topics; refused ones', async () => {
    const api = new sdk.NotificationsApi();
    const id = (await api.postNotificationsChannels()).id ?? '';
    const user = `v2.users.${simulator.userId}`;
    const topics = async () =>
      (await api.getNotificationsChannelSubscriptions(id)).entities?.map((one) => one.id);
    await api.postNotificationsChannelSubscriptions(id, [{ id: `${user}.presence` }]);
    await api.postNotificationsChannelSubscriptions(id, [{ id: `${user}?conversations&routingStatus` }]);
    expect(await topics()).toEqual([`${user}.presence`, `${user}.conversations`, `${user}.routingStatus`]);
    await api.putNotificationsChannelSubscriptions(id, [{ id: `${user}.presence` }]);
    expect(await topics()).toEqual([`${user}.presence`]);
    const stranger = 'v2.users.00000000-0000-4000-a000-000000000000.conversations';
    const refused = await refusal(() => api.postNotificationsChannelSubscriptions(id, [{ id: stranger }]));
    expect(refused).toMatchObject({ status: 400, body: { code: 'notification.invalid.topic' } });
    const mixed = await api.postNotificationsChannelSubscriptions(
      id,
      [{ id: stranger }, { id: `${user}.conversations` }],
      { ignoreErrors: true },
    );
    expect(mixed.entities?.map(({ state }) => state)).toEqual(['Rejected', 'Permitted']);
    expect(mixed.entities?.[0]?.rejectionReason).toBeTruthy();
    await api.deleteNotificationsChannelSubscriptions(id);
    expect(await topics()).toEqual([]);
  });

  it('keeps twenty channels and evicts the oldest that nobody uses', async () => {
    const api = new sdk.NotificationsApi();
    const first = await api.postNotificationsChannels();
    const listener = await connect(first.connectUri ?? '', first.id ?? '');
    const second = await api.postNotificationsChannels();
    for (let count = 2; count < 21; count += 1) await api.postNotificationsChannels();
    await api.headNotificationsChannel(first.id ?? '');
    expect((await refusal(() => api.headNotificationsChannel(second.id ?? ''))).status).toBe(404);
    expect((await api.getNotificationsChannels()).entities).toHaveLength(20);
    listener.socket.terminate();
  });
});
