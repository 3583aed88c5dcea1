import { expect, type Locator, type Page } from '@playwright/test';

/** More controls than any window of ours has. */
const enough = 40;

/** Walks to a control with Tab alone, as somebody without a mouse does. Fails when it is not on the way. */
export async function tabTo(page: Page, control: Locator): Promise<void> {
  for (let step = 0; step < enough; step += 1) {
    if (await hasFocus(control)) return;
    await page.keyboard.press('Tab');
  }
  await expect(control, 'can be reached with the Tab key').toBeFocused();
}

/** Walks to a control and presses it. */
export async function pressByKeyboard(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control);
  await page.keyboard.press('Enter');
}

function hasFocus(control: Locator): Promise<boolean> {
  return control.evaluate((element) => element === document.activeElement);
}
