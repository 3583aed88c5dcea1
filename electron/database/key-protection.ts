import { isKeptWell, keyKeepingRefusal } from '../../domain/organisation-policy.ts';
import type { KeyKeeping, KeyKeepingChoice } from '../../domain/program-info.ts';
import { done, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { demoAccount } from '../paths.ts';
import type { OpenedDatabase } from '../store/client.ts';
import { keepWrapped, wrapKey } from '../store/key-keeping.ts';
import type { KeyStore } from '../store/key.ts';
import { putNotice, type StateStore } from '../tracker/state.ts';

interface KeyInUse {
  readonly account: string;
  readonly folder: string;
  readonly database: Pick<OpenedDatabase, 'close'>;
  readonly key: Uint8Array;
  readonly how: KeyKeeping;
}

interface KeyProtectionParts {
  readonly store: StateStore;
  readonly keyStore: KeyStore;
  /** Of the database that is open; null while there is none. */
  readonly inUse: () => KeyInUse | null;
  readonly changed: (how: KeyKeeping) => void;
  readonly log: (message: string) => void;
}

/** How the key of the database in use is kept, as its person or their organisation wants it. */
export interface KeyProtection {
  /** When it is refused, all is as it was. */
  readonly change: (wanted: KeyKeepingChoice) => Promise<Result>;
  /** What the organisation has set holds for a database that was there before. */
  readonly applyPolicy: () => Promise<void>;
  /** Whether a first key may be kept as the person chose; where there is a key already, it may. */
  readonly mayBeFirst: (how: KeyKeeping) => Result;
}

export function createKeyProtection({
  store,
  keyStore,
  inUse,
  changed,
  log,
}: KeyProtectionParts): KeyProtection {
  const settings = () => store.model.getState().settings;

  async function rewrap(wanted: KeyKeepingChoice): Promise<Result> {
    const was = inUse();
    if (was === null) return refused(say('settings.noDatabase'));
    // A database that is closed meanwhile wipes its own.
    const key = Uint8Array.from(was.key);
    try {
      const wrapped = await wrapKey(key, wanted, keyStore);
      // By now another database may lie in its place.
      if (inUse()?.database !== was.database) return refused(say('settings.noDatabase'));
      keepWrapped(was.folder, wrapped, key);
      changed(wanted.how);
      log(`database: key kept by ${wanted.how} from now on`);
      return done;
    } catch (error) {
      const reason = reasonOf(error);
      log(`database: key not kept by ${wanted.how}: ${reason}`);
      return refused(reason);
    } finally {
      key.fill(0);
    }
  }

  function allowed(how: KeyKeeping): Result {
    const refusal = keyKeepingRefusal(how, settings());
    return refusal === null ? done : refused(refusal);
  }

  return {
    mayBeFirst: (how) => {
      // Under a policy nobody could read, records are kept as their person wants it.
      const isFirst = store.model.getState().question?.kind === 'choose' && settings().policyProblem === '';
      return isFirst ? allowed(how) : done;
    },
    change: async (wanted) => {
      const may = allowed(wanted.how);
      return may.ok ? rewrap(wanted) : may;
    },
    applyPolicy: async () => {
      const set = settings().keyKeeping;
      const { account, how } = inUse() ?? {};
      if (set === null || how === undefined || account === undefined || account === demoAccount) return;
      if (isKeptWell(how, set)) return;
      // Only a person has a passphrase.
      const result = set === 'passphrase' ? refused(say('key.passphraseSet')) : await rewrap({ how: set });
      if (result.ok) return;
      const text = say('key.notAsSet', { reason: result.reason });
      putNotice(store, { id: 'key-keeping', tone: 'warning', text });
    },
  };
}
