import { DatabaseProblem } from '../../domain/database.ts';
import { say } from '../../domain/words/say.ts';
import { asError } from '../../domain/toolbox/result.ts';

/**
 * A disk may hang instead of failing: then the database says nothing at all. The live status does not wait for
 * that. What is not answered in time counts as not done for now, and nothing more is asked until it is.
 */

/** How long the database may take to answer before history counts as paused, ms. */
export const answerMs = 2_000;
/** A step of a deletion looks at much and writes much: that may take longer before it counts as hanging, ms. */
export const stepMs = 10_000;

export interface AnswerParts {
  /** Calls after `ms`, unless what it returns is called first. */
  readonly after: (ms: number, call: () => void) => () => void;
  /** What was asked came to nothing after all, late. */
  readonly failed: (error: unknown) => void;
  /** Everything that was late has been answered: the database can be asked again. */
  readonly answered: () => void;
}

export interface Answers {
  /**
   * @param late given an answer that came after its time, while the database is still the same
   * @param ms how long it may take
   * @throws what was asked throws; DatabaseProblem `io` when there is no answer in time
   */
  readonly ask: <Value>(asked: Promise<Value>, late?: (value: Value) => void, ms?: number) => Promise<Value>;
  /** Something is not answered yet that should have been. */
  readonly areLate: () => boolean;
  /** Another database is in use, or none: what the former one still says is not listened to. */
  readonly anew: () => void;
}

export function createAnswers({ after, failed, answered }: AnswerParts): Answers {
  let overdue = new Set<unknown>();
  return {
    ask: <Value>(asked: Promise<Value>, late: (value: Value) => void = () => undefined, ms = answerMs) => {
      const ofThisDatabase = overdue;
      /** True when it was late, and is still listened to. */
      const settled = (): boolean => ofThisDatabase.delete(asked) && ofThisDatabase === overdue;
      const goOn = (): void => {
        if (ofThisDatabase.size === 0) answered();
      };
      return new Promise<Value>((resolve, reject) => {
        const cancel = after(ms, () => {
          ofThisDatabase.add(asked);
          reject(new DatabaseProblem('io', say('database.noAnswer')));
        });
        asked.then(
          (value) => {
            cancel();
            resolve(value);
            if (!settled()) return;
            late(value);
            goOn();
          },
          (error: unknown) => {
            cancel();
            reject(asError(error));
            if (!settled()) return;
            failed(error);
            goOn();
          },
        );
      });
    },
    areLate: () => overdue.size > 0,
    anew: () => {
      overdue = new Set();
    },
  };
}
