import { maskScreenshare } from '../../domain/model/personal.ts';
import { isExportedField, type ExportedRecord } from '../../domain/exported-record.ts';

export const mask = '[redacted]';

export type RedactedRecord = ExportedRecord & {
  /** Dot paths of what was masked in this record. */
  readonly redacted: readonly string[];
};

/** Somebody's file may have anything under this name. */
export function isRedacted(record: ExportedRecord): record is RedactedRecord {
  const told: unknown = 'redacted' in record ? record.redacted : null;
  return Array.isArray(told) && told.every((path) => typeof path === 'string');
}

/** A record that was imported may have fields of a later version, and says itself what was masked before. */
function maskBeyond(record: ExportedRecord): Readonly<Record<string, unknown>> {
  const { redacted: _told, ...rest } = record as RedactedRecord;
  const unknown = Object.keys(rest).filter((name) => !isExportedField(name));
  return Object.fromEntries(unknown.map((name) => [name, mask]));
}

/** Masks who was at the other end, addresses, notes, and whatever the model does not name. */
export function redact(record: ExportedRecord): RedactedRecord {
  const { screenshare, found } = maskScreenshare(record.screenshare, () => mask);
  const beyond = maskBeyond(record);
  const redacted = [...found, ...Object.keys(beyond)];
  if (record.peerName !== null) redacted.push('peerName');
  if (record.wrapup?.notes) redacted.push('wrapup.notes');
  return {
    ...record,
    ...beyond,
    screenshare,
    peerName: record.peerName === null ? null : mask,
    wrapup: record.wrapup && { ...record.wrapup, notes: record.wrapup.notes ? mask : record.wrapup.notes },
    redacted: redacted.sort(),
  };
}
