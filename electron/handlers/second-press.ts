import type { Reply } from '../../domain/ipc/contract.ts';
import type { StatusAction } from '../../domain/state.ts';
import { done, refused } from '../../domain/toolbox/result.ts';
import { endsWords, isEnding, type EndingAction } from '../../domain/words/action-names.ts';
import { say } from '../../domain/words/say.ts';
import type { StateStore } from '../tracker/state.ts';

/** How a stop or a decline was asked for in the window. */
export interface Press {
  /** What the button said it would end besides; undefined where nothing was said. */
  readonly ends?: string;
  /** By a key, which says nothing. */
  readonly byKey?: true;
}

/** How long a second press is waited for, ms. */
const secondPressMs = 2_000;

interface SecondPressParts {
  readonly store: StateStore;
  /** Epoch ms. */
  readonly now: () => number;
}

/** A hang-up ends every leg, so where more would end than the share, a press counts only where that was said. */
export interface SecondPress {
  /**
   * Whether a press where nothing was said before does it: only the second of two within `secondPressMs`. The first
   * one is in the state then, with what a second one ends.
   */
  readonly isMeant: (action: StatusAction, key: string) => boolean;
  /** True when a press in the window means what would happen now; else what is to be answered instead. */
  readonly asSaid: (action: EndingAction, key: string, press: Press) => true | Reply<null>;
}

export function createSecondPress({ store, now }: SecondPressParts): SecondPress {
  function endsOf(key: string): string {
    const communication = store.model.getState().communications[key];
    return communication ? endsWords(communication) : '';
  }

  function isMeant(action: StatusAction, key: string): boolean {
    const ends = isEnding(action) ? endsOf(key) : '';
    if (!isEnding(action) || ends === '') return true;
    const first = store.model.getState().firstPress;
    const isSecond =
      first?.key === key && first.action === action && first.ends === ends && now() <= first.until;
    store.update(() => ({
      firstPress: isSecond ? null : { key, action, ends, until: now() + secondPressMs },
    }));
    return isSecond;
  }

  function asSaid(action: EndingAction, key: string, { ends, byKey }: Press): true | Reply<null> {
    if (byKey) return isMeant(action, key) || done;
    // A call may have joined between the last picture and the press.
    const current = endsOf(key);
    return (
      ends === undefined || ends === current || refused(say('refusal.endsMore', { ends: current || 'none' }))
    );
  }

  return { isMeant, asSaid };
}
