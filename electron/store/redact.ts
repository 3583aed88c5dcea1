import type { ExportedRecord } from '../../domain/record.ts';
import {
  afterCallWorkSchema,
  screenshareFields,
  segmentSchema,
  wrapupSchema,
} from '../../domain/model/screenshare.ts';

export const mask = '[redacted]';

export type RedactedRecord = ExportedRecord & {
  /** Dot paths of what was masked in this record. */
  readonly redacted: readonly string[];
};

/**
 * What stays of the wire model. Anything the model does not name is masked: what a newer server sends may
 * hold a name or an address. Of what it names, these are about people: `context` is an address (a JID).
 */
const personal = new Set(['context', 'notes', 'tags']);
const fieldsOf: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set<string>(screenshareFields),
  wrapup: new Set(Object.keys(wrapupSchema.shape)),
  afterCallWork: new Set(Object.keys(afterCallWorkSchema.shape)),
  segments: new Set(Object.keys(segmentSchema.shape)),
};

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function maskFields(value: Fields, kind: string, at: string, found: Set<string>): Fields {
  const known = fieldsOf[kind];
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => {
      const path = `${at}.${name}`;
      if (field === null || field === undefined) return [name, field];
      if (!known?.has(name) || personal.has(name)) {
        found.add(path);
        return [name, mask];
      }
      if (isFields(field)) return [name, maskFields(field, name, path, found)];
      if (!Array.isArray(field)) return [name, field];
      return [
        name,
        field.map((item: unknown) => (isFields(item) ? maskFields(item, name, path, found) : item)),
      ];
    }),
  );
}

/** Masks who was at the other end, addresses, notes, and whatever the model does not name. */
export function redact(record: ExportedRecord): RedactedRecord {
  const found = new Set<string>();
  if (record.peerName !== null) found.add('peerName');
  if (record.wrapup?.notes) found.add('wrapup.notes');
  const screenshare = maskFields(record.screenshare, '', 'screenshare', found);
  return {
    ...record,
    screenshare,
    peerName: record.peerName === null ? null : mask,
    wrapup: record.wrapup && { ...record.wrapup, notes: record.wrapup.notes ? mask : record.wrapup.notes },
    redacted: [...found].sort(),
  };
}
