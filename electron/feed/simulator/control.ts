import { z } from 'zod';
import { ActRefused, actSchema, type BeginOptions } from './acts.ts';
import type { Hub } from './channels.ts';
import type { WorldRunner } from './world-runner.ts';
import type { Fault } from './faults.ts';
import type { Incoming } from './http.ts';
import type { OAuth } from './oauth.ts';
import type { Reply } from './route-table.ts';
import type { DisconnectType } from './wire-types.ts';
import { agentOf, type AppliedWrapup, type Received, type SimConversation, type World } from './world.ts';

/** The ids a client will meet for a conversation that was begun. */
export interface Begun {
  conversationId: string;
  participantId: string;
  communicationId: string;
  media: SimConversation['media'];
}

/**
 * Everything someone driving the simulator can do. Conversations default to the latest live one.
 * The acts throw ActRefused when they are impossible as things stand.
 */
export interface Control {
  begin: (options?: BeginOptions) => Begun;
  answer: (conversationId?: string) => void;
  decline: (conversationId?: string) => void;
  startSharing: (peers?: number, conversationId?: string) => void;
  setPeers: (peers: number, conversationId?: string) => void;
  stopSharing: (conversationId?: string) => void;
  peerSharing: (on: boolean, conversationId?: string) => void;
  requestAcw: (required: boolean, conversationId?: string) => void;
  disconnect: (type?: DisconnectType, conversationId?: string) => void;
  /** The agent wraps up on another device. */
  wrapUp: (wrapup?: { code?: string; notes?: string }, conversationId?: string) => void;
  /** The time for after-call work is up. */
  endAcw: (conversationId?: string) => void;
  /** Replaces values in what is sent about a conversation. */
  mutate: (over: Partial<SimConversation['overlay']>, conversationId?: string) => void;
  settings: (settings: Partial<World['settings']>) => void;
  faults: { set: (...faults: Fault[]) => void; clear: () => void };
  received: () => readonly Received[];
  /** The wrap-ups that took effect, for one conversation or all. */
  wrapups: (conversationId?: string) => readonly AppliedWrapup[];
  sockets: () => { channelId: string; topics: string[] }[];
  /** Cuts every socket, or closes it with a code. */
  dropSockets: (code?: number) => void;
  /** Forgets every channel, as after 24 hours. */
  closeChannels: () => void;
  /** Sends text as it is over every socket. */
  sendRaw: (frame: string) => void;
  system: Hub['system'];
  /** `v2.system.socket_closing`, and after `afterMs` real ms (a minute at the real service) the close. */
  announceClosing: (afterMs: number) => void;
  expireTokens: () => void;
  /** Tells the sockets too. */
  revokeTokens: () => void;
  /** The port is closed; clients are refused. */
  goDark: () => Promise<void>;
  /** The same port opens again. */
  comeBack: () => Promise<void>;
  /** Moves simulated time; everything due meanwhile happens in order. */
  advance: (ms: number) => void;
  /** Resolves as soon as the world is so; checked after every change. Rejects when the simulator closes first. */
  when: (predicate: (world: World) => boolean) => Promise<void>;
  /** To look at; change it only through the acts. */
  world: World;
  /** One command as it comes over POST /_simulator/control. @throws ZodError, ActRefused */
  perform: (command: unknown) => Begun | undefined;
}

/** What concerns the server rather than the world in it. */
const serverCommand = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('dropSockets'), code: z.int().optional() }),
  z.strictObject({ do: z.literal('closeChannels') }),
  z.strictObject({ do: z.literal('sendRaw'), frame: z.string() }),
  z.strictObject({ do: z.literal('announceClosing'), afterMs: z.int().nonnegative().default(60_000) }),
  z.strictObject({ do: z.literal('expireTokens') }),
  z.strictObject({ do: z.literal('revokeTokens') }),
  /** Over HTTP the simulator has to come back by itself: nobody could ask it to. */
  z.strictObject({ do: z.literal('goDark'), forMs: z.int().positive() }),
  z.strictObject({ do: z.literal('advance'), ms: z.int().nonnegative() }),
]);
const SERVER_COMMANDS: ReadonlySet<unknown> = new Set(
  serverCommand.options.map(({ shape }) => shape.do.value),
);
const anyCommand = z.looseObject({ do: z.string() });

/** Real ms for the answer to leave before the port, and with it that very connection, is closed. */
const GO_DARK_DELAY_MS = 50;

interface ControlParts {
  runner: WorldRunner;
  hub: Hub;
  oauth: Pick<OAuth, 'expireTokens' | 'revokeTokens'>;
  goDark: () => Promise<void>;
  comeBack: () => Promise<void>;
  /** Runs after `ms` real ms unless the simulator closes first. */
  later: (ms: number, run: () => void) => void;
}

