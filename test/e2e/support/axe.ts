import Axe from 'axe-core';
import { expect, type Page } from '@playwright/test';
import type { Bridge } from '../../../domain/ipc/contract.ts';
import { themes } from '../../../domain/settings.ts';
// For the type of `window.sharelight`.
import type {} from '../../../renderer/state/bridge.ts';

/** What makes `window.axe`, without a value that would be handed back. */
const source = `${Axe.source};undefined`;

/** The rules that look at colours: a theme changes nothing that the others look at. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/** What axe finds wrong with the page as it stands, a line each. */
export async function violations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // Half a megabyte: given to each page once, not each time it is asked.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  const wrong = await page.evaluate(
    async (only) => {
      const { axe } = globalThis as unknown as { axe: typeof Axe };
      const options = { resultTypes: ['violations' as const], preload: false, selectors: false };
      return (await axe.run(document, { ...options, ...(only ? { runOnly: only } : {}) })).violations;
    },
    rules === 'all' ? null : colourRules,
  );
  return wrong.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id} (${help}): ${html}\n${failureSummary ?? ''}`),
  );
}

/** The same in every theme it can be drawn in; the widget chooses the theme. */
export async function violationsInThemes(page: Page, widget = page): Promise<string[]> {
  const found: string[] = [];
  for (const theme of themes.filter((one) => one !== 'system')) {
    await widget.evaluate(
      (chosen) => (window.sharelight as Bridge | undefined)?.setTheme({ theme: chosen }),
      theme,
    );
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    const wrong = await violations(page, theme === 'light' ? 'all' : 'colours');
    found.push(...wrong.map((line) => `${theme}: ${line}`));
  }
  return found;
}
