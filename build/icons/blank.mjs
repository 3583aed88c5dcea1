// @ts-check
// An Electron app that is one empty page: Chromium to draw with.
import { app, BrowserWindow } from 'electron';

// Not awaited: Electron is only ready once this module has been loaded.
void app.whenReady().then(() => new BrowserWindow({ show: false }).loadURL('about:blank'));
