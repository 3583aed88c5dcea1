import type { AppState, OtherStatus, StatusAction } from './state.ts';
import { done, refused, type Result } from './toolbox/result.ts';
import { say } from './words/say.ts';

/** What another start of the program hands to the one that runs: `sharelight --answer`. */

export const verbs = ['answer', 'decline', 'stop', 'show', 'hide'] as const;
export type Verb = (typeof verbs)[number];

export interface HandOver {
  readonly verb: Verb;
  /** Names the file the reply is left in. */
  readonly id: string;
}

/** 128 random bits. Nothing else becomes part of a file's name. */
const idForm = /^[\da-f]{32}$/;

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As it came from another process, which may be anybody's; null for anything but exactly this. */
export function readHandOver(data: unknown): HandOver | null {
  if (!isObject(data) || Object.keys(data).length !== 2) return null;
  const { verb: asked, id } = data;
  const verb = verbs.find((each) => each === asked);
  return verb !== undefined && typeof id === 'string' && idForm.test(id) ? { verb, id } : null;
}

/** A reason is one line; nobody needs a longer one. */
const longestReason = 500;

/** The reply as it was left in a file; null when it is none. */
export function readHandOverReply(text: string): Result | null {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(json)) return null;
  if (json['ok'] === true) return done;
  const { reason } = json;
  return typeof reason === 'string' ? refused(reason.slice(0, longestReason)) : null;
}

/** What is done about a communication. */
type ActingVerb = Exclude<Verb, 'show' | 'hide'>;
const actions: Readonly<Record<ActingVerb, StatusAction>> = {
  answer: 'answer',
  decline: 'decline',
  stop: 'stopSharing',
};

/** The action of a verb, and the most urgent communication it can be done to; null where there is none. */
export function targetOf(
  verb: ActingVerb,
  { status }: Pick<AppState, 'status'>,
): { readonly action: StatusAction; readonly line: OtherStatus } | null {
  const action = actions[verb];
  const { key } = status;
  const lines = [...(key === null ? [] : [{ ...status, key }]), ...status.others];
  const line = lines.find((each) => each.actions.includes(action));
  return line ? { action, line } : null;
}

/** Why there is nothing to do it to, in words. */
export function noTargetWords(verb: ActingVerb): string {
  return say(verb === 'stop' ? 'handOver.notSharing' : 'handOver.notAlerting');
}
