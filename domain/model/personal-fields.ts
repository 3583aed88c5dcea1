import { isObject } from './values.ts';
import { afterCallWorkSchema, screenshareFields, segmentSchema, wrapupSchema } from './screenshare.ts';

/**
 * What stays of the wire model when people are masked. What the model does not name goes, its name too: a newer
 * server may send a person's name in either. Of what it names, `words` and `identifiers` are about people: `context`
 * is an address (a JID).
 */
const words = new Set(['context', 'notes', 'tags']);
const identifiers = new Set(['id', 'peerId']);
const fieldsOf: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set<string>(screenshareFields),
  wrapup: new Set(Object.keys(wrapupSchema.shape)),
  afterCallWork: new Set(Object.keys(afterCallWorkSchema.shape)),
  segments: new Set(Object.keys(segmentSchema.shape)),
};
/** What an organisation called something: any text. */
const names = new Set(['code', 'name']);

const paths = new Set(
  Object.entries(fieldsOf).flatMap(([kind, known]) =>
    [...known, '*'].map((name) => ['screenshare', ...(kind === '' ? [] : [kind]), name].join('.')),
  ),
);

/** Whether a file that says what was masked in it can have meant this: else it may be anything. */
export function isMaskedPath(path: string): boolean {
  return paths.has(path);
}

type Fields = Readonly<Record<string, unknown>>;

/** Why a field is masked: somebody wrote it, it leads to a person, or nobody knows what it is. */
export type MaskedKind = 'words' | 'identifier' | 'unknown';

/** What stands in the place of a field; undefined leaves it out. */
export type Mask = (kind: MaskedKind, name: string, value: unknown) => unknown;

const word = /^[a-z][a-z0-9_.-]{0,63}$/i;
const identifier = /[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/i;
const time = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$/;

export function isTime(text: string): boolean {
  return time.test(text);
}

/** A time, or a word of a protocol; nothing else says nothing about anybody. */
export function isTimeOrWord(text: string): boolean {
  return time.test(text) || (word.test(text) && !identifier.test(text));
}

interface Masking {
  readonly mask: Mask;
  /** What a field may say as it is. */
  readonly isHarmless: (text: string) => boolean;
  readonly found: Set<string>;
}

function kindOf(
  name: string,
  value: unknown,
  known: ReadonlySet<string> | undefined,
  { isHarmless }: Masking,
): MaskedKind | null {
  if (!known?.has(name)) return 'unknown';
  if (words.has(name)) return 'words';
  if (identifiers.has(name)) return 'identifier';
  return typeof value !== 'string' || names.has(name) || isHarmless(value) ? null : 'words';
}

function masked(value: Fields, kind: string, at: string, how: Masking): Fields {
  const known = fieldsOf[kind];
  const { mask, found } = how;
  const within = (item: unknown, name: string): unknown =>
    isObject(item) ? masked(item, name, `${at}.${name}`, how) : item;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
    if (field === null || field === undefined) return [name, known?.has(name) ? field : undefined];
    const masking = kindOf(name, field, known, how);
    if (masking !== null) {
      found.add(masking === 'unknown' ? `${at}.*` : `${at}.${name}`);
      return [name, mask(masking, name, field)];
    }
    if (!Array.isArray(field)) return [name, within(field, name)];
    return [name, field.map((item: unknown) => within(item, name))];
  });
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** A screen share with a mask where people are, and the dot paths of what was masked; `*`: fields nobody knows. */
export function maskScreenshare(
  screenshare: Fields,
  mask: Mask,
  isHarmless = isTimeOrWord,
): { readonly screenshare: Fields; readonly found: readonly string[] } {
  const found = new Set<string>();
  return {
    screenshare: masked(screenshare, '', 'screenshare', { mask, isHarmless, found }),
    found: [...found],
  };
}
