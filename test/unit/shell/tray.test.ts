import { describe, expect, it, vi } from 'vitest';
import { label, menuOf } from '../../../electron/shell/tray.ts';
import { stateWith } from '../renderer/states.ts';

vi.mock('electron/main', () => ({}));
vi.mock('electron/common', () => ({}));

const nothing = (): void => undefined;

function labels(title: string, detail: string, isVisible: boolean): (string | undefined)[] {
  const state = stateWith(title);
  const intents = {
    ...{
      show: nothing,
      hide: nothing,
      openReview: nothing,
      openSettings: nothing,
      quit: nothing,
      act: nothing,
    },
    isVisible: () => isVisible,
    isInSight: () => Promise.resolve(isVisible),
  };
  return menuOf({ ...state, status: { ...state.status, detail } }, intents).map((item) => item.label);
}

describe('the menu of the tray', () => {
  it.each([
    ['Fish & Chips', 'Fish && Chips'],
    ['&File && more&', '&&File &&&& more&&'],
    ['plain_name', 'plain_name'],
    ['x'.repeat(80), 'x'.repeat(80)],
    [`${'x'.repeat(78)} & more`, `${'x'.repeat(78)}…`],
    ['🐟'.repeat(90), `${'🐟'.repeat(79)}…`],
  ])('says %j as it is', (text, shown) => {
    expect(label(text)).toBe(shown);
  });

  it('offers to show also a window that is there: it may be covered', () => {
    expect(labels('Not sharing', '', true)).toContain('Show Sharelight');
    expect(labels('Not sharing', '', true)).toContain('Hide Sharelight');
    expect(labels('Not sharing', '', false)).toContain('Show Sharelight');
    expect(labels('Not sharing', '', false)).not.toContain('Hide Sharelight');
    expect(labels('Incoming', 'R&D queue', true).slice(0, 2)).toEqual(['Incoming', 'R&&D queue']);
  });
});
