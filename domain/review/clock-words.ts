import { epoch, type ClockName, type Clocks } from '../clocks/time.ts';
import type { Communication } from '../communication/communication.ts';
import { say } from '../words/say.ts';
import { roughDuration } from '../words/time-words.ts';
import { unreachable } from '../toolbox/result.ts';

/** How far the clocks of one record were apart, in words. */

const formats = new Map<string, Intl.NumberFormat>();

/** `0.4 s`, `12 s`, `3 min`: a difference of clocks. */
export function offsetLength(ms: number, locale: string): string {
  const size = Math.abs(ms);
  if (size >= 60_000) return roughDuration(size);
  const digits = size < 10_000 ? 1 : 0;
  const name = `${locale}/${String(digits)}`;
  const format = formats.get(name) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  formats.set(name, format);
  // A difference too small for the digits is not zero.
  const count = format.format(size > 0 && size < 100 ? 0.1 : size / 1000);
  return say('review.clock.seconds', { count });
}

/** Which way one clock was off another. */
function offsetWords(ms: number, than: string, locale: string): string {
  if (Math.abs(ms) < 1) return say('review.clock.together', { than });
  const length = offsetLength(ms, locale);
  return ms > 0 ? say('review.clock.ahead', { length, than }) : say('review.clock.behind', { length, than });
}

/** `Genesys Cloud’s clock, 0.4 s ahead of this machine`. */
export function clockWords(clock: ClockName, clocks: Clocks | undefined, locale: string): string {
  switch (clock) {
    case 'machine':
      return say('review.clock.machine');
    case 'cloud': {
      const machine = say('review.clock.than.machine');
      const offset = clocks
        ? offsetWords(clocks.cloudOffsetMs, machine, locale)
        : say('review.clock.notKnown');
      return say('review.clock.cloud', { offset });
    }
    case 'provider': {
      const ms = clocks?.providerOffsetMs;
      const cloud = say('review.clock.than.cloud');
      const offset = ms === undefined ? say('review.clock.notSeen') : offsetWords(ms, cloud, locale);
      return say('review.clock.provider', { offset });
    }
    default:
      return unreachable(clock);
  }
}

/** Smaller differences are those of the network, not of the clocks. */
const noticeableMs = 100;
export const isNoticeable = (ms: number): boolean => Math.abs(ms) >= noticeableMs;

/** The largest difference between two of the three clocks that the facts prove, ms; 0 where they prove none. */
export function clocksDifferBy(clocks: Clocks | undefined): number {
  if (!clocks) return 0;
  const { cloudOffsetMs, cloudUncertaintyMs, providerOffsetMs = 0 } = clocks;
  const cloud = Math.abs(cloudOffsetMs) > Math.max(noticeableMs, cloudUncertaintyMs) ? cloudOffsetMs : 0;
  const provider = isNoticeable(providerOffsetMs) ? providerOffsetMs : 0;
  // Against this machine: 0, the cloud, and the provider on top of the cloud.
  const all = [0, cloud, cloud + provider];
  return Math.max(...all) - Math.min(...all);
}

/** `clocks differ by 0.4 s`; '' where nothing shows that they do. */
export function clocksDifferWords(clocks: Clocks | undefined, locale: string): string {
  const ms = clocksDifferBy(clocks);
  return ms === 0 ? '' : say('review.clock.differ', { length: offsetLength(ms, locale) });
}

/** By how many ms a record ends before it connects, as sent: its clocks differ. 0 where it does not. */
export function contradictionMs({ screenshare }: Pick<Communication, 'screenshare'>): number {
  const connected = epoch(screenshare.connectedTime);
  const ended = epoch(screenshare.disconnectedTime);
  return connected === null || ended === null ? 0 : Math.max(0, connected - ended);
}
