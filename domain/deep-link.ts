import { settingsSections, type SettingsSection } from './settings-sections.ts';

/** Where a `sharelight://` link leads (a deep link). Anybody may write one, so nothing in it is trusted, or ever done. */
export type DeepLink =
  | { readonly to: 'settings'; readonly section: SettingsSection }
  | { readonly to: 'record'; readonly key: string };

export const linkScheme = 'sharelight';
const longestLink = 1_600;
const longestKey = 400;
/** No user, port, query or fragment has a place in one; nothing but signs of an address may stand in it. */
const form = /^sharelight:\/\/(record|settings)\/([\w.~!$&'()*+,;=:@%/-]+)$/i;
// eslint-disable-next-line no-control-regex -- those are what it looks for
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

/** Whether this is meant to be one of our links, good or bad. */
export function looksLikeDeepLink(text: string): boolean {
  return /^sharelight:/i.test(text);
}

/** Null when it leads nowhere: it is no link of ours, or not written as one. */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > longestLink) return null;
  const [, to = '', encoded = ''] = form.exec(text) ?? [];
  const path = decoded(encoded.replace(/\/$/, ''));
  if (path === null) return null;
  if (to.toLowerCase() === 'record') return path.length <= longestKey ? { to: 'record', key: path } : null;
  const section = settingsSections.find((each) => each.toLowerCase() === path.toLowerCase());
  return section === undefined ? null : { to: 'settings', section };
}

function decoded(text: string): string | null {
  try {
    const path = decodeURIComponent(text);
    return path === '' || controls.test(path) ? null : path;
  } catch {
    return null;
  }
}

/** The link to a record, as `parseDeepLink` reads it. */
export function linkToRecord(key: string): string {
  return `${linkScheme}://record/${key.split('/').map(encodeURIComponent).join('/')}`;
}
