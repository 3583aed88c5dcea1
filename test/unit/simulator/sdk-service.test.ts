import { describe, expect, it } from 'vitest';
import { connect, conversationsTopic } from './client.ts';
import { connected, driveWithSdk, refusal, restart, sdk, simulator } from './sdk.ts';

/**
 * The official SDK drives every endpoint a client of ours uses: refusals and notifications.
 * What the SDK cannot send or read here, our own client must not rely on.
 */

driveWithSdk();

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
    await restart({ rateLimit: 2 });
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
