import { faultsOf, DatabaseProblem, type Verification } from '../../domain/database.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import type { OpenedDatabase } from '../store/client.ts';

interface DamageParts {
  /** The one in use; null while recording is paused. */
  readonly database: () => Pick<OpenedDatabase, 'verify' | 'rebuildDerived'> | null;
  /** It is damaged: it is closed, and the person asked what to do. */
  readonly closeDamaged: (problem: DatabaseProblem) => void;
  readonly log: (message: string) => void;
}

/** Damage that is met with while nobody writes: it leads to the same choices as any other. */
export interface DamageCheck {
  /** Somebody met with it while looking back: everything is checked, and what is found is handled. */
  readonly suspect: (problem: DatabaseProblem) => void;
  /** Everything was checked. Damage leads to the person's choices; what follows from the rest is rebuilt. */
  readonly handle: (verification: Verification) => Promise<void>;
}

export function createDamageCheck({ database, closeDamaged, log }: DamageParts): DamageCheck {
  let checking = false;

  async function handle(verification: Verification): Promise<void> {
    const { fault, derivedFault } = faultsOf(verification);
    if (fault !== null) {
      closeDamaged(new DatabaseProblem('damaged', say('database.isDamaged', { fault })));
      return;
    }
    if (derivedFault === null) return;
    log(`database: rebuilt what follows from the records: ${derivedFault}`);
    await database()?.rebuildDerived();
  }

  async function check(problem: DatabaseProblem): Promise<void> {
    const was = database();
    log(`database: met with while looking back: ${problem.message}`);
    try {
      const verification = await was?.verify();
      if (verification && was === database()) await handle(verification);
    } catch (error) {
      log(`database: checking everything: ${reasonOf(error)}`);
      // It cannot even be checked, though it is still the one in use.
      const damaged = error instanceof DatabaseProblem && error.code === 'damaged';
      if (damaged && was === database()) closeDamaged(error);
    }
  }

  return {
    handle,
    suspect: (problem) => {
      if (checking) return;
      checking = true;
      void check(problem).finally(() => {
        checking = false;
      });
    },
  };
}
