import type { BeginOptions } from './acts.ts';
import { STATUSES } from './directory.ts';
import type { Hub } from './channels.ts';
import type { WorldRunner } from './world-runner.ts';
import type { Fault } from './faults.ts';
import type { OAuth } from './oauth.ts';
import type { DisconnectType, OtherMedium } from './wire-types.ts';
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
  joinLeg: (medium: OtherMedium, conversationId?: string) => void;
  leaveLeg: (medium: OtherMedium, conversationId?: string) => void;
  requestAcw: (required: boolean, conversationId?: string) => void;
  disconnect: (type?: DisconnectType, conversationId?: string) => void;
  /** The agent wraps up on another device. */
  wrapUp: (wrapup?: { code?: string; notes?: string }, conversationId?: string) => void;
  /** The system closes the wrap-up with a code of its own. */
  systemWrapUp: (code: string, conversationId?: string) => void;
  /** The agent shares again in the same call. */
  shareAgain: (conversationId?: string) => void;
  /** The time for after-call work is up. */
  endAcw: (conversationId?: string) => void;
  /** All that happened in it happened earlier; it must be over. */
  backdate: (ms: number, conversationId?: string) => void;
  /** Replaces values in what is sent about a conversation. */
  mutate: (over: Partial<SimConversation['overlay']>, conversationId?: string) => void;
  settings: (settings: Partial<World['settings']>) => void;
  faults: { set: (...faults: Fault[]) => void; clear: () => void };
  received: () => readonly Received[];
  /** The wrap-ups that took effect, for one conversation or all. */
  wrapups: (conversationId?: string) => readonly AppliedWrapup[];
  /** The name of the agent's status. */
  status: () => string;
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
}

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

  return {
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
    joinLeg: (medium, id) => void act({ do: 'joinLeg', medium, conversationId: id }),
    leaveLeg: (medium, id) => void act({ do: 'leaveLeg', medium, conversationId: id }),
    requestAcw: (required, id) => void act({ do: 'requestAcw', required, conversationId: id }),
    disconnect: (type = 'peer', id) => void act({ do: 'disconnect', type, conversationId: id }),
    wrapUp: (wrapup = {}, id) => void act({ do: 'wrapUp', ...wrapup, conversationId: id }),
    systemWrapUp: (code, id) => void act({ do: 'systemWrapUp', code, conversationId: id }),
    shareAgain: (id) => void act({ do: 'shareAgain', peers: 1, conversationId: id }),
    endAcw: (id) => void act({ do: 'endAcw', conversationId: id }),
    backdate: (ms, id) => void act({ do: 'backdate', ms, conversationId: id }),
    mutate: (over, id) => void act({ do: 'mutate', ...over, conversationId: id }),
    settings: (settings) => void act({ do: 'settings', settings }),
    faults: {
      set: (...faults) => void act({ do: 'faults', faults }),
      clear: () => void act({ do: 'faults', faults: [] }),
    },
    received: () => world.received,
    status: () => STATUSES.find(({ id }) => id === world.presence.id)?.languageLabels.en_US ?? '',
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
  };
}

/** The ids of a conversation, for whoever began it. */
export function begun(conversation: SimConversation): Begun {
  const agent = agentOf(conversation);
  const { id: conversationId, media } = conversation;
  return { conversationId, participantId: agent.id, communicationId: agent.leg.id, media };
}
