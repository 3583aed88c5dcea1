import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron/main';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { say } from '../../domain/words/say.ts';

/** How long the database may take for what is unsaved, and how long a question waits for its answer, ms. */
export const lastTryMs = 3_000;
export const questionMs = 60_000;

/** How much of what a person wrote is in this program alone. */
export interface Unsaved {
  readonly wrapUps: number;
  readonly drafts: number;
}

export interface QuitParts {
  /** Offers what is unsaved to the database once more. */
  readonly saveUnsaved: () => Promise<void>;
  readonly unsaved: () => Unsaved;
  /** Asks whether to quit nevertheless; true also when the question is withdrawn. */
  readonly ask: (unsaved: Unsaved, withdrawn: AbortSignal) => Promise<boolean>;
  /** The person would rather go on. */
  readonly stay: () => void;
  readonly clock: Pick<Clock, 'after'>;
  /** Closes everything and ends the program. */
  readonly end: () => void;
}

/** @param byPerson a person asked for it here and is there to answer; else the system wants it, now */
export type Quit = (byPerson: boolean) => void;

/**
 * The program is to end while words may be in it alone, because history is paused. They are offered to the
 * database once more, and a person who quits is asked once. Whatever else ends the program waits for nobody.
 */
export function createQuit(parts: QuitParts): Quit {
  const { clock } = parts;
  let isUnderWay = false;
  let isUrgent = false;
  let question = new AbortController();

  function atMost(ms: number, work: Promise<unknown>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = clock.after(ms, resolve);
      void work
        .catch(() => undefined)
        .then(() => {
          cancel();
          resolve();
        });
    });
  }

  async function mayEnd(): Promise<boolean> {
    await atMost(lastTryMs, parts.saveUnsaved());
    const unsaved = parts.unsaved();
    if (isUrgent || unsaved.wrapUps + unsaved.drafts === 0) return true;
    question = new AbortController();
    const cancel = clock.after(questionMs, () => {
      question.abort();
    });
    // A question that cannot be put holds up nothing.
    const answer = await parts.ask(unsaved, question.signal).catch(() => true);
    cancel();
    return answer;
  }

  async function begin(): Promise<void> {
    isUnderWay = true;
    if (await mayEnd()) {
      parts.end();
      return;
    }
    isUnderWay = false;
    parts.stay();
  }

  return (byPerson) => {
    if (!byPerson) {
      isUrgent = true;
      question.abort();
    }
    if (!isUnderWay) void begin();
  };
}

/** The question: whether to quit although words would be lost; true also when it is withdrawn. */
export async function askWhetherToQuit(
  window: BrowserWindow | null,
  { wrapUps, drafts }: Unsaved,
  withdrawn: AbortSignal,
): Promise<boolean> {
  const goOn = 1;
  const options: MessageBoxOptions = {
    type: 'warning',
    message: say('quit.held', { wrapUps, drafts }),
    detail: say('quit.held.detail'),
    buttons: [say('quit.anyway'), say('quit.goOn')],
    defaultId: goOn,
    cancelId: goOn,
    signal: withdrawn,
  };
  const { response } = window
    ? await dialog.showMessageBox(window, options)
    : await dialog.showMessageBox(options);
  return withdrawn.aborted || response !== goOn;
}
