import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ActRefused, actSchema } from './acts.ts';
import { begun, type Begun, type Control } from './control.ts';
import type { ControlDoor } from './http.ts';
import type { Reply } from './route-table.ts';
import type { WorldRunner } from './world-runner.ts';

/**
 * The control over loopback HTTP. Only the simulator that runs alone (`cli.ts`) imports this file: the product's
 * own demo has no such door.
 */

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

export interface DoorParts {
  readonly control: Control;
  readonly act: WorldRunner['act'];
  /** Runs after `ms` real ms unless the simulator closes first. */
  readonly later: (ms: number, run: () => void) => void;
}

/**
 * GET /_simulator/state, POST /_simulator/control with `{do, …}`, both with `Authorization: Bearer <secret>`.
 * A command must also be JSON by its content type: a browser would ask before it sends that, and nobody answers it.
 */
export function createControlDoor(secret: string): (parts: DoorParts) => ControlDoor {
  return ({ control, act, later }) => {
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

    /** @throws ZodError, ActRefused */
    function perform(command: unknown): Begun | undefined {
      if (SERVER_COMMANDS.has(anyCommand.parse(command).do)) {
        serve(serverCommand.parse(command));
        return undefined;
      }
      const { conversation } = act(actSchema.parse(command));
      return conversation ? begun(conversation) : undefined;
    }

    return ({ method, path, contentType, authorization, text }) => {
      if (!path.startsWith('/_simulator/')) return null;
      if (!isSame(authorization, `Bearer ${secret}`)) return refuse(401, 'The control secret is missing.');
      if (method === 'GET' && path === '/_simulator/state') return { status: 200, body: stateOf(control) };
      if (method !== 'POST' || path !== '/_simulator/control')
        return refuse(404, 'There is only state and control.');
      if (contentType !== 'application/json') return refuse(415, 'Send application/json.');
      try {
        return { status: 200, body: perform(JSON.parse(text ?? '')) ?? {} };
      } catch (error) {
        if (error instanceof ActRefused) return refuse(409, error.message);
        if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
        if (error instanceof SyntaxError) return refuse(400, 'This is not JSON.');
        throw error;
      }
    };
  };
}

/**
 * The world without anything that signs in: no field that is named a token, wherever it is, and no text that is one.
 */
function stateOf({ world, sockets }: Control): unknown {
  const tokens = world.tokens.flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken]);
  const secrets = tokens.filter((token) => token !== null);
  const hide = (name: string, value: unknown): unknown => {
    if (/token/i.test(name) && name !== 'tokenLifeS' && name !== 'noRefreshTokens') return undefined;
    if (typeof value !== 'string') return value;
    return secrets.reduce((text, secret) => text.replaceAll(secret, '…'), value);
  };
  return JSON.parse(JSON.stringify({ ...world, sockets: sockets() }, hide));
}

/** Takes as long for a wrong secret that begins right as for any other. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

const refuse = (status: number, message: string): Reply => ({ status, body: { message } });
