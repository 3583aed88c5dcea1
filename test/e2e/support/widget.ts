import type { Bridge } from '../../../domain/ipc/contract.ts';
import type { Locator, Page } from '@playwright/test';
// For the type of `window.sharelight`.
import type {} from '../../../renderer/state/bridge.ts';
import type { RunningApp } from './app.ts';

/** The widget by the names a screen reader knows it by (product contract, English). */
export interface Widget {
  readonly page: Page;
  readonly status: Locator;
  readonly code: Locator;
  readonly notes: Locator;
  readonly timer: Locator;
  /** Freshness, and why contact is lost. */
  readonly link: Locator;
  readonly notices: Locator;
  readonly button: (name: string) => Locator;
}

export function widgetOf(page: Page): Widget {
  return {
    page,
    status: page.getByRole('status', { name: 'Share status' }),
    code: page.getByRole('combobox', { name: 'Wrap-up code' }),
    notes: page.getByRole('textbox', { name: 'Notes' }),
    timer: page.getByRole('timer', { name: 'After-call work' }),
    link: page.getByRole('contentinfo'),
    notices: page.getByRole('region', { name: 'Notices' }),
    button: (name) => page.getByRole('button', { name, exact: true }),
  };
}

/**
 * What the button Retry now does. The button itself goes away as soon as the program has come back on its
 * own, and how long it pauses before that is chance.
 */
export async function retryNow(page: Page): Promise<void> {
  await page.evaluate(() => (window.sharelight as Bridge | undefined)?.retryNow());
}

/** The bounds of the widget and whether it is in sight. */
export function windowOf({ electron }: RunningApp) {
  return electron.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    return {
      ...window?.getBounds(),
      visible: window?.isVisible() === true,
      focused: window?.isFocused() === true,
    };
  });
}
