import { randomUUID } from 'node:crypto';
import { isOnThisComputer } from '../../domain/archive/archive-settings.ts';
import type { ArchiveQueue } from '../../domain/archive/queue.ts';
import type { Clock } from '../../domain/toolbox/clock.ts';
import { loggedReasonOf } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import type { ArchiveRoom } from '../archive/archive.ts';
import { putNotice, type StateStore } from '../tracker/state.ts';
import type { Access } from './connection.ts';

export interface ArchiveLinkParts {
  readonly store: StateStore;
  /** How servers are told who asks, and reached; null while nobody is signed in. */
  readonly way: () => { readonly access: Access; readonly fetch: typeof fetch } | null;
  readonly queue: () => ArchiveQueue | null;
  readonly isDemo: boolean;
  readonly serverNow: () => number | null;
  readonly isMetered: () => Promise<boolean>;
  /** What the agent was told leaves the desk: where to, and how it is masked. */
  readonly told: { readonly get: () => string | null; readonly set: (what: string) => void };
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

export interface ArchiveLink {
  /** Null where no archive is connected. */
  readonly room: () => ArchiveRoom | null;
  readonly stop: () => Promise<void>;
}

const notice = 'archive';

/** Connects the account to the archive in the settings, whenever that is another one. Without one nothing is loaded. */
export function startArchiveLink(parts: ArchiveLinkParts): ArchiveLink {
  const { store, log } = parts;
  const turns = createSerialQueue();
  let room: ArchiveRoom | null = null;
  /** What the room there is was made for; null before the first look. */
  let linkedTo: string | null = null;
  let isStopped = false;

  /** Invented records are of no use to an organisation. */
  function wanted(): string {
    const url = store.model.getState().settings.values['archive.url'];
    return url !== '' && parts.isDemo && !isOnThisComputer(url) ? '' : url;
  }

  async function follow(): Promise<void> {
    const url = isStopped ? '' : wanted();
    if (url === linkedTo) return;
    await room?.stop();
    room = null;
    linkedTo = url;
    if (isStopped) return;
    if (url === '') {
      await parts.queue()?.turnOff();
      return;
    }
    const way = parts.way();
    if (way === null) return;
    tell(url);
    const { startArchive } = await import('../archive/archive.ts');
    room = startArchive({
      ...way,
      url,
      queue: parts.queue,
      model: store.model,
      update: store.update,
      mask: () => store.model.getState().settings.values['archive.mask'],
      serverNow: parts.serverNow,
      isMetered: parts.isMetered,
      newDevice: randomUUID,
      clock: parts.clock,
      random: Math.random,
      log,
    });
  }

  /** Once for each place and mask: what leaves this desk, in the organisation's words and ours. */
  function tell(url: string): void {
    const { values, archiveWords } = store.model.getState().settings;
    const mask = values['archive.mask'];
    const what = `${url} ${mask}`;
    if (parts.told.get() === what) return;
    parts.told.set(what);
    const ours = say(`archive.told.${mask}`, { host: new URL(url).host });
    const text = archiveWords === '' ? ours : `${archiveWords} ${ours}`;
    putNotice(store, { id: notice, tone: 'info', text, offer: 'archive' });
  }

  function look(): void {
    void turns.run(follow).catch((error: unknown) => {
      log(`archive: ${loggedReasonOf(error)}`);
    });
  }

  const unsubscribe = store.model.subscribe((now, was) => {
    const changed =
      now.settings.values['archive.url'] !== was.settings.values['archive.url'] ||
      now.settings.values['archive.mask'] !== was.settings.values['archive.mask'];
    if (changed) look();
  });
  look();

  return {
    room: () => room,
    stop: async () => {
      isStopped = true;
      unsubscribe();
      await turns.run(follow);
    },
  };
}
