import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { parsePolicy, type OrganisationPolicy } from '../../domain/organisation-policy.ts';
import { ok, reasonOf, refused, type Result } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { policyOfRegistry } from './policy-registry.ts';

/**
 * A policy counts only where nobody but an administrator can have put it: in places this program knows, whatever its
 * environment says. On Windows that is the registry; any user may make a folder in ProgramData.
 */
export interface PolicySystem {
  readonly platform: NodeJS.Platform;
  /** @throws with a `code`, such as ENOENT */
  readonly lstat: (path: string) => { readonly uid: number; readonly mode: number; readonly isLink: boolean };
  /** @throws */
  readonly readLink: (path: string) => string;
  /** @throws */
  readonly readText: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** Where the system's own programs are, without asking the environment. */
  readonly systemFolder: () => string;
  /** Runs one of them; `status` is null when it could not be run. */
  readonly run: (
    program: string,
    args: readonly string[],
  ) => { readonly status: number | null; readonly stdout: string };
}

/** What there is, and what lies in a place that is not trusted (any more), if anything. */
export interface FoundPolicy {
  readonly policy: OrganisationPolicy;
  readonly untrusted: string | null;
}

const policyKey = 'HKLM\\Software\\Policies\\Sharelight';
const untrustedOnWindows = 'C:\\ProgramData\\Sharelight\\policy.json';

/** First one first. */
export function policyFiles(platform: NodeJS.Platform): readonly string[] {
  if (platform === 'win32') return [];
  if (platform === 'darwin') return ['/Library/Application Support/Sharelight/policy.json'];
  return ['/etc/sharelight/policy.json', '/etc/xdg/sharelight/policy.json'];
}

/** Finds the organisation's policy. One that cannot be read, or trusted, is never treated as none. */
export function readPolicy(system: PolicySystem = thisSystem): FoundPolicy {
  if (system.platform === 'win32') return readRegistry(system);
  for (const file of policyFiles(system.platform)) {
    try {
      const place = trustedPlace(system, file);
      const policy: OrganisationPolicy = place.ok
        ? parsePolicy(file, system.readText(place.value))
        : { kind: 'unreadable', file, reason: place.reason };
      return { policy, untrusted: null };
    } catch (error) {
      if (isNotThere(error)) continue;
      return { policy: { kind: 'unreadable', file, reason: reasonOf(error) }, untrusted: null };
    }
  }
  return { policy: { kind: 'none' }, untrusted: null };
}

function isNotThere(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

const writableByOthers = 0o022;
const linksAtMost = 16;

/**
 * The place itself, links followed, if root owns it and every folder and link on the way there, and nobody else may
 * write to any of them. Then nobody else can change what is read from it either. @throws where something is not there
 */
function trustedPlace(system: PolicySystem, path: string, links = 0): Result<string> {
  let place = '/';
  const names = ['', ...path.split('/').filter((name) => name !== '')];
  for (const [index, name] of names.entries()) {
    place = posix.join(place, name);
    const { uid, mode, isLink } = system.lstat(place);
    if (uid !== 0) return refused(say('settings.policy.owner', { place }));
    if (isLink) {
      if (links >= linksAtMost) return refused(say('settings.policy.links', { place }));
      // Links have no permissions of their own: whoever may write to the folder may change them.
      const target = posix.resolve(posix.dirname(place), system.readLink(place));
      return trustedPlace(system, posix.join(target, ...names.slice(index + 1)), links + 1);
    }
    if ((mode & writableByOthers) !== 0) return refused(say('settings.policy.writable', { place }));
  }
  return ok(place);
}

function readRegistry({ exists, run, systemFolder }: PolicySystem): FoundPolicy {
  const reg = win32.join(systemFolder(), 'reg.exe');
  const query = (key: string) => run(reg, ['query', key, '/reg:64']);
  const { status, stdout } = query(policyKey);
  if (status === 0) return { policy: policyOfRegistry(policyKey, stdout), untrusted: null };
  // A key that may not be read ends the same way as one that is not there; the one above it may be read by all.
  const above = query(win32.dirname(policyKey));
  const names = above.stdout.split(/\r?\n/).map((line) => win32.basename(line.trim()).toLowerCase());
  if (above.status === 0 && !names.includes('sharelight')) {
    return { policy: { kind: 'none' }, untrusted: exists(untrustedOnWindows) ? untrustedOnWindows : null };
  }
  const reason = say('settings.policy.registry');
  return { policy: { kind: 'unreadable', file: policyKey, reason }, untrusted: null };
}

interface ProcessReport {
  readonly sharedObjects?: readonly string[];
}

/** The system's folder as the loader knows it: `ntdll.dll` is loaded into every process, and only from there. */
export function systemFolderOf({ sharedObjects = [] }: ProcessReport): string {
  const ntdll = sharedObjects.find((file) => /^[a-z]:\\.*\\ntdll\.dll$/i.test(file));
  return ntdll === undefined ? 'C:\\Windows\\System32' : win32.dirname(ntdll);
}

/** Hangs no start: the registry answers at once or something is wrong with it. */
const registryMs = 10_000;

const thisSystem: PolicySystem = {
  platform: process.platform,
  lstat: (path) => {
    const stats = lstatSync(path);
    return { uid: stats.uid, mode: stats.mode, isLink: stats.isSymbolicLink() };
  },
  readLink: (path) => readlinkSync(path, 'utf8'),
  readText: (path) => readFileSync(path, 'utf8'),
  exists: existsSync,
  systemFolder: () => systemFolderOf(process.report.getReport()),
  run: (program, args) => {
    const folder = win32.dirname(program);
    const root = win32.dirname(folder);
    try {
      const stdout = execFileSync(program, args, {
        encoding: 'utf8',
        cwd: folder,
        // Nothing of our own environment: what is missing here, Node would take from there.
        env: { SystemRoot: root, windir: root, PATH: folder, TEMP: folder, SystemDrive: root.slice(0, 2) },
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: registryMs,
        windowsHide: true,
      });
      return { status: 0, stdout };
    } catch (error) {
      const status = error instanceof Error && 'status' in error ? error.status : null;
      return { status: typeof status === 'number' ? status : null, stdout: '' };
    }
  },
};
