import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron/main';
import { atMost, type Clock } from '../../domain/toolbox/clock.ts';
import { say } from '../../domain/words/say.ts';

/** How long the database may take for what is unsaved, and how long a question waits for its answer, ms. */
const lastTryMs = 3_000;
const questionMs = 60_000;
/** What is still not closed by then hangs: the program ends as in a power cut, which loses nothing either, ms. */
const closedByMs = 20_000;

/** How much of what a person wrote is in this program alone. */
export interface Unsaved {
  readonly wrapUps: number;
  readonly drafts: number;
}

export interface QuitParts {
  /** Offers what is unsaved to the database once more. */
  readonly saveUnsaved: () => Promise<void>;
  readonly unsaved: () => Unsaved;
  /** A share goes on, by all that is known. */
  readonly isOnAir: () => boolean;
  /** Asks what is to become of the share; the answer is `quit` also when the question is withdrawn. */
  readonly askOnAir: (withdrawn: AbortSignal) => Promise<OnAirAnswer>;
  /** Stops the share. False where it goes on: why is in the window. */
  readonly stopSharing: () => Promise<boolean>;
  /** Asks whether to quit nevertheless; true also when the question is withdrawn. */
  readonly ask: (unsaved: Unsaved, withdrawn: AbortSignal) => Promise<boolean>;
  /** The person would rather go on. */
  readonly stay: () => void;
  readonly clock: Pick<Clock, 'after'>;
  /** Closes everything. */
  readonly close: () => Promise<void>;
  /** Ends the program. `isHurried`: the system wants it, now. */
  readonly exit: (isHurried: boolean) => void;
}

/** What a person who quits while sharing wants. */
export type OnAirAnswer = 'stopAndQuit' | 'quit' | 'stay';

/** @param byPerson a person asked for it here and is there to answer; else the system wants it, now */
export type Quit = (byPerson: boolean) => void;

/**
 * The program is to end while words may be in it alone, because recording is paused. They are offered to the
 * database once more, and a person who quits is asked once; so is one who quits while sharing. Whatever else ends the
 * program waits for nobody.
 */
export function createQuit(parts: QuitParts): Quit {
  const { clock } = parts;
  let isUnderWay = false;
  let isUrgent = false;
  let question = new AbortController();

  /** Puts a question for as long as nobody else wants the end; one that cannot be put holds up nothing. */
  async function asked<Answer>(
    ask: (withdrawn: AbortSignal) => Promise<Answer>,
    otherwise: Answer,
  ): Promise<Answer> {
    question = new AbortController();
    const cancel = clock.after(questionMs, () => {
      question.abort();
    });
    const answer = await ask(question.signal).catch(() => otherwise);
    cancel();
    return answer;
  }

  /** May become true at any time. */
  const isHurried = (): boolean => isUrgent;

  /** The program is all that says a share goes on, and it does not end with the program. */
  async function mayLeaveShare(): Promise<boolean> {
    if (isHurried() || !parts.isOnAir()) return true;
    switch (await asked(parts.askOnAir, 'quit')) {
      case 'stay':
        return false;
      case 'quit':
        return true;
      case 'stopAndQuit':
        return (await parts.stopSharing()) || isHurried();
    }
  }

  async function mayEnd(): Promise<boolean> {
    await atMost(clock, lastTryMs, parts.saveUnsaved());
    if (!(await mayLeaveShare())) return false;
    const unsaved = parts.unsaved();
    if (isUrgent || unsaved.wrapUps + unsaved.drafts === 0) return true;
    return asked((withdrawn) => parts.ask(unsaved, withdrawn), true);
  }

  async function begin(): Promise<void> {
    isUnderWay = true;
    if (await mayEnd()) {
      await atMost(clock, closedByMs, parts.close());
      parts.exit(isHurried());
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

/** The question of a person who quits while sharing; `stop` is what the stop button is called now. */
export async function askAboutShare(
  window: BrowserWindow | null,
  stop: string,
  withdrawn: AbortSignal,
): Promise<OnAirAnswer> {
  const answers = ['stopAndQuit', 'quit', 'stay'] as const;
  const stay = answers.indexOf('stay');
  const options: MessageBoxOptions = {
    type: 'warning',
    message: say('quit.onAir'),
    detail: say('quit.onAir.detail'),
    buttons: [say('quit.onAir.stop', { stop }), say('quit.onAir.quit'), say('quit.goOn')],
    defaultId: stay,
    cancelId: stay,
    signal: withdrawn,
  };
  const { response } = window
    ? await dialog.showMessageBox(window, options)
    : await dialog.showMessageBox(options);
  return withdrawn.aborted ? 'quit' : (answers[response] ?? 'stay');
}
