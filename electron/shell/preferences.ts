import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type Store from 'electron-store';
import { z } from 'zod';
import { defaultSettings, settingKeys, type Settings } from '../../domain/settings.ts';
import { createDeferred } from '../../domain/toolbox/deferred.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { settingsChangeSchema } from '../../domain/settings-schema.ts';
import { tighten } from './private-files.ts';
import { storedFile } from './stored-file.ts';

/**
 * What may be lost without harm: settings, window places, whose account it is, what the person was already told, and
 * how an organisation has records deleted. What an agent wrote and what happened in a call is in the database.
 */
const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** The upper left corner a person chose, and which displays there were then; the size where that is theirs to choose. */
const placeSchema = z.object({
  /** `layoutOf` the displays, and the bounds of this one. */
  layout: z.string(),
  display: rectangleSchema,
  displayId: z.number(),
  x: z.number().int(),
  y: z.number().int(),
  width: z.int().positive().exactOptional(),
  height: z.int().positive().exactOptional(),
});
export type Place = z.infer<typeof placeSchema>;

const preferencesSchema = z.object({
  // Only what the person changed is kept: the rest follows our defaults as they change.
  ...settingsChangeSchema.shape,
  /** Where the person put the widget, for each layout of displays, the latest first. */
  widgetPlaces: z.array(placeSchema).default([]),
  /** The same of the windows beside it. */
  settingsPlaces: z.array(placeSchema).default([]),
  reviewPlaces: z.array(placeSchema).default([]),
  /** The real account whose database is opened when no feed says otherwise. */
  account: z
    .object({ id: z.string().min(1), name: z.string() })
    .nullable()
    .default(null),
  /** The person chose the demo when they were asked what to begin with. */
  demoChosen: z.boolean().default(false),
  /** The person was told that closing the window leaves Sharelight in the tray. */
  toldAboutTray: z.boolean().default(false),
  /** The person was told what a Wayland desktop keeps Sharelight from doing. */
  toldAboutWayland: z.boolean().default(false),
  /** Marks of the wrap-ups of which the person was told that they are too old to be sent. */
  toldTooOld: z.array(z.string()).readonly().default([]),
  /** For how many days records were kept when the person was told that older ones are deleted. */
  toldKeepDays: z.int().nullable().default(null),
  /** Where the person was told that finished records go, and how they are masked. */
  toldArchive: z.string().nullable().default(null),
  /** By account: for how many days its organisation has records kept, and from when on (epoch ms) that deletes. */
  policyDeletions: z.record(z.string(), z.object({ keepDays: z.int(), from: z.number() })).default({}),
  /** By account: when the gate before the first share of a day was last accepted, epoch ms. */
  gateAccepted: z.record(z.string(), z.number()).default({}),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export interface PreferencesFile {
  get(): Preferences;
  /** Counts at once; on the disk a moment later, and not before `startWriting`. */
  set(change: Partial<Preferences>): void;
  /** From now on changes are written: a start has no time for it. */
  startWriting(): void;
  /** Writes what was changed so far; resolves when it is on the disk, or cannot be. */
  settled(): Promise<void>;
  /** Where a file that could not be read was set aside; `null` when all was well. */
  readonly setAside: string | null;
  /** Why changes are not kept; `null` while they are. */
  problem(): string | null;
}

/** The person's own settings, whatever their organisation says. */
export function ownSettings(preferences: Preferences): Settings {
  const changed = settingKeys.filter((key) => preferences[key] !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(changed.map((key) => [key, preferences[key]])) };
}

const name = 'preferences';

type ReadPreferences =
  /** The defaults, where there is no file. */
  | { readonly kind: 'read'; readonly preferences: Preferences }
  | { readonly kind: 'unreadable'; readonly file: string };

function read(folder: string): Preferences {
  // Parsed once, so making code for it first would only take time.
  const found = storedFile(folder, name).read();
  return preferencesSchema.parse(found === undefined ? {} : found, { jitless: true });
}

/** What `preferences.json` in `folder` says, for whoever only looks: nothing on the disk changes. */
export function readPreferences(folder: string): ReadPreferences {
  try {
    return { kind: 'read', preferences: read(folder) };
  } catch {
    return { kind: 'unreadable', file: storedFile(folder, name).path };
  }
}

/**
 * Opens `preferences.json` in `folder`. A file that cannot be read is set aside under a dated name, never
 * deleted, and the defaults take over.
 */
export function openPreferences(folder: string, now: Date): PreferencesFile {
  const file = storedFile(folder, name);
  tighten(file.path, 0o600);
  let setAside: string | null = null;
  let problem: string | null = null;
  /** Null: what is there cannot be read and is in the way, so nothing is written either. */
  let found: Preferences | null = null;
  try {
    found = read(folder);
  } catch {
    try {
      if (existsSync(file.path)) {
        const aside = join(folder, `${name}.unreadable-${now.toISOString().replace(/[:.]/g, '-')}.json`);
        renameSync(file.path, aside);
        setAside = aside;
      }
      found = read(folder);
    } catch (error) {
      setAside = null;
      problem = reasonOf(error);
    }
  }
  let current = found ?? preferencesSchema.parse({});
  const mayWrite = createDeferred<null>();

  async function write(work: (store: Store) => void): Promise<void> {
    if (found === null) return;
    await mayWrite.promise;
    try {
      await file.write(work);
      problem = null;
    } catch (error) {
      problem = reasonOf(error);
    }
  }

  const writes = createSerialQueue();
  function change(next: Preferences, work: (store: Store) => void): void {
    current = next;
    void writes.run(() => write(work));
  }

  return {
    get: () => current,
    set: (changed) => {
      change({ ...current, ...changed }, (store) => {
        store.set(changed);
      });
    },
    startWriting: () => {
      mayWrite.resolve(null);
    },
    settled: async () => {
      mayWrite.resolve(null);
      await writes.idle();
    },
    setAside,
    problem: () => problem,
  };
}
