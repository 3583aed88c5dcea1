import type { KeyKeeping } from './program-info.ts';
import { say } from './words/say.ts';

/** Everything Sharelight keeps on this computer: what, where, why and for how long, in words. */

const kinds = [
  'records',
  'backups',
  'key',
  'signIn',
  'preferences',
  'log',
  'demo',
  'opened',
  'update',
  'engine',
  'exports',
] as const;
type Kind = (typeof kinds)[number];

export interface KeptThing {
  readonly kind: Kind;
  readonly what: string;
  /** A path; words where it is the person's choice. */
  readonly where: string;
  readonly why: string;
  readonly howLong: string;
  readonly protection: string;
}

interface Kept {
  readonly dataFolder: string;
  /** Days; null: always. */
  readonly keepDays: number | null;
  /** Of the database in use; null where none is open. */
  readonly key: KeyKeeping | null;
}

/** Below the data folder; every file there belongs to one of them. */
const places: Readonly<Record<Exclude<Kind, 'exports'>, readonly string[]>> = {
  records: ['memory', '…', 'memory.db'],
  backups: ['memory', '…', 'backups'],
  key: ['memory', '…', 'key.json'],
  signIn: ['account.json'],
  preferences: ['preferences.json'],
  log: ['logs'],
  demo: ['demo-server.json'],
  opened: ['opened'],
  update: ['update'],
  engine: [''],
};

export function keptData({ dataFolder, keepDays, key }: Kept): readonly KeptThing[] {
  const separator = dataFolder.includes('\\') ? '\\' : '/';
  const where = (kind: Kind): string =>
    kind === 'exports'
      ? say('settings.kept.exports.where')
      : [dataFolder, ...places[kind].filter((part) => part !== '')].join(separator);
  const howLong = (kind: Kind): string => {
    if (kind !== 'records') return say(`settings.kept.${kind}.howLong`);
    return keepDays === null
      ? say('settings.kept.records.always')
      : say('settings.kept.records.days', { days: keepDays });
  };
  const protection = (kind: Kind): string =>
    kind === 'key' && key !== null
      ? say(`settings.data.key.${key}`)
      : say(`settings.kept.${kind}.protection`);
  return kinds.map((kind) => ({
    kind,
    what: say(`settings.kept.${kind}`),
    where: where(kind),
    why: say(`settings.kept.${kind}.why`),
    howLong: howLong(kind),
    protection: protection(kind),
  }));
}
