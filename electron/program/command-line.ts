import { parseArgs } from 'node:util';
import { verbs, type Verb } from '../../domain/hand-over.ts';
import {
  exportFormats,
  headingKinds,
  type ExportFormat,
  type HeadingKind,
} from '../../domain/exported-record.ts';
import { parseWrittenTime } from '../../domain/words/written-time.ts';
import { looksLikeDeepLink } from '../../domain/deep-link.ts';
import { say } from '../../domain/words/say.ts';
import { ok, refused, unreachable, type Result } from '../../domain/toolbox/result.ts';

const feeds = ['simulator', 'genesys'] as const;
const keys = ['system', 'file'] as const;
const firstRuns = ['ask', 'demo'] as const;

/** What the command line asks for. */
export interface Flags {
  readonly userDataDir: string | null;
  /** Whether somebody without an account is asked what to do; null: as it is usual. */
  readonly firstRun: (typeof firstRuns)[number] | null;
  readonly feed: (typeof feeds)[number] | null;
  readonly api: URL | null;
  readonly login: URL | null;
  /** Where finished records go in this run, see `archiveOrigin`. */
  readonly archive: string | null;
  /** The file with the access token; `-` for standard input. */
  readonly tokenFile: string | null;
  readonly key: (typeof keys)[number];
  readonly hidden: boolean;
  readonly task: Task | null;
  /** What the program that runs is to do. */
  readonly verb: Verb | null;
  /** A link the desktop started the program for, as it came. */
  readonly link: string | null;
}

/** Something done without a window. Times are ISO-8601. */
export type Task =
  | {
      readonly kind: 'export';
      readonly format: ExportFormat;
      /** Of a CSV. */
      readonly headings: HeadingKind;
      readonly since: string | null;
      readonly until: string | null;
      readonly redact: boolean;
    }
  | { readonly kind: 'verify' }
  | { readonly kind: 'diagnostics'; readonly file: string };

const ours = {
  'user-data-dir': { type: 'string' },
  feed: { type: 'string' },
  api: { type: 'string' },
  login: { type: 'string' },
  archive: { type: 'string' },
  'token-file': { type: 'string' },
  key: { type: 'string' },
  'first-run': { type: 'string' },
  hidden: { type: 'boolean' },
  export: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
  headings: { type: 'string' },
  redact: { type: 'boolean' },
  verify: { type: 'boolean' },
  diagnostics: { type: 'string' },
  answer: { type: 'boolean' },
  decline: { type: 'boolean' },
  stop: { type: 'boolean' },
  show: { type: 'boolean' },
  hide: { type: 'boolean' },
} as const;
type Name = keyof typeof ours;

/** The names of the program's own flags, without dashes. */
export const ownFlags: readonly string[] = Object.keys(ours);

/**
 * Switches of Chromium, Electron and Node that people and tools pass along in development. They are not ours to
 * judge; anything else that we do not know is a mistake worth saying. What the shipped program takes of them is
 * in `engine-switches.ts`.
 */
const passedOn = [
  /^(?:no|disable|enable|force|allow|use|ignore|unsafely|log|trace|remote|inspect|ozone|proxy|host|gtk|js|v8|max|disk|renderer|gpu|font|touch)(?:-|$)/,
  /^(?:r|lang|v|vmodule|class|name|headless|password-store|in-process-gpu|test-type|updated|original-process-start-time|user-agent|require|import|auth-server-allowlist|ssl-key-log-file|high-dpi-support|device-scale-factor)$/,
  /^(?:squirrel|vsync|field-trial|metrics|crashpad|type$|experimental)/,
];

/** What a system itself adds: Finder, and Windows where a click on a notification starts the program. */
const added: Partial<Record<NodeJS.Platform, RegExp>> = {
  darwin: /^-psn_\d+_\d+$/,
  win32: /^[-/]Embedding$/i,
};

/** The arguments without what nobody has typed. */
export function withoutAdded(args: readonly string[], platform: NodeJS.Platform): readonly string[] {
  return args.filter((arg) => added[platform]?.test(arg) !== true);
}

class WrongFlag extends Error {}

const asTyped = (name: Name): string => `--${name}`;

/** Base URLs are https, or http to this machine only; a path, a query or a password has no place in them. */
function baseUrl(name: Name, value: string): URL {
  const flag = asTyped(name);
  const example = `${flag} https://${name}.${name === 'archive' ? 'example.com' : 'mypurecloud.com'}`;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url) throw new WrongFlag(say('flag.notAnAddress', { flag, example, value }));
  // Not repeated: what is too much may be a password.
  if (url.href !== `${url.origin}/`) throw new WrongFlag(say('flag.addressTooLong', { flag, example }));
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback)) return url;
  throw new WrongFlag(say('flag.unprotected', { flag, value }));
}

function oneOf<Choice extends string>(flag: Name, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === value);
  if (choice) return choice;
  throw new WrongFlag(say('flag.notOneOf', { flag: asTyped(flag), choices: choices.join(', '), value }));
}

