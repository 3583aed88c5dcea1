import { epoch } from '../clocks/time.ts';
import type { Communication, Observation } from '../communication/communication.ts';
import { isSharing } from '../communication/phase.ts';
import { isTimeOrWord, maskScreenshare, type Mask } from '../model/personal-fields.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';
import type { RecordDetail } from './record-detail.ts';
import type { Look } from '../archive/wire.ts';
import type { Listing } from './record-listing.ts';
import { hasSameNotes } from './wrapup-comparison.ts';

/**
 * While the agent's screen is shared others can read it: the review then names no customer and shows nothing anybody
 * wrote about one. Codes, queues and times stay; so does what is known without reading the words: which are empty, which
 * are the same.
 */

/** On air as far as anybody knows, with or without contact. */
export function isOnAir(communications: Readonly<Record<string, Communication>>): boolean {
  return Object.values(communications).some(isSharing);
}

export function listingWithoutNames(line: Listing): Listing {
  return {
    ...line,
    ...(line.agent === undefined ? {} : { agent: hiddenWords(line.agent) }),
    peer: hidden(line.peer),
    notes: hiddenWords(line.notes),
  };
}

export function detailWithoutNames(detail: RecordDetail): RecordDetail {
  const { communication, draft, submissions, archived } = detail;
  return {
    ...detail,
    hidden: { sameNotes: hasSameNotes(detail) },
    communication: communicationWithoutNames(communication),
    ...(archived === undefined ? {} : { archived: { ...archived, agent: hidden(archived.agent) } }),
    draft: draft && { ...draft, notes: hiddenWords(draft.notes) },
    submissions: submissions.map((submission) => ({
      ...submission,
      notes: hiddenWords(submission.notes),
      theirs: submission.theirs && { ...submission.theirs, notes: hidden(submission.theirs.notes) },
    })),
  };
}

/** Who looked, and for what, names people too. */
export function lookWithoutNames(look: Look): Look {
  return { ...look, by: { id: '', name: say('review.hidden') }, query: '' };
}

function hidden(words: string | null): string | null {
  return words === null ? null : hiddenWords(words);
}

function hiddenWords(words: string): string {
  return words === '' ? '' : say('review.hidden');
}

/** A time written in another way is the same time, and names nobody. */
const times = new Set(['startAlertingTime', 'connectedTime', 'disconnectedTime', 'startTime', 'endTime']);

/** What a newer server sends is left out: its name alone may be somebody's. */
const maskOf: Mask = (kind, name, value) => {
  if (kind === 'identifier') return value;
  if (kind === 'unknown') return undefined;
  if (Array.isArray(value)) return value.length === 0 ? [] : [say('review.hidden')];
  if (typeof value !== 'string') return say('review.hidden');
  const at = times.has(name) ? epoch(value) : null;
  return at === null ? hiddenWords(value) : new Date(at).toISOString();
};

function communicationWithoutNames({
  peerName,
  sharers,
  participantWrapup,
  exported,
  observations,
  ...rest
}: Communication): Communication {
  const { screenshare } = maskScreenshare(rest.screenshare, maskOf);
  return {
    ...rest,
    screenshare,
    ...(peerName === undefined ? {} : { peerName: hiddenWords(peerName) }),
    ...(sharers === undefined ? {} : { sharers: sharers.map((name) => hiddenWords(name)) }),
    ...(exported === undefined ? {} : { exported: { ...exported, beyond: {} } }),
    ...(observations === undefined ? {} : { observations: observations.map(withoutName) }),
    ...(participantWrapup === undefined ? {} : { participantWrapup: wrapupWithoutWords(participantWrapup) }),
  };
}

function withoutName({ name, purpose, ...observation }: Observation): Observation {
  return {
    ...observation,
    ...(name === undefined ? {} : { name: hiddenWords(name) }),
    // A server may write anything there.
    ...(purpose !== undefined && isTimeOrWord(purpose) ? { purpose } : {}),
  };
}

function wrapupWithoutWords(wrapup: Wrapup): Wrapup {
  const { screenshare } = maskScreenshare({ wrapup }, maskOf);
  return screenshare['wrapup'] as Wrapup;
}
