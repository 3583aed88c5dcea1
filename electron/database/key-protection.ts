import { keepingRefusal } from '../../domain/organisation-policy.ts';
import type { KeyKeeping, KeyKeepingChoice } from '../../domain/program-info.ts';
import type { Notice } from '../../domain/state.ts';
import { say } from '../../domain/words/say.ts';
import type { KeyStore } from '../store/key.ts';
import { keepWrapped, wrapKey } from '../store/key-keeping.ts';
import type { OpenedDatabase } from '../store/client.ts';
import type { StateStore } from '../tracker/state.ts';
import { demoAccount } from '../paths.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

interface KeyInUse {
  readonly account: string;
  readonly folder: string;
  readonly database: OpenedDatabase;
  readonly key: Uint8Array;
  readonly how: KeyKeeping;
}

interface KeyKeepingParts {
  readonly store: StateStore;
  readonly keyStore: KeyStore;
  /** The database that is open; null while there is none. */
  readonly inUse: () => KeyInUse | null;
  readonly keptNow: (how: KeyKeeping) => void;
  readonly notify: (id: string, tone: Notice['tone'], text: string) => void;
  readonly log: (message: string) => void;
}

/** Changes how the key of the database in use is kept, as its person or their organisation wants it. */
export function createKeyKeeping({ store, keyStore, inUse, keptNow, notify, log }: KeyKeepingParts): {
  /** A reason in words when it was not possible: then all is as it was. */
  readonly keep: (wanted: KeyKeepingChoice) => Promise<string | null>;
  /** What the organisation has set holds for a database that was there before. */
  readonly keepAsSet: () => Promise<void>;
  /** Why a first key may not be kept as the person chose, in words; null when it may, or there is one already. */
  readonly refusalOfFirst: (how: KeyKeeping) => string | null;
} {
  const settings = () => store.model.getState().settings;

  async function change(wanted: KeyKeepingChoice): Promise<string | null> {
    const was = inUse();
    if (was === null) return say('settings.noDatabase');
    // A database that is closed meanwhile wipes its own.
    const key = Uint8Array.from(was.key);
    try {
      const wrapped = await wrapKey(key, wanted, keyStore);
      // By now another database may lie in its place.
      if (inUse()?.database !== was.database) return say('settings.noDatabase');
      keepWrapped(was.folder, wrapped, key);
      keptNow(wanted.how);
      log(`database: key kept by ${wanted.how} from now on`);
      return null;
    } catch (error) {
      log(`database: key not kept by ${wanted.how}: ${String(error)}`);
      return reasonOf(error);
    } finally {
      key.fill(0);
    }
  }

  return {
    refusalOfFirst: (how) => {
      const { policyProblem, keyKeeping } = settings();
      // Under a policy nobody could read records are kept all the same, as their person wants it.
      const isFirst = store.model.getState().question?.kind === 'choose' && policyProblem === '';
      return isFirst ? keepingRefusal(how, { policyProblem, keyKeeping }) : null;
    },
    keep: async (wanted) => keepingRefusal(wanted.how, settings()) ?? change(wanted),
    keepAsSet: async () => {
      const set = settings().keyKeeping;
      const { account, how } = inUse() ?? {};
      if (set === null || set === how || account === undefined || account === demoAccount) return;
      // Only a person has a passphrase.
      const problem = set === 'passphrase' ? say('key.passphraseSet') : await change({ how: set });
      if (problem !== null) notify('key-keeping', 'warning', say('key.notAsSet', { reason: problem }));
    },
  };
}
