import type { WebSocket } from 'ws';
import { z } from 'zod';
import { errorForStatus, missingPermissions } from './errors.ts';
import { draw, type Random } from './random.ts';
import type { Reply } from './route-table.ts';
import type { Envelope } from './wire-types.ts';

/** Faults of the notification socket, in the order a frame meets them. */
const SOCKET_FAULTS = [
  'drop',
  'duplicate',
  'reorder',
  'delay',
  'garbage',
  'malformed',
  'bare',
  'silence',
] as const;
/** Faults of the HTTP side. */
const HTTP_FAULTS = [
  'status',
  'timeout',
  'html',
  'shapeless',
  'contentType',
  'malformed',
  'slow',
  'denyLogin',
  'date',
  'connectUri',
] as const;

/**
 * Something that goes wrong on demand.
 * `drop duplicate reorder delay garbage malformed` meet events; `silence` swallows everything the socket
 * would send, heartbeats and pongs included; `bare` sends events without participants, which is no mistake.
 * `status timeout html shapeless contentType malformed slow denyLogin date connectUri` meet HTTP requests. `malformed`
 * therefore needs `on` to say where.
 */
export const faultSchema = z.strictObject({
  on: z.enum(['event', 'http']),
  kind: z.enum([...new Set([...SOCKET_FAULTS, ...HTTP_FAULTS])]),
  /** How often it strikes at most; unlimited when left out. */
  times: z.int().positive().optional(),
  /** Chance per opportunity, drawn from the world's seed. */
  probability: z.number().min(0).max(1).optional(),
  /** Strikes only this HTTP method. */
  method: z.string().optional(),
  /** Strikes only where the path (or an event's topic) contains this text. */
  path: z.string().optional(),
  /** `status`: the answer's status (default 503). */
  status: z.int().min(400).max(599).optional(),
  /** `status`: value of Retry-After, whole seconds; 429 has one in any case (default 1). */
  retryAfterS: z.int().nonnegative().optional(),
  /** `status` 403: the permissions the caller is told to lack. */
  permissions: z.array(z.string()).optional(),
  /** `shapeless`: what a gateway answers with 200 instead (default `{}`). */
  body: z.unknown().optional(),
  /** `timeout`: the command takes effect and only the answer is lost (default true). */
  commit: z.boolean().optional(),
  /** `delay`, `slow`: real milliseconds (default 1000). */
  ms: z.int().nonnegative().optional(),
  /** `date`: the whole `Date` header, right or wrong; `connectUri`: where a new channel sends its client. */
  value: z.string().optional(),
});

export type Fault = z.infer<typeof faultSchema>;
type FaultKind = Fault['kind'];

interface FaultHolder extends Random {
  faults: Fault[];
}

interface Occasion {
  on: Fault['on'];
  method?: string;
  /** A request's path or an event's topic. */
  path: string;
}

/**
 * The first fault of `kinds` that strikes on this occasion, or undefined. A fault with `times` is counted
 * down and forgotten at zero.
 */
export function strike(
  holder: FaultHolder,
  kinds: readonly FaultKind[],
  occasion: Occasion,
): Fault | undefined {
  const fault = holder.faults.find(
    (candidate) =>
      candidate.on === occasion.on &&
      kinds.includes(candidate.kind) &&
      (candidate.method === undefined || candidate.method === occasion.method) &&
      (candidate.path === undefined || occasion.path.includes(candidate.path)) &&
      (candidate.probability === undefined || draw(holder) < candidate.probability),
  );
  if (fault?.times !== undefined) {
    fault.times -= 1;
    if (fault.times === 0) holder.faults = holder.faults.filter((other) => other !== fault);
  }
  return fault;
}

/**
 * A document as a broken server would send it: arrays missing or turned into something else, ids as numbers.
 * Something is always wrong.
 */
