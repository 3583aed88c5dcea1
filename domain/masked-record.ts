import { isMaskedPath, isTime, isTimeOrWord, maskScreenshare, type Mask } from './model/personal-fields.ts';
import type { Exposure } from './communication/exposure.ts';
import { isExportedField, type ExportedRecord } from './exported-record.ts';

/** A record without people and notes, for a file or the archive. In the record it is called `redacted`. */

export const maskedText = '[redacted]';

export type MaskedRecord = ExportedRecord & {
  /** Dot paths of what was masked in this record. */
  readonly redacted: readonly string[];
};

/** Somebody's file may have anything under this name. */
export function isMasked(record: ExportedRecord): record is MaskedRecord {
  const masked: unknown = 'redacted' in record ? record.redacted : null;
  return Array.isArray(masked) && masked.every((path) => typeof path === 'string');
}

const exposedName = 'exposure.people.name';
const exposedPurpose = 'exposure.people.purpose';
const maskedBeside = [
  '*',
  'alertedAt',
  'conversationId',
  exposedName,
  exposedPurpose,
  'participantId',
  'peerName',
  'wrapup.notes',
];

/** A record that was imported says itself what was masked before. */
function toldBefore(record: ExportedRecord): readonly string[] {
  if (!isMasked(record)) return [];
  return record.redacted.filter((path) => maskedBeside.includes(path) || isMaskedPath(path));
}

/** Somebody's file may have words about a time that can still be read as one. */
export function timeOnly(text: string): string {
  if (isTime(text)) return text;
  const at = Date.parse(text);
  return new Date(Number.isNaN(at) ? 0 : at).toISOString();
}

const exposedFields = new Set(['onAir', 'counts', 'people']);

/** When, how many and in which part stays; who it was does not. `found` gets the paths of what was masked. */
function maskExposure(
  exposure: Exposure | null,
  { person, isHarmless = isTimeOrWord }: MaskWords,
  found: Set<string>,
): Exposure | null {
  if (exposure === null) return null;
  if (Object.keys(exposure).some((name) => !exposedFields.has(name))) found.add('*');
  const span = ({ from, to }: { readonly from: string; readonly to: string | null }) => ({
    from: timeOnly(from),
    to: to === null ? null : timeOnly(to),
  });
  return {
    onAir: exposure.onAir.map(span),
    counts: exposure.counts.map(({ at, count }) => ({ at: timeOnly(at), count })),
    people: exposure.people.map(({ how, name, purpose, ...times }) => {
      if (name !== null) found.add(exposedName);
      const isWord = purpose === null || isHarmless(purpose);
      if (!isWord) found.add(exposedPurpose);
      return {
        how,
        name: name === null ? null : person(name),
        purpose: isWord ? purpose : maskedText,
        ...span(times),
      };
    }),
  };
}

/** What stands in the place of what is masked. */
export interface MaskWords {
  /** Of an id that leads back to a person: the same for the same id. */
  readonly digest: (id: string) => string;
  /** Of a name. */
  readonly person: (name: string) => string;
  /** What a field of the protocol may say as it is; default: a time, or any word. */
  readonly isHarmless?: (text: string) => boolean;
}

/**
 * Masks who was at the other end, addresses, notes and whatever the model does not name, with the names of those
 * fields.
 */
export function maskRecord(record: ExportedRecord, words: MaskWords): MaskedRecord {
  const { digest, person, isHarmless = isTimeOrWord } = words;
  const put: Mask = (kind, name, value) => {
    if (kind === 'unknown') return undefined;
    if (kind === 'identifier') return typeof value === 'string' ? digest(value) : maskedText;
    // A list of words stays a list, as in the model.
    return name === 'tags' ? [maskedText] : maskedText;
  };
  const { screenshare, found } = maskScreenshare(record.screenshare, put, isHarmless);
  const redacted = new Set(['conversationId', 'participantId', ...found, ...toldBefore(record)]);
  if (Object.keys(record).some((name) => !isExportedField(name) && name !== 'redacted')) redacted.add('*');
  if (record.peerName !== null) redacted.add('peerName');
  if (record.wrapup?.notes) redacted.add('wrapup.notes');
  const exposure = maskExposure(record.exposure, words, redacted);
  const isTold = record.alertedAt !== null && !isHarmless(record.alertedAt);
  if (isTold) redacted.add('alertedAt');
  return {
    conversationId: digest(record.conversationId),
    participantId: digest(record.participantId),
    role: record.role,
    media: record.media,
    screenshare,
    queueName: record.queueName,
    peerName: record.peerName === null ? null : person(record.peerName),
    alertedAt: isTold ? null : record.alertedAt,
    answered: record.answered,
    wrapup: record.wrapup && {
      code: record.wrapup.code,
      name: record.wrapup.name,
      notes: record.wrapup.notes ? maskedText : record.wrapup.notes,
      state: record.wrapup.state,
      ...(record.wrapup.origin === undefined ? {} : { origin: record.wrapup.origin }),
      ...(record.wrapup.afterLimit === undefined ? {} : { afterLimit: record.wrapup.afterLimit }),
    },
    outcome: record.outcome,
    exposure,
    firstSeenAt: timeOnly(record.firstSeenAt),
    lastSeenAt: timeOnly(record.lastSeenAt),
    revisions: record.revisions,
    redacted: [...redacted].sort(),
  };
}
