import { chmodSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { DatabaseProblem } from '../../../domain/database.ts';
import { openDatabase, type OpenedDatabase } from '../../../electron/store/client.ts';
import { makeBackup } from '../../../electron/store/backups/run-task.ts';
import { createPendingWrites } from '../../../electron/tracker/pending-writes.ts';
import { conversation, live } from '../domain/wire.ts';
import { arrival, createRig } from '../tracker/rig.ts';
import { communication, submission, draft, factOf, testKey } from './values.ts';

/**
 * A program that uses a database in its own process, so that a test can kill it, take its disk away or drop its
 * rights: `child.cjs <worker> <folder> <what>`. Says what happened as JSON lines, each written at once.
 */
const [, , workerFile = '', folder = '', what = ''] = process.argv;

function say(line: Readonly<Record<string, unknown>>): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** One step of everything an agent's day writes; `number` is in all of it. */
async function step(database: OpenedDatabase, number: number): Promise<void> {
  const changed = communication({ communicationId: `c${number}`, peerName: `fact ${number}` });
  await database.commit(factOf(changed), [changed]);
  say({ fact: number });
  await database.saveDraft(draft({ revision: number, notes: `note ${number}` }));
  say({ draft: number });
  await database.decide(submission({ id: `submission ${number}`, key: `a/b/${number}` }));
  say({ submission: number });
}

async function write(database: OpenedDatabase, from: number, upTo: number): Promise<void> {
  for (let number = from; number <= upTo; number += 1) await step(database, number);
}

/** Facts through the tracker, onto a disk that fills up and has room again: as many wait as fit in here. */
async function pause(database: OpenedDatabase): Promise<void> {
  const ballast = path.join(folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(1536 * 1024));
  const rig = createRig({}, createPendingWrites({ facts: 20, size: 1 << 20 }));
  rig.recording.detach();
  rig.recording.attach(database);
  const health = (): string => rig.store.model.getState().database.health;
  let seconds = 0;
  const next = async (): Promise<void> => {
    seconds += 1;
    const leg = { ...live, sharing: true, peerCount: seconds };
    const id = `conversation-${Math.floor(seconds / 7)}`;
    const told = { conversation: { id }, customer: { name: 'x'.repeat(3_000) }, leg };
    await rig.tracker.arrived(arrival(conversation(told), 'rest', seconds));
  };
  while (health() !== 'paused') await next();
  const acknowledged = (await database.summary()).facts;
  for (let more = 0; more < 40; more += 1) await next();
  say({ came: seconds, acknowledged, kept: (await database.summary()).facts, health: health() });
  rmSync(ballast);
  await next();
  const shown = Object.values(rig.store.model.getState().communications);
  const stored = await Promise.all(shown.map((one) => database.communicationsOf(one.conversationId)));
  say({
    health: health(),
    conversations: Math.floor(seconds / 7) + 1,
    asShown: isDeepStrictEqual(stored.flat(), shown),
    ...(await database.verify()),
  });
}

const told = (error: unknown): Record<string, unknown> =>
  error instanceof DatabaseProblem
    ? { problem: error.code, message: error.message }
    : { unexpected: String(error) };

async function run(): Promise<void> {
  const database = await openDatabase({ folder, key: testKey(), workerFile, readOnly: what === 'read' });
  switch (what) {
    case 'open':
      break;
    case 'read': {
      let exported = 0;
      for await (const _record of database.records({})) exported += 1;
      say({ exported, ...(await database.verify()) });
      break;
    }
    case 'write': {
      const { facts } = (await database.recollect()).summary;
      say({ opened: facts });
      await write(database, facts + 1, Number.MAX_SAFE_INTEGER);
      break;
    }
    case 'backup': {
      await write(database, 1, 3);
      const place = { folder, key: testKey(), workerFile };
      await makeBackup(place, { now: Date.now(), keepMs: null, alone: false }).then(
        ({ name }) => say({ backedUp: name }),
        (error: unknown) => say(told(error)),
      );
      break;
    }
    case 'bar': {
      // The folder is closed to this account while the database is open, and opened again.
      await write(database, 1, 3);
      chmodSync(folder, 0);
      await write(database, 4, 6).catch((error: unknown) => say(told(error)));
      await database.close();
      const again = (): Promise<OpenedDatabase> => openDatabase({ folder, key: testKey(), workerFile });
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
      await write(database, 1, Number.MAX_SAFE_INTEGER).catch((error: unknown) => say(told(error)));
      rmSync(ballast);
      const { facts } = (await database.recollect()).summary;
      say({ kept: facts });
      await write(database, facts + 1, facts + 3).catch((error: unknown) => say(told(error)));
      say({ ...(await database.verify()) });
      break;
    }
    case 'pause': {
      await pause(database);
      break;
    }
    default:
      throw new Error(`child: what is ${what}?`);
  }
  await database.close();
  say({ closed: true });
}

run().catch((error: unknown) => {
  say(told(error));
  // The database's thread would keep it alive.
  process.exit(0);
});
