import type { Communication } from '../communication/communication.ts';
import { isSharing } from '../communication/phase.ts';
import { maskScreenshare, type Mask } from '../model/personal.ts';
import type { Wrapup } from '../model/screenshare.ts';
import { say } from '../words/say.ts';
import type { RecordDetail } from './record-detail.ts';
import type { Listing } from './record-listing.ts';

/**
 * While the agent's screen is shared others can read it: the review then names no customer and shows nothing anybody
 * wrote about one. Codes, queues and times stay.
 */

/** On air as far as anybody knows, with or without contact. */
export function isOnAir(communications: Readonly<Record<string, Communication>>): boolean {
  return Object.values(communications).some(isSharing);
}

export function listingWithoutNames(line: Listing): Listing {
  return {
    ...line,
    peer: line.peer === null ? null : say('review.hidden'),
    notes: hiddenNotes(line.notes),
  };
}

export function detailWithoutNames(detail: RecordDetail): RecordDetail {
  const { communication, draft, submissions } = detail;
  return {
    ...detail,
    communication: communicationWithoutNames(communication),
    draft: draft && { ...draft, notes: hiddenNotes(draft.notes) },
    submissions: submissions.map((submission) => ({
      ...submission,
      notes: hiddenNotes(submission.notes),
      theirs: submission.theirs && { ...submission.theirs, notes: hidden(submission.theirs.notes) },
    })),
  };
}

function hidden(words: string | null): string | null {
  return words === null ? null : hiddenNotes(words);
}

function hiddenNotes(words: string): string {
  return words === '' ? '' : say('review.hidden');
}

/** Tags, and what a newer server sends, are left out: they have no place for words. */
const maskOf: Mask = (kind, name, value) => {
  if (kind === 'identifier') return value;
  return kind === 'words' && name !== 'tags' ? say('review.hidden') : undefined;
};

function communicationWithoutNames({
  peerName,
  participantWrapup,
  exported,
  ...rest
}: Communication): Communication {
  const { screenshare } = maskScreenshare(rest.screenshare, maskOf);
  return {
    ...rest,
    screenshare,
    ...(peerName === undefined ? {} : { peerName: say('review.hidden') }),
    ...(exported === undefined ? {} : { exported: { role: exported.role, beyond: {} } }),
    ...(participantWrapup === undefined ? {} : { participantWrapup: wrapupWithoutWords(participantWrapup) }),
  };
}

function wrapupWithoutWords(wrapup: Wrapup): Wrapup {
  const { screenshare } = maskScreenshare({ wrapup }, maskOf);
  return screenshare['wrapup'] as Wrapup;
}
