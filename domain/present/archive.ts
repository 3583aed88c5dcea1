import type { ArchiveCounts } from '../archive/queue.ts';
import type { ArchiveState } from '../state.ts';
import { say } from '../words/say.ts';
import type { KnownArchive } from './known-state.ts';

/** A clock that is less wrong is not mentioned, ms. */
const noticeableMs = 10 * 60_000;
const hourMs = 60 * 60_000;

/** How it stands with the organisation's archive, in words. */
export function presentArchive(known: KnownArchive | null): ArchiveState | null {
  if (known === null) return null;
  const { host, counts, wait, problem, missing, clockOffsetMs, supervisor } = known;
  const offsetMs = Math.abs(clockOffsetMs);
  return {
    host,
    words: counts === null ? say('archive.asked') : countWords(counts),
    wait: wait === null || counts?.waiting === 0 ? '' : say(`archive.wait.${wait}`),
    problem,
    remarks: [
      ...(missing === 0 ? [] : [say('archive.missing', { count: missing })]),
      ...(offsetMs < noticeableMs
        ? []
        : [
            say('archive.clock', {
              hours: Math.round(offsetMs / hourMs),
              minutes: Math.round(offsetMs / 60_000),
              way: clockOffsetMs > 0 ? 'ahead' : 'behind',
            }),
          ]),
    ],
    issues: counts === null ? 0 : counts.refused + counts.conflicts,
    supervisor,
  };
}

/** `217 records in the archive, 3 waiting`. */
function countWords({ archived, waiting, refused, conflicts }: ArchiveCounts): string {
  return [
    say('archive.count', { count: archived }),
    waiting === 0 ? '' : say('archive.waiting', { count: waiting }),
    refused === 0 ? '' : say('archive.refused', { count: refused }),
    conflicts === 0 ? '' : say('archive.conflicts', { count: conflicts }),
  ]
    .filter((part) => part !== '')
    .join(', ');
}
