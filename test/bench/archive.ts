import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';
import { archiveBuild } from '../../build/vite/archive.ts';
import { say } from '../../build/say.mjs';
import { migrate, migrationsFolder } from '../../archive/database/database.ts';
import { startEmbedded } from '../../archive/database/embedded.ts';
import { pg } from '../../archive/packages.ts';
import { happenedAt, wordsOf } from '../../archive/http/lines.ts';
import type { ExportedRecord } from '../../domain/exported-record.ts';
import { startGenesys } from '../unit/archive/genesys.ts';
import { bodyOf, Desk, linesOf, organisation, recordsOf, type MadeLine } from './archive-load.ts';
import { liveThroughADay } from './day.ts';
import { readingOf } from './report.ts';
import type { ScaleLine } from './scale.ts';
import { quantile } from './statistics.ts';
import { timed } from './timed.ts';
import type { Measured, Workshop } from './workshop.ts';

/** What a desk that was away for a few days comes back with. */
const recordsOfDesk = 120;
/** Desks that send at the same time, and connections that write into the engine. */
const streams = 8;
const rounds = 12;
const warmUps = 2;
/** Connections of all desks together; the others wait for theirs. */
const atOnce = 200;
const usualDesks = 500;
/** The goal is about so many; fewer say nothing of it. */
const goalDesks = 10_000;
const pages = 200;
const agentsFor = (records: number): number => Math.max(20, records / 1_000);
const divisions = 20;
const queues = 12;
/** Records lie on the days before this one. */
const lastDay = '2026-11-30';
const daysBack = 360;

/**
 * The archive under load: a database that keeps what it says, the built service in a process of its own, desks over
 * HTTP. All of it on this machine, so that desks, service and engine share its cores.
 */
