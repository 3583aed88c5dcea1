import { chmodSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { MemoryProblem } from '../../../domain/database.ts';
import { openMemory, type OpenedMemory } from '../../../electron/store/client.ts';
import { copyMemory } from '../../../electron/store/backups/client.ts';
import { createWaiting } from '../../../electron/tracker/waiting.ts';
import { conversation, live } from '../domain/wire.ts';
import { arrival, createRig } from '../tracker/rig.ts';
import { communication, decision, draft, factOf, testKey } from './values.ts';

/**
 * A program that uses a memory in its own process, so that a test can kill it, take its disk away or drop its
 * rights: `child.cjs <worker> <folder> <what>`. Says what happened as JSON lines, each written at once.
 */
const [, , workerFile = '', folder = '', what = ''] = process.argv;

function say(line: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** One step of everything an agent's day writes; `number` is in all of it. */
async function step(memory: OpenedMemory, number: number): Promise<void> {
  const changed = communication({ communicationId: `c${number}`, peerName: `fact ${number}` });
  await memory.commit(factOf(changed), [changed]);
  say({ fact: number });
  await memory.saveDraft(draft({ revision: number, notes: `note ${number}` }));
  say({ draft: number });
  await memory.decide(decision({ id: `decision ${number}`, key: `a/b/${number}` }));
  say({ decision: number });
}

async function write(memory: OpenedMemory, from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1) await step(memory, number);
}

/** Facts through the tracker, onto a disk that fills up and has room again: as many wait as fit in here. */
async function pause(memory: OpenedMemory): Promise<void> {
  const ballast = path.join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(1536 * 1024));
  const rig = createRig({}, createWaiting({ facts: 20, size: 1 << 20 }));
  rig.history.detach();
  rig.history.attach(memory);
  const health = (): string => rig.store.model.getState().memory.health;
  let seconds = 0;
  const next = async (): Promise<void> => {
    seconds += 1;
    const leg = { ...live, sharing: true, peerCount: seconds };
    const id = `conversation-${Math.floor(seconds / 7)}`;
    const told = { conversation: { id }, customer: { name: 'x'.repeat(3_000) }, leg };
    await rig.tracker.arrived(arrival(conversation(told), 'rest', seconds));
  };
  while (health() !== 'paused') await next();
  const acknowledged = (await memory.summary()).facts;
  for (let more = 0; more < 40; more += 1) await next();
  say({ came: seconds, acknowledged, kept: (await memory.summary()).facts, health: health() });
  rmSync(ballast);
  await next();
  const shown = Object.values(rig.store.model.getState().communications);
  const stored = await Promise.all(shown.map((one) => memory.communicationsOf(one.conversationId)));
  say({
    health: health(),
    conversations: Math.floor(seconds / 7) + 1,
    asShown: isDeepStrictEqual(stored.flat(), shown),
    ...(await memory.verify()),
  });
}

const told = (error: unknown): Record<string, unknown> =>
  error instanceof MemoryProblem
    ? { problem: error.code, message: error.message }
    : { unexpected: String(error) };

async function run(): Promise<void> {
  const memory = await openMemory({ folder, key: testKey(), workerFile, readOnly: what === 'read' });
  switch (what) {
    case 'open':
      break;
    case 'read': {
      let exported = 0;
      for await (const _record of memory.records({})) exported += 1;
      say({ exported, ...(await memory.verify()) });
      break;
    }
    case 'write': {
      const { facts } = (await memory.recollect()).summary;
      say({ opened: facts });
      await write(memory, facts + 1, Number.MAX_SAFE_INTEGER);
      break;
    }
    case 'copy': {
      await write(memory, 1, 3);
      const place = { folder, key: testKey(), workerFile };
      await copyMemory(place, { now: Date.now(), keepMs: null, alone: false }).then(
        ({ name }) => say({ copied: name }),
        (error: unknown) => say(told(error)),
      );
      break;
    }
    case 'bar': {
      // The folder is closed to this account while the memory is open, and opened again.
      await write(memory, 1, 3);
      chmodSync(folder, 0);
      await write(memory, 4, 6).catch((error: unknown) => say(told(error)));
      await memory.close();
      const again = (): Promise<OpenedMemory> => openMemory({ folder, key: testKey(), workerFile });
      await again().catch((error: unknown) => say(told(error)));
      chmodSync(folder, 0o700);
      const opened = await again();
      say({ ...(await opened.verify()) });
      await opened.close();
      break;
    }
    case 'fill': {
      // The ballast leaves when the disk is full, as when a person makes room.
      const ballast = path.join(folder, 'ballast');
      writeFileSync(ballast, Buffer.alloc(256 * 1024));
      await write(memory, 1, Number.MAX_SAFE_INTEGER).catch((error: unknown) => say(told(error)));
      rmSync(ballast);
      const { facts } = (await memory.recollect()).summary;
      say({ kept: facts });
      await write(memory, facts + 1, facts + 3).catch((error: unknown) => say(told(error)));
      say({ ...(await memory.verify()) });
      break;
    }
    case 'pause': {
      await pause(memory);
      break;
    }
    default:
      throw new Error(`child: what is ${what}?`);
  }
  await memory.close();
  say({ closed: true });
}

run().catch((error: unknown) => {
  say(told(error));
  // The memory's thread would keep it alive.
  process.exit(0);
});