/** ISO-8601 in UTC; a day counts from its beginning and until its end. */
function moment(flag: 'since' | 'until', value: string | undefined, now: number): string | null {
  if (value === undefined) return null;
  const at = parseWrittenTime(value, now);
  if (at === null || at === 'noSuchTime')
    throw new WrongFlag(say('flag.notAMoment', { flag: asTyped(flag), value }));
  return new Date(flag === 'since' ? at.from : at.to).toISOString();
}

/** The link among what the program was started with; anybody may write one, so no flag may hide behind it. */
function withoutLink(args: readonly string[]): {
  readonly own: readonly string[];
  readonly link: string | null;
} {
  const at = args.findIndex(looksLikeDeepLink);
  if (at < 0) return { own: args, link: null };
  if (at < args.length - 1) throw new WrongFlag(say('flag.afterLink'));
  return { own: args.slice(0, at), link: args[at] ?? null };
}

type Values = Partial<Record<Name, string | true>>;

function collect(args: readonly string[]): Values {
  const { tokens } = parseArgs({ args: [...args], options: ours, strict: false, tokens: true });
  const values: Values = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!Object.hasOwn(ours, token.name)) {
      if (passedOn.some((pattern) => pattern.test(token.name))) continue;
      const known = (Object.keys(ours) as Name[]).map(asTyped).join(' ');
      throw new WrongFlag(say('flag.unknown', { flag: token.rawName, known }));
    }
    const name = token.name as Name;
    if (ours[name].type === 'boolean') {
      if (token.value !== undefined)
        throw new WrongFlag(say('flag.takesNoValue', { flag: asTyped(name), value: token.value }));
      values[name] = true;
    } else {
      if (token.value === undefined || token.value === '' || token.value.startsWith('--'))
        throw new WrongFlag(say('flag.needsValue', { flag: asTyped(name) }));
      values[name] = token.value;
    }
  }
  return values;
}

function text(values: Values, name: Name): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function taskOf(values: Values, now: number): Task | null {
  const asked = (['export', 'verify', 'diagnostics'] as const).filter((name) => values[name] !== undefined);
  const [kind, second] = asked;
  if (kind !== undefined && second !== undefined)
    throw new WrongFlag(say('flag.together', { flag: asTyped(kind), other: asTyped(second) }));
  if (kind !== 'export') {
    const stray = (['since', 'until', 'headings', 'redact'] as const).find(
      (name) => values[name] !== undefined,
    );
    if (stray) throw new WrongFlag(say('flag.onlyExport', { flag: asTyped(stray) }));
  }
  switch (kind) {
    case 'verify':
      return { kind };
    case 'diagnostics':
      return { kind, file: text(values, 'diagnostics') ?? '' };
    case 'export': {
      const since = moment('since', text(values, 'since'), now);
      const until = moment('until', text(values, 'until'), now);
      if (since !== null && until !== null && Date.parse(since) >= Date.parse(until))
        throw new WrongFlag(say('flag.sinceAfterUntil'));
      const format = oneOf('export', text(values, 'export') ?? '', exportFormats);
      if (values.headings !== undefined && format !== 'csv')
        throw new WrongFlag(say('flag.onlyCsv', { flag: asTyped('headings') }));
      // Programs read it, so the names of the fields are what they get unless words are asked for.
      const headings = oneOf('headings', text(values, 'headings') ?? 'fields', headingKinds);
      return { kind, format, headings, since, until, redact: values.redact === true };
    }
    case undefined:
      return null;
    default:
      return unreachable(kind);
  }
}

/** Beside it only the data folder has a place: what runs is what it is. */
function verbOf(values: Values): Verb | null {
  const verb = verbs.find((each) => values[each] !== undefined) ?? null;
  if (verb === null) return null;
  const beside = (Object.keys(values) as Name[]).find((name) => name !== verb && name !== 'user-data-dir');
  if (beside === undefined) return verb;
  throw new WrongFlag(say('flag.together', { flag: asTyped(verb), other: asTyped(beside) }));
}

/**
 * Reads the flags of product and automation alike.
 *
 * @param args the arguments after the program (and after the app folder, in development)
 * @param now epoch ms, for ages such as `7d`
 */
export function readFlags(args: readonly string[], now: number): Result<Flags> {
  try {
    const { own, link } = withoutLink(args);
    const values = collect(own);
    const verb = verbOf(values);
    const api = text(values, 'api');
    const login = text(values, 'login');
    const archive = text(values, 'archive');
    const feed = text(values, 'feed');
    const key = text(values, 'key');
    const firstRun = text(values, 'first-run');
    return ok({
      userDataDir: text(values, 'user-data-dir') ?? null,
      tokenFile: text(values, 'token-file') ?? null,
      feed: feed === undefined ? null : oneOf('feed', feed, feeds),
      api: api === undefined ? null : baseUrl('api', api),
      login: login === undefined ? null : baseUrl('login', login),
      archive: archive === undefined ? null : baseUrl('archive', archive).origin,
      firstRun: firstRun === undefined ? null : oneOf('first-run', firstRun, firstRuns),
      key: key === undefined ? 'system' : oneOf('key', key, keys),
      hidden: values.hidden === true,
      task: taskOf(values, now),
      verb,
      link,
    });
  } catch (error) {
    if (error instanceof WrongFlag) return refused(error.message);
    throw error;
  }
}
