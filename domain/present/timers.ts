import { epoch } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { alertDeadline, acwStart, acwDeadline } from '../communication/moments.ts';
import type { Timer } from '../state.ts';
import { say } from '../words/say.ts';
import type { Attention } from './attention.ts';
import { isCorrecting } from './correction.ts';
import { toLocal, type KnownState } from './known-state.ts';
import { unreachable } from '../toolbox/result.ts';

/** Of after-call work: down to the server's limit where there is one, else up from its start. */
export function acwTimer(model: Pick<KnownState, 'cloud'>, communication: Communication): Timer | null {
  const start = acwStart(communication);
  const end = acwDeadline(communication);
  const label = say('clock.acw');
  if (end !== null) {
    const totalMs = communication.wrapupTimeoutMs ?? null;
    return { mode: 'until', at: toLocal(model, end), totalMs, label };
  }
  return start === null ? null : { mode: 'since', at: toLocal(model, start), totalMs: null, label };
}

function connectedTimer(model: KnownState, communication: Communication): Timer | null {
  const connected = epoch(communication.screenshare.connectedTime);
  // `firstSeenAt` is by this machine's clock already.
  const at = connected === null ? epoch(communication.firstSeenAt) : toLocal(model, connected);
  return at === null ? null : { mode: 'since', at, totalMs: null, label: say('clock.connected') };
}

/** The number beside the status: time passed, or left. */
export function timerOf(model: KnownState, attention: Attention, confirmed: boolean): Timer | null {
  const { communication, phase, work = communication } = attention;
  const since = (ms: number | null, label: string): Timer | null =>
    ms === null ? null : { mode: 'since', at: toLocal(model, ms), totalMs: null, label };
  switch (phase) {
    case 'alerting': {
      const end = alertDeadline(communication);
      if (end === null) return since(epoch(communication.alertedAt), say('clock.alerting'));
      const totalMs = communication.alertingTimeoutMs ?? null;
      return { mode: 'until', at: toLocal(model, end), totalMs, label: say('clock.toAnswer') };
    }
    case 'viewing':
      return connectedTimer(model, communication);
    case 'sharing':
      return since(
        epoch(communication.onAir.at(-1)?.from),
        say(confirmed ? 'clock.onAir' : 'clock.onAirQuestion'),
      );
    case 'wrapUp':
      return isCorrecting(model, communication.key) ? null : acwTimer(model, work);
    case 'connecting':
    case 'wrappedUp':
    case 'missed':
    case 'conflict':
    case 'idle':
    case 'starting':
      return null;
    default:
      return unreachable(phase);
  }
}
