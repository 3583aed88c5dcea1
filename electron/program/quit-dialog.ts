import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron/main';
import { say } from '../../domain/words/say.ts';
import type { Held } from '../outbox/catch-up.ts';

/** Asks whether to quit although words would be lost; true also when the question is taken back. */
export async function askWhetherToQuit(
  window: BrowserWindow | null,
  { wrapUps, drafts }: Held,
  takenBack: AbortSignal,
): Promise<boolean> {
  const goOn = 1;
  const options: MessageBoxOptions = {
    type: 'warning',
    message: say('quit.held', { wrapUps, drafts }),
    detail: say('quit.held.detail'),
    buttons: [say('quit.anyway'), say('quit.goOn')],
    defaultId: goOn,
    cancelId: goOn,
    signal: takenBack,
  };
  const { response } = window
    ? await dialog.showMessageBox(window, options)
    : await dialog.showMessageBox(options);
  return takenBack.aborted || response !== goOn;
}
