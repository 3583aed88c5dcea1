import { cloudMs, duration, epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { beginningOf, endOf, isTooOldToFile } from '../communication/moments.ts';
import { outcomeWords, wrapupOutcome } from '../communication/wrapup-outcome.ts';
import { say } from '../words/say.ts';
import { timeWords, markApproximate, roughDuration } from '../words/time-words.ts';
import { endedAt } from './attention.ts';
import { draftFor, submissionFor, toLocal, toServer, toWall, type KnownState } from './known-state.ts';

/** `now`: epoch ms. */
function lastOutcome(model: KnownState, communication: Communication, now: number): string {
  if (communication.gone) return say('outcome.gone');
  const submission = submissionFor(model, communication.key);
  // Both are waiting; the agent may want to know for what.
  if (submission?.state === 'accepted' || submission?.state === 'failed')
    return say(`outcome.${submission.state}`);
  const outcome = wrapupOutcome(communication, draftFor(model, communication.key), submission);
  if (outcome === null) return say('outcome.none');
  if (outcome !== 'open') return outcomeWords(outcome);
  return say(isTooOldToFile(communication, toServer(model, now)) ? 'review.mark.tooOld' : 'outcome.open');
}

/** When it began, in epoch ms of this machine's clock. */
function beganAt(model: KnownState, communication: Communication): number {
  const beginning = beginningOf(communication);
  const at = cloudMs(beginning, communication.clocks);
  return at === null || beginning.clock === 'machine'
    ? (epoch(beginning.iso) ?? endedAt(model, communication))
    : toLocal(model, at);
}

/** The communication that ended last; undefined where there is none. */
export function lastShare(model: KnownState): Communication | undefined {
  return Object.values(model.communications).sort((a, b) => endedAt(model, b) - endedAt(model, a))[0];
}

/** `Last share 14:02 · ≈ 6 min · sent by me`, with the day unless that is today; `now` is epoch ms. */
export function lastShareWords(model: KnownState, now: number): string {
  const last = lastShare(model);
  if (!last) return say('status.noShares');
  const took = duration(beginningOf(last), endOf(last), last.clocks) ?? { ms: 0, approximate: true };
  return say('status.lastShare', {
    time: timeWords(toWall(model, beganAt(model, last)), toWall(model, now), model.appearance.locale),
    duration: markApproximate(roughDuration(took.ms), took.approximate),
    outcome: lastOutcome(model, last, now),
  });
}
