import { isObject } from './values.ts';
import { afterCallWorkSchema, screenshareFields, segmentSchema, wrapupSchema } from './screenshare.ts';

/**
 * What stays of the wire model when people are masked. Anything the model does not name is masked: what a
 * newer server sends may hold a name or an address. Of what it names, these are about people: `context` is an
 * address (a JID).
 */
const personal = new Set(['context', 'notes', 'tags']);
const fieldsOf: Readonly<Record<string, ReadonlySet<string>>> = {
  '': new Set<string>(screenshareFields),
  wrapup: new Set(Object.keys(wrapupSchema.shape)),
  afterCallWork: new Set(Object.keys(afterCallWorkSchema.shape)),
  segments: new Set(Object.keys(segmentSchema.shape)),
};

type Fields = Readonly<Record<string, unknown>>;

/** What stands in the place of a field; undefined leaves it out. */
type Mask = (name: string) => string | undefined;

function masked(value: Fields, kind: string, at: string, mask: Mask, found: Set<string>): Fields {
  const known = fieldsOf[kind];
  const within = (item: unknown, name: string): unknown =>
    isObject(item) ? masked(item, name, `${at}.${name}`, mask, found) : item;
  const fields = Object.entries(value).map(([name, field]): [string, unknown] => {
    if (field === null || field === undefined) return [name, field];
    if (!known?.has(name) || personal.has(name)) {
      found.add(`${at}.${name}`);
      const put = mask(name);
      // A list of words stays a list, as in the model.
      return [name, put !== undefined && name === 'tags' ? [put] : put];
    }
    if (!Array.isArray(field)) return [name, within(field, name)];
    return [name, field.map((item: unknown) => within(item, name))];
  });
  return Object.fromEntries(fields.filter(([, field]) => field !== undefined));
}

/** A screen share with a mask where people are, and the dot paths of what was masked. */
export function maskScreenshare(
  screenshare: Fields,
  mask: Mask,
): { readonly screenshare: Fields; readonly found: readonly string[] } {
  const found = new Set<string>();
  return { screenshare: masked(screenshare, '', 'screenshare', mask, found), found: [...found] };
}
