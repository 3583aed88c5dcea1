import { describe, expect, it } from 'vitest';
import { TIMEOUT_CODE } from '../../../electron/feed/simulator/directory.ts';
import { connected, driveWithSdk, refusal, sdk, simulator } from './sdk.ts';

/**
 * The official SDK drives every endpoint a client of ours uses: sign-in, users, conversations.
 * What the SDK cannot send or read here, our own client must not rely on.
 */

driveWithSdk();

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
  it('getPresenceDefinitions0 and patchUserPresencesPurecloud', async () => {
    const api = new sdk.PresenceApi();
    const { entities = [] } = await api.getPresenceDefinitions0();
    expect(entities.map(({ languageLabels }) => languageLabels['en_US'])).toContain('Team meeting');
    const id = entities.find(({ systemPresence }) => systemPresence === 'Break')?.id ?? '';
    const set = (presenceId: string) =>
      api.patchUserPresencesPurecloud(simulator.userId, { presenceDefinition: { id: presenceId } });
    expect((await set(id)).presenceDefinition?.id).toBe(id);
    expect(simulator.control.status()).toBe('Break');
    expect((await refusal(() => set('nonsense'))).status).toBe(400);
    simulator.control.settings({ withheld: ['presence:presenceDefinition:view'] });
    expect((await refusal(() => api.getPresenceDefinitions0())).status).toBe(403);
  });

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
    expect(expanded.authorization).toBeUndefined();
    const { authorization } = await users.getUsersMe({ expand: ['authorization'] });
    expect(authorization?.permissions).toContain('conversation:communication:view');
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
      afterCallWork: { state: 'complete' },
      wrapup: { code: 'ININ-WRAP-UP-SKIPPED' },
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

  it('the wrap-up of a video, at the endpoints for videos only', async () => {
    const api = new sdk.ConversationsApi();
    const begun = connected({ communicationBasedAcw: true, media: 'video' });
    const { conversationId, participantId, communicationId } = begun;
    simulator.control.disconnect();
    const [code] = await api.getConversationParticipantWrapupcodes(conversationId, participantId);
    const place = [conversationId, participantId, communicationId] as const;
    const body = { code: code?.id ?? '', notes: 'for this video' };
    const wrong = await refusal(() =>
      api.postConversationsScreenshareParticipantCommunicationWrapup(...place, { body }),
    );
    expect(wrong.status).toBe(404);
    expect(simulator.control.wrapups()).toEqual([]);
    await api.postConversationsVideoParticipantCommunicationWrapup(...place, { body });
    expect(await api.getConversationsVideoParticipantCommunicationWrapup(...place)).toMatchObject(body);

    const share = connected({ communicationBasedAcw: true });
    simulator.control.disconnect();
    const at = [share.conversationId, share.participantId, share.communicationId] as const;
    const other = await refusal(() =>
      api.postConversationsVideoParticipantCommunicationWrapup(...at, { body }),
    );
    expect(other.status).toBe(404);
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
