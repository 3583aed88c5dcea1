import { createRequire } from 'node:module';
import process from 'node:process';
import type * as Sdk from 'purecloud-platform-client-v2';
import type { RunningSimulator } from '../../../electron/feed/simulator/server.ts';

/** The calls of the official SDK that a test makes as the same agent in another program. */
export interface SecondClient {
  readonly conversations: Sdk.ConversationsApi;
  readonly notifications: Sdk.NotificationsApi;
  /** The id of the agent's participant, as the SDK reads it. */
  readonly participantOf: (conversationId: string) => Promise<string>;
  /** To be called when it is needed no longer: it watches a file. */
  readonly close: () => void;
}

/** The official SDK, signed in at `server` as the app is. Its home is a folder of the test. */
export function secondClient(server: RunningSimulator, home: string): SecondClient {
  const before = process.env['HOME'];
  // It reads a configuration file below the home folder as soon as it is loaded, and never again.
  process.env['HOME'] = home;
  let sdk: typeof Sdk;
  try {
    sdk = createRequire(import.meta.url)('purecloud-platform-client-v2') as typeof Sdk;
  } finally {
    if (before === undefined) delete process.env['HOME'];
    else process.env['HOME'] = before;
  }
  const client = sdk.ApiClient.instance;
  const { hostname, port } = new URL(server.apiUrl);
  client.setGateway({ protocol: 'http', host: hostname, port: Number(port) });
  client.setAccessToken(server.accessToken);
  const conversations = new sdk.ConversationsApi();
  return {
    conversations,
    notifications: new sdk.NotificationsApi(),
    participantOf: async (conversationId) => {
      const { participants } = await conversations.getConversation(conversationId);
      const own = participants.findLast(({ userId }) => userId === server.userId);
      if (own?.id === undefined) throw new Error('The agent takes no part in this conversation.');
      return own.id;
    },
    close: () => {
      client.config.live_reload_config = false;
    },
  };
}
