import type { CallArguments } from '../../domain/ipc/contract.ts';
import { lockedWords } from '../../domain/organisation-policy.ts';
import { addressesOf, type RegionId, type ServerAddresses } from '../../domain/regions.ts';
import type { SettingsState } from '../../domain/state.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { Account } from '../../domain/account.ts';
import { checkBaseUrl } from '../feed/genesys/server-address.ts';
import type { StoredAccount } from '../shell/sign-in-storage.ts';

/** Where somebody signs in, and as which program. */
export type Place = Pick<StoredAccount, 'region' | 'addresses' | 'clientId'>;
/** `--api` and `--login`. */
export interface AddressFlags {
  readonly api: URL | null;
  readonly login: URL | null;
}
type LockableSettings = Pick<SettingsState, 'locked' | 'values' | 'policyProblem'>;

/** The region an organisation is in when nobody says otherwise. */
export const usualRegion: RegionId = 'us_east_1';

/** `--api` and `--login` replace what a region, or a stored account, says. */
export function withFlags({ login, api }: ServerAddresses, flags: AddressFlags): ServerAddresses {
  return { login: flags.login?.origin ?? login, api: flags.api?.origin ?? api };
}

/** Whether this is another region or client than what cannot be changed here. */
function isLockedOut({ region, clientId }: Place, { locked, values }: LockableSettings): boolean {
  return (
    (locked.includes('region') && region !== values.region) ||
    (locked.includes('clientId') && clientId !== values.clientId)
  );
}

/** Whether an organisation has set another place since somebody signed in there. One nobody could read set none. */
export function isSetElsewhere(place: Place, settings: LockableSettings): boolean {
  return settings.policyProblem === '' && isLockedOut(place, settings);
}

/** The same place as the organisation would have it; addresses of the command line stay. */
export function asSet(place: Place, flags: AddressFlags, settings: LockableSettings): Place {
  const { region, addresses, clientId } = place;
  const isFixed = flags.api !== null || flags.login !== null;
  if (isFixed || !isSetElsewhere(place, settings)) return { region, addresses, clientId };
  const { locked, values } = settings;
  const setRegion = locked.includes('region') ? values.region : null;
  const setClient = locked.includes('clientId') ? values.clientId : clientId;
  return setRegion === null || setRegion === region
    ? { region, addresses, clientId: setClient }
    : { region: setRegion, addresses: addressesOf(setRegion), clientId: setClient };
}

/** Where a sign-in is to go. */
export function placeOf(
  wanted: CallArguments['signIn'][0],
  flags: AddressFlags,
  account: Account,
  settings: LockableSettings,
): Result<Place> {
  const place = wantedPlace(wanted, flags, account);
  // What the organisation has set holds here as well, whoever asks.
  return place.ok && isLockedOut(place.value, settings) ? refused(lockedWords(settings)) : place;
}

function wantedPlace(
  wanted: CallArguments['signIn'][0],
  flags: AddressFlags,
  account: Account,
): Result<Place> {
  if ('again' in wanted) {
    const { region, addresses, clientId } = account;
    return addresses && clientId !== ''
      ? ok({ region, addresses, clientId })
      : refused(say('account.noAgain'));
  }
  const said = 'region' in wanted ? addressesOf(wanted.region) : { login: wanted.login, api: wanted.api };
  const addresses = withFlags(said, flags);
  const login = checkBaseUrl(addresses.login);
  if (!login.ok) return login;
  const api = checkBaseUrl(addresses.api);
  if (!api.ok) return api;
  const ownAddresses = flags.login !== null || flags.api !== null;
  return ok({
    region: 'region' in wanted && !ownAddresses ? wanted.region : null,
    addresses: { login: login.value.origin, api: api.value.origin },
    clientId: wanted.clientId,
  });
}

export function isSamePlace(one: Place, other: Place): boolean {
  return (
    one.clientId === other.clientId &&
    one.addresses.api === other.addresses.api &&
    one.addresses.login === other.addresses.login
  );
}
