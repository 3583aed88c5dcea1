import type { Participant, Screenshare } from '../model/screenshare.ts';
import { communicationStates, isKnown, isObject } from '../model/values.ts';
import type { Communication } from './communication.ts';
import { isOver } from './phase.ts';

/**
 * Hanging up ends every leg of its participant; there is no call for one of them. So what a participant is connected
 * by besides its screen share must be known before anybody hangs up.
 */

/** Everything a participant can be connected by, as the model names its lists. */
export const media = [
  'calls',
  'callbacks',
  'chats',
  'messages',
  'internalMessages',
  'emails',
  'socialExpressions',
  'cobrowsesessions',
  'screenMonitorings',
  'videos',
  'screenshares',
] as const;
export type Medium = (typeof media)[number];

export const ownList: Readonly<Record<Communication['media'], Medium>> = {
  screenshare: 'screenshares',
  video: 'videos',
};

/** What one fact says of the other legs of a participant. */
export interface StatedLegs {
  /** The lists it has; of the others it says nothing. */
  readonly lists: readonly string[];
  /** The list of each leg that goes on. */
  readonly live: readonly string[];
}

function goesOn(leg: Readonly<Record<string, unknown>>): boolean {
  if (isOver(leg)) return false;
  const { state } = leg;
  return typeof state === 'string' ? state !== 'none' : typeof leg['connectedTime'] === 'string';
}

/** A list of a newer server: its entries have a state as legs have. */
function isListOfLegs(name: string, value: readonly unknown[]): boolean {
  const known: readonly string[] = media;
  return (
    known.includes(name) ||
    value.some((entry) => isObject(entry) && isKnown(communicationStates, entry['state']))
  );
}

/** Besides `leg`, which is in the participant's list `own`. */
export function statedLegs(participant: Participant, leg: Screenshare, own: Medium): StatedLegs {
  const lists = Object.entries(participant).filter(
    (list): list is [string, unknown[]] => Array.isArray(list[1]) && isListOfLegs(list[0], list[1]),
  );
  // Where the leg has no id it may be any of its list.
  const isElsewhere = (name: string, id: unknown): boolean =>
    name !== own || ((leg.id ?? null) !== null && id !== leg.id);
  const live = lists.flatMap(([name, entries]) =>
    entries
      .filter(isObject)
      .filter((entry) => isElsewhere(name, entry['id']) && goesOn(entry))
      .map(() => name),
  );
  if ((participant.endTime ?? null) !== null) return { lists: media, live: [] };
  const isComplete = (name: string): boolean => name !== own || (leg.id ?? null) !== null;
  return { lists: lists.map(([name]) => name).filter(isComplete), live };
}

/** After a fact: what it has no list for goes on as it was. */
export function mergeLegs(
  known: readonly string[] | undefined,
  { lists, live }: StatedLegs,
): readonly string[] {
  return [...(known ?? []).filter((name) => !lists.includes(name)), ...live];
}

/**
 * Lists of the legs that end with this communication when the agent hangs up, as often as there are legs. A video call
 * with its camera on is more than the share in it.
 */
export function endsWith({ media: own, screenshare, otherLegs }: Communication): readonly string[] {
  const isVideoCall = own === 'video' && screenshare['videoMuted'] === false;
  return [...(otherLegs ?? []), ...(isVideoCall ? ['videos'] : [])];
}