function malform(holder: Random, document: unknown): unknown {
  const ways: ((record: Record<string, unknown>) => void)[] = [
    (record) => delete record['id'],
    (record) => (record['participants'] = {}),
    (record) => (record['participants'] = [null, 7, {}]),
    (record) => (record['id'] = 42),
    (record) => (record['participants'] = 'none'),
  ];
  if (document === null || typeof document !== 'object' || Array.isArray(document))
    return { unexpected: document };
  const copy = structuredClone(document) as Record<string, unknown>;
  const record =
    Array.isArray(copy['entities']) && isRecord(copy['entities'][0]) ? copy['entities'][0] : copy;
  ways[Math.floor(draw(holder) * ways.length)]?.(record);
  return copy;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fault this request meets, if any. */
export function strikeRequest(holder: FaultHolder, method: string, path: string): Fault | undefined {
  // A denied sign-in is a matter of its own page.
  const kinds = HTTP_FAULTS.filter((kind) => kind !== 'denyLogin');
  return strike(holder, kinds, { on: 'http', method, path });
}

/** What a fault answers instead of doing the work. @throws WireError for the fault `status` */
export function replyInstead(fault: Fault | undefined): Reply | null {
  if (fault?.kind === 'html') {
    const html =
      '<!doctype html><html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>';
    return { status: 200, html };
  }
  if (fault?.kind === 'shapeless') return { status: 200, body: fault.body === undefined ? {} : fault.body };
  if (fault?.kind !== 'status') return null;
  if (fault.permissions) throw missingPermissions(fault.permissions);
  const status = fault.status ?? 503;
  const pauseS = fault.retryAfterS ?? (status === 429 ? 1 : undefined);
  throw errorForStatus(status, pauseS === undefined ? {} : { 'Retry-After': String(pauseS) });
}

/** The answer as a fault spoils it on its way. */
export function spoilReply(holder: Random, fault: Fault | undefined, reply: Reply): Reply {
  if (fault?.kind === 'contentType') {
    return { ...reply, headers: { ...reply.headers, 'Content-Type': 'text/plain' } };
  }
  if (fault?.kind === 'date') return { ...reply, headers: { ...reply.headers, Date: fault.value ?? '' } };
  if (fault?.kind === 'connectUri' && isRecord(reply.body))
    return { ...reply, body: { ...reply.body, connectUri: fault.value } };
  if (fault?.kind !== 'malformed' || reply.body === undefined) return reply;
  return { ...reply, body: malform(holder, reply.body) };
}

/** A held-back frame goes out at the latest after this, real ms, even when no other frame overtakes it. */
const REORDER_LIMIT_MS = 1_000;

/** One socket's way out, where the faults of the event side lie in wait. */
export interface FrameSender {
  event: (envelope: Envelope) => void;
  /** Heartbeats, pongs and system messages: only `silence` stops them. */
  control: (envelope: Envelope) => void;
  answer: (body: object) => void;
  raw: (text: string) => void;
  stop: () => void;
}

export function createFrameSender(holder: FaultHolder, socket: WebSocket): FrameSender {
  const timers = new Set<NodeJS.Timeout>();
  let heldBack: string | null = null;

  function write(text: string): void {
    if (socket.readyState === socket.OPEN) socket.send(text);
  }

  function later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  }

  function releaseHeldBack(): void {
    if (heldBack === null) return;
    const text = heldBack;
    heldBack = null;
    write(text);
  }

  function event(envelope: Envelope): void {
    const occasion = { on: 'event', path: envelope.topicName } as const;
    const strikes = (kind: Parameters<typeof strike>[1][number]) => strike(holder, [kind], occasion);
    if (strikes('silence') || strikes('drop')) return;
    if (strikes('garbage')) write('{"topicName":"v2.users.');
    const body = strikes('malformed') ? malform(holder, envelope.eventBody) : envelope.eventBody;
    const sent = strikes('bare') && isRecord(body) ? { ...body, participants: undefined } : body;
    const text = JSON.stringify({ ...envelope, eventBody: sent });
    const copies = strikes('duplicate') ? 2 : 1;
    const delay = strikes('delay');
    const reorder = strikes('reorder');
    for (let copy = 0; copy < copies; copy += 1) {
      if (delay) later(delay.ms ?? 1000, () => write(text));
      else if (reorder && heldBack === null && copy === 0) {
        heldBack = text;
        later(REORDER_LIMIT_MS, releaseHeldBack);
      } else {
        write(text);
        releaseHeldBack();
      }
    }
  }

  const sayUnlessSilent = (topic: string, body: object): void => {
    if (!strike(holder, ['silence'], { on: 'event', path: topic })) write(JSON.stringify(body));
  };

  return {
    event,
    control: (envelope) => sayUnlessSilent(envelope.topicName, envelope),
    answer: (body) => sayUnlessSilent('channel.metadata', body),
    raw: write,
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