export function createControl({ runner, hub, oauth, later, goDark, comeBack }: ControlParts): Control {
  const { world, act } = runner;

  const control: Control = {
    begin: (options = {}) => {
      const { conversation } = act({ do: 'begin', options });
      if (!conversation) throw new Error('begin answered without a conversation');
      return begun(conversation);
    },
    answer: (id) => void act({ do: 'answer', conversationId: id }),
    decline: (id) => void act({ do: 'decline', conversationId: id }),
    startSharing: (peers = 1, id) => void act({ do: 'startSharing', peers, conversationId: id }),
    setPeers: (peers, id) => void act({ do: 'setPeers', peers, conversationId: id }),
    stopSharing: (id) => void act({ do: 'stopSharing', conversationId: id }),
    peerSharing: (on, id) => void act({ do: 'peerSharing', on, conversationId: id }),
    requestAcw: (required, id) => void act({ do: 'requestAcw', required, conversationId: id }),
    disconnect: (type = 'peer', id) => void act({ do: 'disconnect', type, conversationId: id }),
    wrapUp: (wrapup = {}, id) => void act({ do: 'wrapUp', ...wrapup, conversationId: id }),
    endAcw: (id) => void act({ do: 'endAcw', conversationId: id }),
    mutate: (over, id) => void act({ do: 'mutate', ...over, conversationId: id }),
    settings: (settings) => void act({ do: 'settings', settings }),
    faults: {
      set: (...faults) => void act({ do: 'faults', faults }),
      clear: () => void act({ do: 'faults', faults: [] }),
    },
    received: () => world.received,
    wrapups: (id) => world.wrapups.filter(({ conversationId }) => id === undefined || id === conversationId),
    sockets: hub.sockets,
    dropSockets: hub.dropSockets,
    closeChannels: hub.closeChannels,
    sendRaw: hub.sendRaw,
    system: hub.system,
    announceClosing: (afterMs) => {
      hub.system('socket_closing');
      later(afterMs, () => hub.dropSockets(1001));
    },
    expireTokens: oauth.expireTokens,
    revokeTokens: () => {
      oauth.revokeTokens();
      hub.system('token_revoked');
    },
    goDark,
    comeBack,
    advance: runner.advance,
    when: runner.when,
    world,
    perform: (input) => {
      if (SERVER_COMMANDS.has(anyCommand.parse(input).do)) {
        serve(serverCommand.parse(input));
        return undefined;
      }
      const { conversation } = act(actSchema.parse(input));
      return conversation ? begun(conversation) : undefined;
    },
  };

  function serve(command: z.infer<typeof serverCommand>): void {
    switch (command.do) {
      case 'dropSockets':
        control.dropSockets(command.code);
        break;
      case 'closeChannels':
      case 'expireTokens':
      case 'revokeTokens':
        control[command.do]();
        break;
      case 'sendRaw':
        control.sendRaw(command.frame);
        break;
      case 'announceClosing':
        control.announceClosing(command.afterMs);
        break;
      case 'goDark':
        later(GO_DARK_DELAY_MS, () => void control.goDark());
        later(GO_DARK_DELAY_MS + command.forMs, () => void control.comeBack());
        break;
      case 'advance':
        control.advance(command.ms);
        break;
    }
  }

  return control;
}

function begun(conversation: SimConversation): Begun {
  const agent = agentOf(conversation);
  const { id: conversationId, media } = conversation;
  return { conversationId, participantId: agent.id, communicationId: agent.leg.id, media };
}

/**
 * The same control over loopback HTTP: GET /_simulator/state, POST /_simulator/control with `{do, …}`.
 * A web page must not be able to drive it: the Host must be loopback (no DNS rebinding), and a command must
 * be JSON by its content type (a browser would ask first, and nobody answers it).
 */
export function createControlDoor(control: Control): (request: Incoming) => Reply {
  return ({ method, path, host, contentType, text }) => {
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return refuse(403, 'Only from this machine.');
    if (method === 'GET' && path === '/_simulator/state') {
      const { tokens: _secret, ...world } = control.world;
      return { status: 200, body: { ...world, sockets: control.sockets() } };
    }
    if (method !== 'POST' || path !== '/_simulator/control')
      return refuse(404, 'There is only state and control.');
    if (contentType !== 'application/json') return refuse(415, 'Send application/json.');
    try {
      return { status: 200, body: control.perform(JSON.parse(text ?? '')) ?? {} };
    } catch (error) {
      if (error instanceof ActRefused) return refuse(409, error.message);
      if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
      if (error instanceof SyntaxError) return refuse(400, 'This is not JSON.');
      throw error;
    }
  };
}

const refuse = (status: number, message: string): Reply => ({ status, body: { message } });
