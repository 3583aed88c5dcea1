import { join } from 'node:path';
import { app, BrowserWindow } from 'electron/main';

/** The least an Electron program with a window can be: what everything of ours is measured against. */
void app.whenReady().then(() => {
  const window = new BrowserWindow({
    width: 320,
    height: 120,
    webPreferences: { sandbox: true, contextIsolation: true, nodeIntegration: false },
  });
  void window.loadFile(join(app.getAppPath(), 'blank.html'));
});
