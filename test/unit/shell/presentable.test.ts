import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron/main';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DisplayServer } from '../../../electron/shell/display-server.ts';
import { whenPresentable } from '../../../electron/shell/pages.ts';

vi.mock('electron/main', () => ({ app: {}, BrowserWindow: {}, nativeTheme: {}, protocol: {} }));

function openOn(server: DisplayServer) {
  const webContents = new EventEmitter();
  const window = Object.assign(new EventEmitter(), { webContents, isDestroyed: (): boolean => false });
  const present = vi.fn();
  whenPresentable(window as unknown as BrowserWindow, present, server);
  return { window, webContents, present };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('when a window can be shown', () => {
  it('is once it is painted, and once only', () => {
    const { window, webContents, present } = openOn('x11');
    webContents.emit('did-finish-load');
    expect(present).not.toHaveBeenCalled();
    window.emit('ready-to-show');
    vi.runAllTimers();
    expect(present).toHaveBeenCalledOnce();
  });

  it('is once it is loaded on Wayland, where a hidden window is never painted', () => {
    const { window, webContents, present } = openOn('wayland');
    webContents.emit('did-finish-load');
    expect(present).toHaveBeenCalledOnce();
    window.emit('ready-to-show');
    expect(present).toHaveBeenCalledOnce();
  });

  it('comes at last also where nothing is painted', () => {
    const { webContents, present } = openOn('system');
    webContents.emit('did-finish-load');
    vi.runAllTimers();
    expect(present).toHaveBeenCalledOnce();
  });

  it('never comes for a window that was closed meanwhile', () => {
    const { window, present } = openOn('x11');
    window.isDestroyed = () => true;
    window.emit('ready-to-show');
    expect(present).not.toHaveBeenCalled();
  });
});
