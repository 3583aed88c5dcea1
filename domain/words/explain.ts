import { legStateOf, phaseOf, type CommunicationPhase, type PhaseFacts } from '../communication/phase.ts';
import { endingWords, liveWords, oddWords, phaseTitle, workWords } from './communication-words.ts';
import { joinClauses } from './say.ts';
import { nextStep } from './next-step.ts';

/** One cell of state × disconnect type × after-call-work state × sharing; each value as sent. */
export interface Cell {
  readonly state: string | null;
  readonly disconnectType: string | null;
  readonly afterCallWorkState: string | null;
  readonly sharing: boolean;
  /** It was connected at some time. */
  readonly answered: boolean;
  /** `participant.wrapupPrompt`. */
  readonly policy?: string;
}

export interface Explanation {
  /** The glyph it is drawn with: one shape per phase. */
  readonly glyph: CommunicationPhase;
  /** What is so: the title of its phase, then clause by clause. */
  readonly words: string;
  /** What the agent does about it. */
  readonly nextStep: string;
}

/** Explains everything the facts about one communication say. */
export function explainFacts(facts: PhaseFacts): Explanation {
  const glyph = phaseOf(facts);
  const clauses = legStateOf(facts) === 'over' ? [endingWords(facts), workWords(facts)] : [liveWords(facts)];
  const words = joinClauses([phaseTitle(glyph), ...clauses, ...oddWords(facts)]);
  return { glyph, words, nextStep: nextStep(facts, glyph) };
}

/** Explains one cell by the same rules as a received communication. */
export function explain({ state, disconnectType, afterCallWorkState, ...cell }: Cell): Explanation {
  return explainFacts({
    screenshare: {
      state,
      disconnectType,
      sharing: cell.sharing,
      afterCallWork: { state: afterCallWorkState },
    },
    // Connected now is connected once.
    answered: cell.answered || state === 'connected',
    gone: false,
    ...(cell.policy === undefined ? {} : { policy: cell.policy }),
  });
}
