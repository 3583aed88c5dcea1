import { expect, it, vi } from 'vitest';
import { createShowRecord, type ShowRecord } from '../../../electron/handlers/show-record.ts';
import { followDeepLink, deepLinkAmong } from '../../../electron/program/follow-deep-link.ts';
import { createStateStore, emptyModel } from '../../../electron/tracker/state.ts';
import { freshSettings } from '../domain/known.ts';

function program() {
  const store = createStateStore(
    emptyModel(
      { kind: 'simulator', demo: true },
      { theme: 'system', language: 'en', locale: 'en' },
      freshSettings,
    ),
    () => 0,
  );
  const windows = { focus: vi.fn(), openSettings: vi.fn() };
  const showRecord = vi.fn<ShowRecord>(() => Promise.resolve());
  const log = vi.fn();
  return {
    store,
    windows,
    showRecord,
    log,
    follow: (link: string) => {
      followDeepLink(link, { store, windows, showRecord, log });
    },
  };
}

it('a link opens what it leads to, as often as it comes', () => {
  const { store, windows, showRecord, follow } = program();
  follow('sharelight://settings/data');
  expect(windows.openSettings).toHaveBeenCalledOnce();
  expect(store.app.getState().destination).toEqual({
    count: 1,
    section: 'data',
    record: null,
    field: false,
  });
  follow('sharelight://record/a/b/c');
  follow('sharelight://record/a/b/c');
  expect(showRecord.mock.calls).toEqual([['a/b/c'], ['a/b/c']]);
});

it('a record is led to after somebody’s opened file is closed, which does not have it', async () => {
  const { store } = program();
  const steps: string[] = [];
  const showRecord = createShowRecord({
    store,
    windows: { openReview: () => steps.push('opened') },
    archiveSource: { close: () => undefined },
    openedFile: {
      close: () => {
        steps.push('closed');
        return Promise.resolve();
      },
    },
  });
  await showRecord('a/b/c');
  expect(steps).toEqual(['closed', 'opened']);
  expect(store.app.getState().destination).toEqual({
    count: 1,
    section: null,
    record: 'a/b/c',
    field: false,
  });
});

it('one that leads nowhere is said, and repeated nowhere', () => {
  const { store, windows, log, follow } = program();
  follow('sharelight://settings/<script>');
  expect(windows.focus).toHaveBeenCalledOnce();
  const { notices, destination } = store.app.getState();
  expect(notices).toMatchObject([{ id: 'link', tone: 'warning' }]);
  expect(JSON.stringify([notices, log.mock.calls])).not.toContain('script');
  expect(destination.count).toBe(0);
});

it('it is found among what another start was given', () => {
  expect(deepLinkAmong(['/opt/sharelight', '--no-sandbox', 'sharelight://record/a', '.'])).toBe(
    'sharelight://record/a',
  );
  expect(deepLinkAmong(['/opt/sharelight', '.'])).toBeNull();
});
