import { z } from 'zod';
import { checksummedTable } from '../checksummed-table.ts';
import { recordWrapupStates } from '../../../domain/exported-record.ts';
import { listedLengths, type Listing } from '../../../domain/review/record-listing.ts';
import { parseJson } from '../json.ts';

/** The lines of the list as they are drawn, checked when they are read. */
export const listingColumns = { key: 'text', id: 'number', json: 'text' } as const;
export const listingTable = checksummedTable('listing', listingColumns);

const text = z.string().nullable();
const length = z.number().nullable();

/** Which lengths are approximate, a bit each. Before that was told of each, it was told of one. */
const approximateSchema = z.union([
  z.boolean().transform((connected) => ({ alerting: false, connected, onAir: false })),
  z
    .int()
    .min(0)
    .max(2 ** listedLengths.length - 1)
    .transform((bits) => ({ alerting: (bits & 1) > 0, connected: (bits & 2) > 0, onAir: (bits & 4) > 0 })),
]);

function bitsOf(approximate: Listing['approximate']): number {
  return listedLengths.reduce((bits, name, at) => bits + (approximate[name] ? 2 ** at : 0), 0);
}

/** Values without names: there may be a million of them. A change of this order needs a migration. */
const lineSchema = z.tuple([
  z.int(),
  z.enum(['alerting', 'connecting', 'viewing', 'sharing', 'wrapUp', 'wrappedUp', 'missed', 'idle']),
  z.enum(['viewing', 'sharing']),
  z.boolean(),
  text,
  text,
  text,
  text,
  z.string(),
  z.enum(recordWrapupStates).nullable(),
  text,
  length,
  length,
  length,
  length,
  approximateSchema,
]);

export function lineText(line: Listing): string {
  const values: z.input<typeof lineSchema> = [
    line.at,
    line.glyph,
    line.role,
    line.missed,
    line.peer,
    line.queue,
    line.code,
    line.codeName,
    line.notes,
    line.wrapup,
    line.disconnectType,
    line.alertingMs,
    line.connectedMs,
    line.onAirMs,
    line.workMs,
    bitsOf(line.approximate),
  ];
  return JSON.stringify(values);
}

export function parseLine({ key, json }: Readonly<Record<'key' | 'json', string>>): Listing {
  const [
    at,
    glyph,
    role,
    missed,
    peer,
    queue,
    code,
    codeName,
    notes,
    wrapup,
    disconnectType,
    alertingMs,
    connectedMs,
    onAirMs,
    workMs,
    approximate,
  ] = parseJson(json, lineSchema, `listing ${JSON.stringify(key)}`);
  return {
    key,
    at,
    glyph,
    role,
    missed,
    peer,
    queue,
    code,
    codeName,
    notes,
    wrapup,
    disconnectType,
    alertingMs,
    connectedMs,
    onAirMs,
    workMs,
    approximate,
  };
}
