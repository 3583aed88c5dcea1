import type { Locator } from '@playwright/test';
import { expect, test } from './support/agent.ts';
import { connected, liveWidget } from './support/shares.ts';

const day = 86_400_000;

/** The field and, right above it, the head of what it belongs to: both in sight, in CSS px of the window. */
async function placesOf(code: Locator, head: Locator) {
  const field = await code.boundingBox();
  const above = await head.boundingBox();
  const height = await code.page().evaluate(() => window.innerHeight);
  if (!field || !above) throw new Error('One of them is not drawn.');
  return {
    gap: field.y - (above.y + above.height),
    headInSight: above.y >= 0 && above.y + above.height <= height,
    fieldInSight: field.y >= 0 && field.y + field.height <= height,
  };
}

/** In the page: scrolls down in small steps. The place of each row that was in sight, in order. */
async function rowsPassed(list: Element): Promise<number[]> {
  const places = new Set<number>();
  for (let step = 0; step < 40; step += 1) {
    const { top, bottom } = list.getBoundingClientRect();
    for (const option of list.querySelectorAll('[role=option]')) {
      const row = option.getBoundingClientRect();
      if (row.bottom > top && row.top < bottom) places.add(Number(option.getAttribute('aria-posinset')));
    }
    list.scrollTop += 50;
    // The event of it, and the rows it brings.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  }
  return [...places].sort((a, b) => a - b);
}

test('yesterday’s work is told once and in nobody’s way; on a small screen the code field keeps its head', async ({
  server,
  signIn,
  desktopWith,
}) => {
  const { control } = server;
  control.settings({ codesAtLeast: 1000 });
  const stuck = control.begin({ policy: 'mandatory', customer: 'Yvonne Gestern', queue: 'Billing help' });
  control.answer(stuck.conversationId);
  control.disconnect('peer', stuck.conversationId);
  control.backdate(day, stuck.conversationId);

  const desktop = await desktopWith({ screen: '380x420' });
  const widget = await liveWidget(await signIn({ desktop }));
  const { page, status, notices, code, button } = widget;
  await expect(notices).toContainText('A wrap-up that Genesys never closed is too old to be sent.');
  await expect(code).toHaveCount(0);
  await expect(page.getByText('Yvonne Gestern')).toHaveCount(0);
  await notices.getByRole('button', { name: 'Dismiss' }).click();
  expect(control.received().filter(({ path }) => path.includes('wrapupcodes'))).toEqual([]);

  // Fresh work is in front, with its own head, whatever else is going on.
  const fresh = await connected(server, widget, { policy: 'mandatory', customer: 'Frieda Heute' });
  control.disconnect('peer', fresh);
  await expect(status).toContainText('Frieda Heute');
  await expect(code).toBeVisible();
  await expect(page.getByText('more waiting')).toHaveCount(0);
  for (const customer of ['Wanda Wartet', 'Karl Klingelt']) {
    const { conversationId } = control.begin({ policy: 'mandatory', customer, queue: 'Billing help' });
    if (customer.startsWith('Karl')) continue;
    control.answer(conversationId);
    control.disconnect('peer', conversationId);
  }
  await expect(status).toContainText('Karl Klingelt');
  await expect(button('Answer')).toBeVisible();

  // Among a thousand codes only some are in the page; all are in reach, and the count is said.
  await code.focus();
  await page.keyboard.press('ArrowUp');
  await expect(code).toHaveAttribute('aria-expanded', 'true');
  const options = page.getByRole('option');
  expect(await options.count()).toBeLessThanOrEqual(16);
  await expect(page.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', '1000');
  await expect(page.getByRole('option', { selected: true })).toHaveAttribute('aria-setsize', '1000');
  await expect(page.getByText('1,000 codes – type to find one')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('PageDown');
  await expect(page.getByRole('option', { selected: true })).toHaveAttribute('aria-posinset', '13');

  // By wheel they come one after the other, and none is passed over.
  const passed = await page.getByRole('listbox').evaluate(rowsPassed);
  expect(passed.length).toBeGreaterThan(30);
  expect(passed).toEqual(passed.map((_place, index) => (passed[0] ?? 0) + index));

  await page.keyboard.type('case 0777');
  const head = page.locator('[data-in-sight]');
  await expect(head).toContainText('Frieda Heute');
  await expect(head).not.toContainText('Karl Klingelt');
  const places = await placesOf(code, head);
  expect(places).toMatchObject({ headInSight: true, fieldInSight: true });
  expect(places.gap).toBeGreaterThanOrEqual(0);
  expect(places.gap).toBeLessThan(60);
  await page.keyboard.press('Enter');
  await expect(code).toHaveValue(/^Case 0777/);
  await page.keyboard.press('Control+Enter');
  await control.when(() => control.wrapups(fresh).length === 1);
  expect(control.wrapups(stuck.conversationId)).toEqual([]);
});
