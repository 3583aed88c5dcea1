import { randomUUID } from 'node:crypto';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { ArchiveQueue } from '../../../domain/archive/queue.ts';
import { startArchive } from '../../../electron/archive/archive.ts';
import { createStateStore, emptyModel, showCommunications } from '../../../electron/tracker/state.ts';
import { systemClock } from '../../../electron/system-clock.ts';
import { freshSettings } from '../domain/known.ts';
import { communication, settled } from '../store/examples.ts';
import { playArchive } from './played-archive.ts';

const counts = { archived: 4, waiting: 1, refused: 0, conflicts: 0 };

/** A queue in which one line waits, until it is answered. */
function oneLine(): ArchiveQueue {
  let waits = true;
  const now = () => (waits ? counts : { ...counts, archived: 5, waiting: 0 });
  return {
    turnOn: () => Promise.resolve(now()),
    turnOff: () => Promise.resolve(),
    device: () => Promise.resolve('desk-1'),
    met: () => Promise.resolve(),
    fill: () => Promise.resolve(false),
    batch: () => Promise.resolve(waits ? [{ seq: 1, text: line }] : []),
    answered: () => {
      waits = false;
      return Promise.resolve(now());
    },
    counts: () => Promise.resolve(now()),
    offerRefused: () => Promise.resolve(now()),
    issues: () => Promise.resolve([]),
    preview: () => Promise.resolve(null),
  };
}
const line = JSON.stringify({
  device: 'desk-1',
  seq: 1,
  chain: '',
  revision: 1,
  day: '2026-11-30',
  record: { conversationId: 'one', participantId: 'two' },
});

async function started(change: { readonly metered?: boolean; readonly onTheLine?: boolean } = {}) {
  const archive = await playArchive(onTestFinished);
  const store = createStateStore(
    emptyModel(
      { kind: 'genesys', demo: false },
      { theme: 'system', language: 'en', locale: 'en' },
      freshSettings,
    ),
    Date.now,
  );
  if (change.onTheLine) showCommunications(store, [communication()]);
  const queue = oneLine();
  const room = startArchive({
    url: archive.url,
    access: { token: () => 'token-1' },
    fetch,
    queue: () => queue,
    model: store.model,
    update: store.update,
    mask: () => 'people',
    serverNow: () => null,
    isMetered: () => Promise.resolve(change.metered ?? false),
    newDevice: randomUUID,
    // Pauses are over at once.
    clock: { ...systemClock, after: (_ms, then) => systemClock.after(0, then) },
    random: () => 0,
    log: () => undefined,
  });
  onTestFinished(async () => {
    await room.stop();
    store.stop();
  });
  return { archive, store, room, shown: () => store.app.getState().archive };
}

it('sends what waits, and says how many the archive has', async () => {
  const { archive, shown, room, store } = await started();
  await vi.waitFor(() => expect(shown()?.words).toBe('5 records in the archive'));
  expect(archive.kept.size).toBe(1);
  await room.stop();
  expect(store.app.getState().archive).toBeNull();
});

it('waits while the agent is on the line, and goes on after it', async () => {
  const { archive, shown, store } = await started({ onTheLine: true });
  await vi.waitFor(() => expect(shown()?.wait).toMatch(/call or share/));
  expect(shown()?.words).toBe('4 records in the archive, 1 waiting');
  expect(archive.kept.size).toBe(0);
  showCommunications(store, [settled()]);
  await vi.waitFor(() => expect(archive.kept.size).toBe(1));
});

it('waits on a metered line', async () => {
  const { archive, shown } = await started({ metered: true });
  await vi.waitFor(() => expect(shown()?.wait).toMatch(/metered/));
  expect(archive.kept.size).toBe(0);
});
