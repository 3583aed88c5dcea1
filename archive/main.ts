import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { administer } from './administer.ts';
import { connect, migrate, migrationsFolder, Stop, type Secrets } from './database/database.ts';
import { InUse, startEmbedded, usualDataFolder, type EmbeddedDatabase } from './database/embedded.ts';
import { createGenesys } from './http/genesys.ts';
import { createService } from './http/service.ts';

/**
 * `archive [flags]`: the service; prints one JSON line `{"url": "http://…"}` when it takes calls. `archive migrate`,
 * `archive erase`, `archive hold`, `archive drop-months`: what administrators do, see ADMINISTRATORS.md.
 * Each flag can be given in the environment too, or in a file named there: `--tls-cert` as `ARCHIVE_TLS_CERT`,
 * `--database` as `ARCHIVE_DATABASE_FILE`.
 */

const text = { type: 'string' } as const;
const flags = {
  genesys: text,
  data: text,
  database: text,
  port: text,
  host: text,
  organisation: text,
  'tls-cert': text,
  'tls-key': text,
  'behind-proxy': { type: 'boolean' },
  connections: text,
  agent: text,
  key: text,
  since: text,
  until: text,
  before: text,
  by: text,
  reason: text,
} as const;

const root =
  path.basename(import.meta.dirname) === 'out' ? path.dirname(import.meta.dirname) : import.meta.dirname;
const migrations = migrationsFolder(root);

type Flags = Partial<Record<keyof typeof flags, string>>;

function readFlags(): { readonly command: string | undefined; readonly given: Flags } {
  const { values, positionals } = parseArgs({ options: flags, allowPositionals: true });
  const given: Flags = {};
  for (const name of Object.keys(flags) as (keyof typeof flags)[]) {
    const value = values[name] ?? inEnvironment(`ARCHIVE_${name.replaceAll('-', '_').toUpperCase()}`);
    if (value !== undefined && value !== false) given[name] = String(value);
  }
  return { command: positionals[0], given };
}

/** As it is, or in a file: `ARCHIVE_MASK_SECRET_FILE`. */
function inEnvironment(name: string): string | undefined {
  const file = process.env[`${name}_FILE`];
  if (process.env[name] !== undefined || file === undefined) return process.env[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new Stop(`${name}_FILE cannot be read: ${(error as Error).message}`);
  }
}

function secretIn(name: string): string | undefined {
  const value = inEnvironment(name);
  if (value !== undefined && value.length < 32) throw new Stop(`${name} needs at least 32 characters.`);
  return value;
}

function secretsGiven(): Partial<Secrets> {
  const session = secretIn('ARCHIVE_SESSION_SECRET');
  const mask = secretIn('ARCHIVE_MASK_SECRET');
  return { ...(session === undefined ? {} : { session }), ...(mask === undefined ? {} : { mask }) };
}

/** Its own at once: the next folder where one is taken by another archive. */
async function ownDatabase(data: string | undefined): Promise<EmbeddedDatabase> {
  if (data !== undefined) return startEmbedded({ folder: path.resolve(data) });
  for (let number = 1; ; number += 1) {
    const folder = path.join(usualDataFolder(), String(number));
    try {
      const started = await startEmbedded({ folder });
      say(`Records are kept in ${folder}.`);
      return started;
    } catch (error) {
      if (!(error instanceof InUse) || number === 100) throw error;
    }
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function numberOf(name: string, value: string | undefined, usual: number, most: number): number {
  const number = value === undefined ? usual : Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= most) return number;
  throw new Stop(`--${name} ${String(value)}: give a whole number up to ${most}.`);
}

function genesysOf(base = 'https://api.mypurecloud.com'): string {
  const url = URL.canParse(base) ? new URL(base) : null;
  const isHere = url !== null && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && isHere))) return base;
  throw new Stop(
    `--genesys ${base}: give the address of a region’s API, such as https://api.mypurecloud.de.`,
  );
}

async function serve(given: Flags): Promise<void> {
  const base = genesysOf(given.genesys);
  const port = numberOf('port', given.port, 0, 65_535);
  const connections = numberOf('connections', given.connections, 10, 1_000);
  const host = given.host ?? '127.0.0.1';
  const cert = given['tls-cert'];
  const key = given['tls-key'];
  if ((cert === undefined) !== (key === undefined)) throw new Stop('--tls-cert and --tls-key go together.');
  const isOpen = !/^(localhost|127\.|::1$)/.test(host);
  const trustsProxy = given['behind-proxy'] !== undefined;
  if (isOpen && cert === undefined && !trustsProxy)
    throw new Stop(
      `--host ${host} needs --tls-cert and --tls-key, or --behind-proxy where a proxy ends TLS.`,
    );

  // Nobody's: its own database, on this machine alone, and no region was named.
  const takesDemo = given.genesys === undefined && given.database === undefined && !isOpen;
  const embedded = given.database === undefined ? await ownDatabase(given.data) : null;
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
  const url = given.database ?? embedded?.url ?? '';
  try {
    const { database, secrets } = await connect({ url, migrations, secrets: secretsGiven(), connections });
    const app = await createService({
      database,
      secrets,
      genesys: createGenesys(base, { takesDemo }),
      logger,
      organisation: given.organisation ?? null,
      trustsProxy,
      tls:
        cert === undefined || key === undefined ? null : { cert: readFileSync(cert), key: readFileSync(key) },
    });
    let isStopping = false;
    const stop = async (code: number): Promise<void> => {
      if (isStopping) return;
      isStopping = true;
      await app.close();
      await database.close();
      await embedded?.stop();
      process.exit(code);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop(0));
    void embedded?.ended.then(() => {
      if (!isStopping) say('The database has ended by itself.');
      return stop(1);
    });
    try {
      await app.listen({ host, port, listenTextResolver: () => 'listening' });
    } catch (error) {
      await database.close();
      throw new Stop(`The address ${host}:${port} cannot be used: ${(error as Error).message}`);
    }
    const address = app.addresses()[0] as AddressInfo | undefined;
    const named = host.includes(':') ? `[${host}]` : host;
    const shown = `${cert === undefined ? 'http' : 'https'}://${named}:${address?.port ?? port}`;
    process.stdout.write(`${JSON.stringify({ url: shown })}\n`);
    say(`The archive takes calls at ${shown}; it asks ${base} who somebody is.`);
    if (takesDemo) say(`The demo may try it, too: npm start -- --archive ${shown}`);
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

try {
  const { command, given } = readFlags();
  switch (command) {
    case undefined:
      await serve(given);
      break;
    case 'migrate':
      if (given.database === undefined)
        throw new Stop('migrate needs --database postgres://…, of its owner.');
      await migrate(given.database, migrations).catch((error: unknown) => {
        throw new Stop(`The schema could not be brought up to date: ${(error as Error).message}`);
      });
      say('The schema is up to date.');
      break;
    default:
      say(await administer(command, given));
  }
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const isFlag = code?.startsWith('ERR_PARSE_ARGS') ?? false;
  if (!isFlag && !(error instanceof Stop)) throw error;
  say(message);
  process.exitCode = isFlag ? 2 : 1;
}
