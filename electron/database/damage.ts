import { faultsOf, DatabaseProblem, type Verification } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import type { OpenedDatabase } from '../store/client.ts';

interface SuspicionParts {
  /** The one in use; null while history is paused. */
  readonly database: () => Pick<OpenedDatabase, 'verify' | 'makeDerivedAnew'> | null;
  /** It is damaged: it is closed, and the person asked what to do. */
  readonly troubled: (problem: DatabaseProblem) => void;
  readonly log: (message: string) => void;
}

/** Damage that is met with while nobody writes: it leads to the same choices as any other. */
export interface Suspicion {
  /** Somebody met with it while looking back: everything is looked at, and what is found leads on. */
  readonly suspected: (problem: DatabaseProblem) => void;
  /** A look at everything has been made. Damage leads to the choices there are; what can be made anew is. */
  readonly judged: (verification: Verification) => Promise<void>;
}

export function createSuspicion({ database, troubled, log }: SuspicionParts): Suspicion {
  let looking = false;

  async function judged(verification: Verification): Promise<void> {
    const { fault, derivedFault } = faultsOf(verification);
    if (fault !== null) {
      troubled(new DatabaseProblem('damaged', say('database.isDamaged', { fault })));
      return;
    }
    if (derivedFault === null) return;
    log(`database: made anew what follows from the records: ${derivedFault}`);
    await database()?.makeDerivedAnew();
  }

  async function lookInto(problem: DatabaseProblem): Promise<void> {
    const was = database();
    log(`database: met with while looking back: ${problem.message}`);
    try {
      const verification = await was?.verify();
      if (verification && was === database()) await judged(verification);
    } catch (error) {
      log(`database: looking at everything: ${String(error)}`);
      // It cannot even be looked at, though it is still the one in use.
      const damaged = error instanceof DatabaseProblem && error.code === 'damaged';
      if (damaged && was === database()) troubled(error);
    }
  }

  return {
    judged,
    suspected: (problem) => {
      if (looking) return;
      looking = true;
      void lookInto(problem).finally(() => {
        looking = false;
      });
    },
  };
}
