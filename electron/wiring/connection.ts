import type { Flags } from '../cli/flags.ts';
import type { Preferences } from '../shell/preferences.ts';
import type { DataFolder } from './data-folder.ts';
import type { Connection } from './feed.ts';

/** The region an organisation is in when nobody says otherwise. */
const usualApi = 'https://api.mypurecloud.com';

/** Which feed is meant: the flag's, else the account's, else the demo. */
export function chooseConnection(
  flags: Flags,
  token: string | null,
  preferences: Preferences,
  folder: DataFolder,
): Connection {
  // A token and an address are an account for as long as this program runs.
  const account = preferences.account !== null && token !== null;
  const given = flags.api !== null && token !== null;
  const feed = flags.feed ?? (given || account ? 'genesys' : 'simulator');
  if (feed === 'simulator') {
    // The demo's world is not kept where nothing can be kept; it is a demo all the same.
    return { kind: 'simulator', data: folder.problem === null ? folder.path : null };
  }
  return { kind: 'genesys', api: flags.api ?? new URL(usualApi), token };
}
