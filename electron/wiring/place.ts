import type { CallArguments } from '../../domain/ipc/contract.ts';
import { lockedWords } from '../../domain/policy.ts';
import { addressesOf, type RegionId, type ServerAddresses } from '../../domain/regions.ts';
import type { SettingsState } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import type { Account } from '../../domain/account.ts';
import type { Flags } from '../cli/flags.ts';
import { checkBaseUrl } from '../feed/genesys/base-url.ts';
import type { StoredAccount } from '../shell/vault.ts';

/** Where somebody signs in, and as which program. */
export type Place = Pick<StoredAccount, 'region' | 'addresses' | 'clientId'>;
type AddressFlags = Pick<Flags, 'api' | 'login'>;

/** The region an organisation is in when nobody says otherwise. */
export const usualRegion: RegionId = 'us_east_1';

/** `--api` and `--login` replace what a region, or a stored account, says. */
export function withFlags({ login, api }: ServerAddresses, flags: AddressFlags): ServerAddresses {
  return { login: flags.login?.origin ?? login, api: flags.api?.origin ?? api };
}

/** Where a sign-in is to go; a string says why it cannot. */
export function placeOf(
  wanted: CallArguments['signIn'][0],
  flags: AddressFlags,
  account: Account,
  settings: Pick<SettingsState, 'locked' | 'values' | 'policyProblem'>,
): Place | string {
  const place = wantedPlace(wanted, flags, account);
  if (typeof place === 'string') return place;
  const { locked, values } = settings;
  // What the organisation has set holds here as well, whoever asks.
  const elsewhere = locked.includes('region') && place.region !== values.region;
  const otherwise = locked.includes('clientId') && place.clientId !== values.clientId;
  return elsewhere || otherwise ? lockedWords(settings) : place;
}

function wantedPlace(
  wanted: CallArguments['signIn'][0],
  flags: AddressFlags,
  account: Account,
): Place | string {
  if ('again' in wanted) {
    const { region, addresses, clientId } = account;
    return addresses && clientId !== '' ? { region, addresses, clientId } : say('account.noAgain');
  }
  const said = 'region' in wanted ? addressesOf(wanted.region) : { login: wanted.login, api: wanted.api };
  const addresses = withFlags(said, flags);
  const login = checkBaseUrl(addresses.login);
  if ('problem' in login) return login.problem;
  const api = checkBaseUrl(addresses.api);
  if ('problem' in api) return api.problem;
  const ownAddresses = flags.login !== null || flags.api !== null;
  return {
    region: 'region' in wanted && !ownAddresses ? wanted.region : null,
    addresses: { login: login.origin, api: api.origin },
    clientId: wanted.clientId,
  };
}

export function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.clientId === other.clientId &&
    one.addresses.api === other.addresses.api &&
    one.addresses.login === other.addresses.login
  );
}
