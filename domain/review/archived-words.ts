import { epoch } from '../clocks/time.ts';
import type { Look } from '../archive/wire.ts';
import { joinClauses, say } from '../words/say.ts';
import { dateAndTime } from '../words/time-words.ts';
import type { ArchiveListing } from './record-listing.ts';
import type { RecordDetail } from './record-detail.ts';

/** What is said of records that come from the archive. */

const whenWords = (at: string, locale: string): string => {
  const ms = epoch(at);
  return ms === null ? at : dateAndTime(ms, locale);
};

/** `Ben Ode’s record · in the archive since 30 Nov 2026, 14:02 · the latest of 2 versions`. */
export function archivedWords({ archived }: RecordDetail, locale: string): string {
  if (archived === undefined) return '';
  const { agent, receivedAt, revisions, conflicts } = archived;
  const when = whenWords(receivedAt, locale);
  return joinClauses([
    agent === null ? '' : say('review.archived.agent', { agent }),
    say(agent === null ? 'review.archived.receivedCapital' : 'review.archived.received', { when }),
    revisions > 1 ? say('review.archived.revisions', { count: revisions }) : '',
    conflicts > 0 ? say('review.archived.conflicts', { count: conflicts }) : '',
  ]);
}

/** What is to be known of a list besides what is in it. */
export function archiveRemarks(archive: ArchiveListing | null, rows: number): readonly string[] {
  if (archive === null) return [];
  const { rest, unread, missing } = archive;
  return [
    ...(rest === 'cut' ? [say('review.archive.cut', { count: rows })] : []),
    ...(missing > 0 ? [say('review.archive.missing', { count: missing })] : []),
    ...(unread > 0 ? [say('review.archive.unread', { count: unread })] : []),
  ];
}

/** Who looked, when, and for what, of somebody who looked at one's own records. */
export function lookWords(
  { at, by, what, records, query }: Look,
  locale: string,
): { readonly when: string; readonly who: string; readonly what: string } {
  const isSearch = what !== 'record' && query !== '';
  return {
    when: whenWords(at, locale),
    who: by.name || by.id || say('review.looks.nameless'),
    what: joinClauses([
      what === 'record' ? say('review.looks.record') : say(`review.looks.${what}`, { count: records }),
      isSearch ? say('review.looks.searched', { query }) : '',
    ]),
  };
}
