import { join } from 'node:path';
import {
  app,
  dialog,
  type BrowserWindow,
  type OpenDialogOptions,
  type SaveDialogOptions,
} from 'electron/main';

/** Asks where to save `name.kind`; `null` when the person changed their mind. */
export async function askWhereToSave(
  window: BrowserWindow | null,
  name: string,
  kind: string,
): Promise<string | null> {
  const options: SaveDialogOptions = {
    defaultPath: join(app.getPath('documents'), `${name}.${kind}`),
    filters: [{ name: kind.toUpperCase(), extensions: [kind] }],
  };
  const { canceled, filePath } = window
    ? await dialog.showSaveDialog(window, options)
    : await dialog.showSaveDialog(options);
  return canceled || filePath === '' ? null : filePath;
}

/** Asks for one existing file of a kind; `null` when the person changed their mind. */
export async function askWhatToOpen(window: BrowserWindow | null, kind: string): Promise<string | null> {
  const options: OpenDialogOptions = {
    defaultPath: app.getPath('documents'),
    properties: ['openFile'],
    filters: [{ name: kind.toUpperCase(), extensions: [kind] }],
  };
  const { canceled, filePaths } = window
    ? await dialog.showOpenDialog(window, options)
    : await dialog.showOpenDialog(options);
  return canceled ? null : (filePaths[0] ?? null);
}
