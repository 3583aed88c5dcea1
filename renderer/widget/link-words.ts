import type { Link } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import { timeWords } from '../../domain/words/time-words.ts';

const JUST_NOW_S = 2;
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
  const contact = lastContactAt === null ? null : timeWords(toWall(lastContactAt), toWall(now), locale, true);
  switch (link.freshness) {
    case 'connecting':
      return { main: words, more: join(lastConfirmed(contact), link.detail) };
    case 'live':
      return {
        main: lastContactAt === null ? words : confirmed(words, lastContactAt, now),
        more: link.detail,
      };
    case 'stale':
      return {
        main: join(
          contact === null ? words : say('widget.link.since', { words, time: contact }),
          nextTry(retryAt, now),
        ),
        more: link.detail,
      };
    case 'offline':
      return {
        main: join(words, nextTry(retryAt, now)),
        more: join(saidAbove ? '' : lastConfirmed(contact), link.detail),
      };
  }
}

function confirmed(words: string, lastContactAt: number, now: number): string {
  const seconds = Math.max(0, Math.floor((now - lastContactAt) / 1000));
  if (seconds < JUST_NOW_S) return say('widget.link.now', { words });
  if (seconds < MINUTE_S) return say('widget.link.seconds', { words, count: seconds });
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