export async function measureArchive({ sizes }: Workshop): Promise<Measured> {
  await build({ ...archiveBuild(process.cwd()), logLevel: 'error' });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sharelight-bench-pg-'));
  // Who runs the engine may not be who measures it.
  chmodSync(folder, 0o755);
  const server = await startEmbedded({ folder, settings: { max_wal_size: '4GB' } });
  const genesys = await startGenesys();
  try {
    const intake = await database(server.url, 'intake');
    const service = await startService(intake, genesys.url);
    const readings = [];
    try {
      const records = recordsOf(await liveThroughADay(Date.parse(`${lastDay}T08:00:00.000Z`)));
      readings.push(...(await measureIntake(service.url, intake, records)));
      readings.push(...(await measureReturn(service.url, records, sizes.desks ?? usualDesks)));
    } finally {
      await service.stop();
    }
    const scale: ScaleLine[] = [];
    for (const records of sizes.records.filter((size) => size >= 100_000)) {
      const filled = await database(server.url, `pages_${records}`);
      await fill(filled, records);
      const reading = await startService(filled, genesys.url);
      try {
        scale.push(...(await measurePages(reading.url, records)));
      } finally {
        await reading.stop();
      }
      await drop(server.url, filled);
    }
    return { readings, scale };
  } finally {
    genesys.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A new one with the schema; the URL of its owner. */
async function database(server: string, name: string): Promise<string> {
  await asOwner(server, (client) => client.query(`create database ${name}`));
  const url = Object.assign(new URL(server), { pathname: `/${name}` }).href;
  await migrate(url, migrationsFolder(path.join(process.cwd(), 'archive')));
  return url;
}

async function drop(server: string, url: string): Promise<void> {
  await asOwner(server, (client) =>
    client.query(`drop database ${new URL(url).pathname.slice(1)} with (force)`),
  );
}

async function asOwner<Value>(url: string, work: (client: pg.Client) => Promise<Value>): Promise<Value> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function startService(
  url: string,
  genesys: string,
): Promise<{ url: string; stop: () => Promise<void> }> {
  const program = path.join(process.cwd(), 'archive/out/archive.mjs');
  // As behind a proxy, because sign-ins from one address are limited, and here all desks have one.
  const flags = ['--database', url, '--genesys', genesys, '--behind-proxy'];
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const first = await Promise.race([
    once(lines, 'line'),
    exited.then(([code]) => Promise.reject(new Error(`The service ended with ${String(code)}.`))),
  ]);
  return {
    url: (JSON.parse(String(first[0])) as { url: string }).url,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** The same records over HTTP through the service, and as rows into the engine, in turns. */
async function measureIntake(
  url: string,
  owner: string,
  records: readonly ExportedRecord[],
): Promise<Measured['readings'] & object> {
  const agent = new Agent({ keepAlive: true, maxSockets: streams });
  const pool = new pg.Pool({ connectionString: owner, max: streams });
  const months = new Set(records.map(({ firstSeenAt }) => firstSeenAt.slice(0, 7)));
  for (const month of months) await pool.query('select archive.prepare_month($1)', [`${month}-01`]);
  const desks = await Promise.all(
    Array.from({ length: streams }, async (_, number) => {
      const desk = new Desk(url, agent, number);
      await desk.signIn({ id: `agent-${number}` });
      return desk;
    }),
  );
  const ours: number[] = [];
  const theirs: number[] = [];
  const batches: number[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const made = (who: string): MadeLine[][] =>
      desks.map((_, number) =>
        linesOf(records, recordsOfDesk, { agentId: `${who}-${number}`, device: `desk-${round + warmUps}` }),
      );
    // What a desk does before it sends is its own.
    const forService = made('agent').map(bodyOf);
    const forEngine = made('engine').map(rowsOf);
    const send = (): Promise<number> =>
      timed(() =>
        Promise.all(
          desks.map(async (desk, number) => {
            const ms = await timed(async () => {
              const { status, text } = await desk.send(forService[number] ?? Buffer.of());
              if (status !== 200 || text.includes('refused'))
                throw new Error(`The service: ${status} ${text}`);
            });
            if (round >= 0) batches.push(ms);
          }),
        ),
      );
    const write = (): Promise<number> =>
      timed(() => Promise.all(forEngine.map((rows, number) => insert(pool, rows, `engine-${number}`))));
    // Each is the first as often as the other.
    const isOurTurn = round % 2 === 0;
    const before = isOurTurn ? null : await write();
    const through = await send();
    const straight = before ?? (await write());
    if (round < 0) continue;
    const perThousand = 1_000 / (streams * recordsOfDesk);
    ours.push(through * perThousand);
    theirs.push(straight * perThousand);
  }
  agent.destroy();
  await pool.end();
  return [
    readingOf('archiveIntake', { ours, theirs }),
    {
      id: 'A1',
      measure: `one batch of ${recordsOfDesk}, ${streams} desks at once`,
      unit: 'ms',
      ours: batches,
    },
    { id: 'A1', measure: '… 99 of 100', unit: 'ms', ours: [quantile(batches, 0.99)] },
  ];
}

/** What is to be written of each line, in arrays of the same order. */
function rowsOf(made: readonly MadeLine[]): {
  keys: readonly string[];
  days: readonly string[];
  rest: readonly unknown[];
  last: MadeLine | undefined;
} {
  return {
    keys: made.map(({ key }) => `\\x${key}`),
    days: made.map(({ line }) => line.day),
    rest: [
      made.map(({ line }) => line.revision),
      made.map(({ line }) => line.device),
      made.map(({ line }) => line.seq),
      made.map(({ line }) => line.chain),
      made.map(({ digest }) => `\\x${digest}`),
      made.map((each) => happenedAt(each)),
      made.map(({ line }) => wordsOf(line.record.queueName)),
      made.map(({ line }) => line.record.wrapup?.code ?? null),
      made.map(({ line }) => wordsOf(line.record.wrapup?.name)),
      made.map(({ line }) => line.record.answered ?? null),
      made.map(({ text }) => text).join('\n'),
    ],
    last: made.at(-1),
  };
}

/** What the engine has to do at least: the rows of a batch with their keys and the checkpoint, in one transaction. */
async function insert(pool: pg.Pool, rows: ReturnType<typeof rowsOf>, agentId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      `insert into archive.record_key (org_id, key, agent_id, day)
       select $1, k, $2, d from unnest($3::bytea[], $4::date[]) as l(k, d)`,
      [organisation, agentId, rows.keys, rows.days],
    );
    await client.query(
      `insert into archive.records (org_id, day, key, revision, agent_id, division_id, device, seq, chain, digest, at,
         queue_words, code, code_words, answered, record)
       select $1, l.day, l.key, l.revision, $2, 'div-1', l.device, l.seq, l.chain, l.digest, l.at, l.queue, l.code,
         l.code_name, l.answered, l.record::jsonb
       from unnest($3::date[], $4::bytea[], $5::int[], $6::text[], $7::bigint[], $8::text[], $9::bytea[],
         $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::boolean[], string_to_array($15, E'\\n'))
         as l(day, key, revision, device, seq, chain, digest, at, queue, code, code_name, answered, record)`,
      [organisation, agentId, rows.days, rows.keys, ...rows.rest],
    );
    const last = rows.last?.line;
    await client.query(
      `insert into archive.checkpoint (org_id, agent_id, device, division_id, seq, chain)
       values ($1, $2, $3, 'div-1', $4, $5)`,
      [organisation, agentId, last?.device, last?.seq, last?.chain],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** Desks that were away come back at the same moment: each signs in, asks where it stands, and sends its records. */
async function measureReturn(
  url: string,
  records: readonly ExportedRecord[],
  count: number,
): Promise<Measured['readings'] & object> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  let next = 0;
  let askedAgain = 0;
  let refused = 0;
  const ofDesk: number[] = [];
  const comeBack = async (number: number): Promise<void> => {
    const user = { id: `returning-${number}` };
    const device = 'desk-1';
    const body = bodyOf(linesOf(records, recordsOfDesk, { agentId: user.id, device }));
    const desk = new Desk(url, agent, number);
    const ms = await timed(async () => {
      await desk.signIn(user);
      await desk.patiently(() => desk.call('GET', `/v1/checkpoint?device=${device}`));
      const { answer, tries } = await desk.patiently(() => desk.send(body));
      askedAgain += tries - 1;
      refused += answer.text.split('"refused"').length - 1;
    });
    ofDesk.push(ms / 1_000);
  };
  const worker = async (): Promise<void> => {
    while (next < count) await comeBack((next += 1));
  };
  const all = await timed(() => Promise.all(Array.from({ length: atOnce }, worker)));
  agent.destroy();
  say(
    `${count} desks came back in ${Math.round(all / 1_000)} s; ${askedAgain} times one was asked to come again.`,
  );
  return [
    count === goalDesks
      ? readingOf('archiveReturn', { ours: [all / 1_000] })
      : {
          id: 'A2',
          measure: `${count} desks back with ${recordsOfDesk} records each`,
          unit: 's',
          ours: [all / 1_000],
        },
    readingOf('archiveRefused', { ours: [refused] }),
    { id: 'A2', measure: 'one of them, from the sign-in to its last answer', unit: 's', ours: ofDesk },
  ];
}

/** Records of many agents over a year, made by the engine: the tables, indexes and checks are the archive's own. */
async function fill(url: string, records: number): Promise<void> {
  const ms = await timed(() =>
    asOwner(url, async (client) => {
      for (let back = 0; back <= daysBack; back += 28) {
        await client.query(`select archive.prepare_month(date '${lastDay}' - $1::int)`, [back]);
      }
      // Nobody needs it after the measurement.
      await client.query('set synchronous_commit = off');
      const agents = agentsFor(records);
      await client.query(
        `insert into archive.agent (org_id, agent_id, name, name_words, division_id)
         select '${organisation}', 'agent-' || a, 'Agent ' || n, ' agent ' || n, 'div-' || a % ${divisions}
         from generate_series(0, $1::int - 1) a, to_char(a, 'FM000000') n`,
        [agents],
      );
      await client.query(
        `insert into archive.queue (org_id, division_id, queue_words)
         select '${organisation}', 'div-' || d, ' queue ' || q
         from generate_series(0, ${divisions - 1}) d, generate_series(0, ${queues - 1}) q`,
      );
      const step = 100_000;
      for (let from = 0; from < records; from += step) {
        await client.query(
          `insert into archive.records (org_id, day, key, revision, agent_id, division_id, device, seq, chain, digest, at,
             queue_words, code, code_words, answered, record)
           select '${organisation}', (m.at at time zone 'UTC')::date, m.key, 1, 'agent-' || m.a,
             'div-' || m.a % ${divisions}, 'desk-1', m.n, '', m.key, m.at, m.queue, 'code-' || m.n % 40,
             ' code ' || m.n % 40, true,
             jsonb_build_object('conversationId', m.n::text, 'participantId', m.a::text, 'queueName', m.queue,
               'alertedAt', m.at, 'firstSeenAt', m.at, 'lastSeenAt', m.at, 'answered', true, 'revisions', 1,
               'role', 'sharing', 'media', 'screenshare', 'peerName', 'person-' || left(encode(m.key, 'hex'), 16),
               'wrapup', jsonb_build_object('code', 'code-' || m.n % 40, 'notes', '[redacted]', 'state', 'sent'))
           from (
             select n, n % $3::int as a, sha256(n::text::bytea) as key, ' queue ' || n % ${queues} as queue,
               timestamptz '${lastDay} 20:00:00Z' - make_interval(secs => n::float8 * ${daysBack * 86_400} / $4::float8) as at
             from generate_series($1::int, $2::int - 1) n) m`,
          [from, Math.min(records, from + step), agents, records],
        );
      }
      await client.query('vacuum analyze archive.records');
    }),
  );
  say(`${records} records, made in ${Math.round(ms / 1_000)} s.`);
}

/** Pages of 50 at any depth: an agent's own, and a supervisor's over all divisions, which is logged. */
async function measurePages(url: string, records: number): Promise<ScaleLine[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const supervises = ['*'];
  let seed = 7;
  const draw = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor((seed / 0x7fffffff) * below);
  };
  const lines: ScaleLine[] = [];
  const ask = async (
    measure: string,
    user: { id: string; supervises?: string[] },
    query: () => string,
  ): Promise<void> => {
    const desk = new Desk(url, agent, lines.length);
    await desk.signIn(user);
    const ours: number[] = [];
    for (let turn = 0; turn < pages; turn += 1) {
      const path = `/v1/records?limit=50${query()}`;
      const { answer, ms } = await timedAnswer(() => desk.patiently(() => desk.call('GET', path)));
      if (!answer.answer.text.includes('"records"')) throw new Error(answer.answer.text);
      // The first one plans and warms up.
      if (turn > 0 && answer.tries === 1) ours.push(ms);
    }
    lines.push({ measure, unit: 'ms', records, ours, rivals: {}, goal: 50, id: 'A3' });
  };
  const anyMoment = (): string => {
    const at = Date.parse(`${lastDay}T20:00:00Z`) - draw(daysBack * 86_400) * 1_000;
    return `&until=${new Date(at).toISOString()}`;
  };
  await ask('page of one’s own, anywhere', { id: 'agent-3' }, anyMoment);
  await ask('page of all divisions, anywhere', { id: 'lead-1', supervises }, anyMoment);
  await ask('page of one queue, all divisions', { id: 'lead-2', supervises }, () =>
    `&queue=queue ${draw(queues)}${anyMoment()}`.replace(' ', '%20'),
  );
  await ask(
    'page of a queue nobody has, all divisions',
    { id: 'lead-2', supervises },
    () => `&queue=complaints${anyMoment()}`,
  );
  const oneAgent = (): string => `agent%20${String(draw(20)).padStart(6, '0')}`;
  await ask(
    'page of one agent, by name',
    { id: 'lead-3', supervises },
    () => `&agent=${oneAgent()}${anyMoment()}`,
  );
  await ask(
    'page of a hundred agents whose names begin alike',
    { id: 'lead-4', supervises },
    () => `&agent=agent%200000${anyMoment()}`,
  );
  agent.destroy();
  return lines;
}

async function timedAnswer<Value>(work: () => Promise<Value>): Promise<{ answer: Value; ms: number }> {
  const start = performance.now();
  const answer = await work();
  return { answer, ms: performance.now() - start };
}
