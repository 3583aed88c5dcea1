import { cloudMs, duration, epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { beginningOf, endOf } from '../communication/moments.ts';
import { afterCallWorkOf, serverWrapup } from '../communication/phase.ts';
import { systemCodeOf } from '../model/values.ts';
import { say } from '../words/say.ts';
import { timeWords, markApproximate, roughDuration } from '../words/time-words.ts';
import { endedAt, endedByTimeLimit, isTooOldToFile } from './attention.ts';
import { submissionFor, toLocal, toWall, type Model } from './model.ts';
import { unreachable } from '../toolbox/result.ts';

/** `now`: epoch ms. */
function lastOutcome(model: Model, communication: Communication, now: number): string {
  if (communication.gone) return say('outcome.gone');
  if (!communication.answered) return say('outcome.missed');
  const submission = submissionFor(model, communication.key);
  const state = submission?.state;
  switch (state) {
    case 'waiting':
    case 'accepted':
      return say(`outcome.${state}`);
    case 'conflict':
      return say('outcome.conflict');
    case 'failed':
      return say('outcome.failed');
    case 'confirmed':
      if (submission?.kind === 'skip') return say('outcome.skipped');
      break;
    case 'dropped':
    case undefined:
      break;
    default:
      return unreachable(state);
  }
  if (endedByTimeLimit(model, communication)) return say('outcome.timedOut');
  const work = afterCallWorkOf(communication);
  const system = state === 'confirmed' ? null : systemCodeOf(serverWrapup(communication)?.code);
  if (system === 'skipped') return say('outcome.skipped');
  if (system !== null && work !== 'due') return say('outcome.noCode');
  if (work === 'skipped') return say('outcome.skipped');
  if (work === 'due') {
    return say(isTooOldToFile(model, communication, now) ? 'outcome.tooOld' : 'outcome.open');
  }
  return say(work === 'done' || serverWrapup(communication) ? 'outcome.wrappedUp' : 'outcome.none');
}

/** When it began, in epoch ms of this machine's clock. */
function beganAt(model: Model, communication: Communication): number {
  const beginning = beginningOf(communication);
  const at = cloudMs(beginning, communication.clocks);
  return at === null || beginning.clock === 'machine'
    ? (epoch(beginning.iso) ?? endedAt(model, communication))
    : toLocal(model, at);
}

/** `Last share 14:02 · ≈ 6 min · wrapped up`, with the day unless that is today; `now` is epoch ms. */
export function lastShareWords(model: Model, now: number): string {
  const last = Object.values(model.communications).sort((a, b) => endedAt(model, b) - endedAt(model, a))[0];
  if (!last) return say('status.noShares');
  const took = duration(beginningOf(last), endOf(last), last.clocks) ?? { ms: 0, approximate: true };
  return say('status.lastShare', {
    time: timeWords(toWall(model, beganAt(model, last)), toWall(model, now), model.appearance.locale),
    duration: markApproximate(roughDuration(took.ms), took.approximate),
    outcome: lastOutcome(model, last, now),
  });
}
