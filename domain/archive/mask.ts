import type { ExportedRecord } from '../exported-record.ts';
import type { ArchiveMask } from './archive-settings.ts';
import { maskRecord, type MaskedRecord } from '../masked-record.ts';
import { isTime } from '../model/personal-fields.ts';
import { afterCallWorkStates, communicationStates, disconnectTypes, isKnown } from '../model/values.ts';
import { searchWords } from '../words/search-words.ts';

/** HMAC-SHA-256 in hex, by the key the archive gives an organisation (`maskKey`). */
export type KeyedDigest = (text: string) => string;

/** What stands for an id: the same for the same id, in the whole organisation. */
export function maskedId(id: string, digest: KeyedDigest): string {
  return id === '' ? id : digest(`id\0${id}`).slice(0, 32);
}

/** What stands for a person: the same however their name is written. */
function maskedPerson(name: string, digest: KeyedDigest): string {
  const words = searchWords(name);
  return `person-${digest(`person\0${words.length > 0 ? words.join(' ') : name}`).slice(0, 16)}`;
}

/** As the reference names them; any other word may be somebody's. */
const segmentWords = [
  ...['Scheduled', 'Alert', 'Interact', 'Disconnect', 'Hold', 'Dialing', 'Contacting', 'Sharing', 'Wrapup'],
  ...['Ivr', 'System', 'Delay', 'Transfer', 'Unknown'],
].map((word) => word.toLowerCase());
const purposes = [
  ...['customer', 'external', 'agent', 'user', 'acd', 'ivr', 'voicemail', 'station', 'group', 'workflow'],
  ...['campaign', 'api', 'outbound', 'inbound', 'dialer', 'fax', 'botflow'],
];
const protocolWords: readonly string[] = [
  ...communicationStates,
  ...disconnectTypes,
  ...afterCallWorkStates,
  ...segmentWords,
  ...purposes,
].map((word) => word.toLowerCase());

const isHarmless = (text: string): boolean => isTime(text) || isKnown(protocolWords, text.toLowerCase());

const aboutPeople: ReadonlySet<string> = new Set([
  ...['conversationId', 'participantId', 'peerName', 'exposure.people.name'],
  ...['screenshare.id', 'screenshare.peerId'],
]);

/** The record as it leaves the desk. A masked one says in `redacted` what was masked. */
export function maskForArchive(
  record: ExportedRecord,
  mask: ArchiveMask,
  digest: KeyedDigest,
): ExportedRecord | MaskedRecord {
  switch (mask) {
    case 'people':
      return maskRecord(record, {
        digest: (id) => maskedId(id, digest),
        person: (name) => maskedPerson(name, digest),
        isHarmless,
      });
    case 'notes': {
      const asItIs = (text: string): string => text;
      const masked = maskRecord(record, { digest: asItIs, person: asItIs, isHarmless });
      return { ...masked, redacted: masked.redacted.filter((path) => !aboutPeople.has(path)) };
    }
    case 'none':
      return record;
  }
}
