import type { Link } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { timeWords } from '../../domain/words/time-words.ts';

/** What it says changes in such steps, not each second: each change is painted, all day long. */
const STEP_S = 10;
const MINUTE_S = 60;

/**
 * What the footer says about the link at the moment `now` (epoch ms, main's clock): the state with the number
 * that matters to it, and below it why. While contact is lost the last confirmed time is always said, as the
 * desktop's clock would have shown it (`toWall`); not a second time when the card says it (`saidAbove`).
 */
export function linkWords(
  link: Link,
  now: number,
  locale: string,
  toWall: (at: number) => number = (at) => at,
  saidAbove = false,
): { main: string; more: string } {
  const { words, lastContactAt, retryAt } = link;
  // Only where it is said: a time of day is costly to write, and this is asked each second.
  const contactTime = (): string | null =>
    lastContactAt === null ? null : timeWords(toWall(lastContactAt), toWall(now), locale, true);
  switch (link.freshness) {
    case 'connecting':
      return { main: words, more: join(lastConfirmed(contactTime()), link.detail) };
    case 'live':
      return {
        main: lastContactAt === null ? words : confirmed(words, lastContactAt, now),
        more: link.detail,
      };
    case 'stale': {
      const contact = contactTime();
      return {
        main: join(
          contact === null ? words : say('widget.link.since', { words, time: contact }),
          nextTry(retryAt, now),
        ),
        more: link.detail,
      };
    }
    case 'offline':
      return {
        main: join(words, nextTry(retryAt, now)),
        more: join(saidAbove ? '' : lastConfirmed(contactTime()), link.detail),
      };
  }
}

function confirmed(words: string, lastContactAt: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - lastContactAt) / 1000));
  if (seconds < STEP_S) return say('widget.link.now', { words });
  if (seconds < MINUTE_S) return say('widget.link.seconds', { words, count: seconds - (seconds % STEP_S) });
  return say('widget.link.minutes', { words, count: Math.floor(seconds / MINUTE_S) });
}

function nextTry(retryAt: number | null, now: number): string {
  if (retryAt === null) return '';
  const seconds = Math.floor((retryAt - now) / 1000);
  return seconds > 0 ? say('widget.link.retryIn', { count: seconds }) : say('widget.link.retrying');
}

function lastConfirmed(time: string | null): string {
  return time === null ? '' : say('widget.link.lastConfirmed', { time });
}

function join(...parts: string[]): string {
  return parts.filter((part) => part !== '').join(' · ');
}
