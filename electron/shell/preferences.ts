import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import { defaultSettings, formerStopKey, settingKeys, type Settings } from '../../domain/settings.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { settingsChangeSchema } from '../../domain/settings-schema.ts';
import { tighten } from './private-files.ts';

/**
 * Preferences and window places only: what may be lost without harm. Everything an agent wrote or a server
 * said lives in the database.
 */
const rectangleSchema = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

/** The upper left corner a person chose, and which displays there were then. */
const placeSchema = z.object({
  /** `layoutOf` the displays, and the bounds of this one; absent in files of older versions. */
  layout: z.string().optional(),
  display: rectangleSchema.optional(),
  displayId: z.number(),
  x: z.number().int(),
  y: z.number().int(),
});
export type Place = z.infer<typeof placeSchema>;

const preferencesSchema = z.object({
  // Only what the person changed is kept: the rest follows our defaults as they change.
  ...settingsChangeSchema.shape,
  /** Where the person put the widget, for each layout of displays, the latest first. */
  widgetPlaces: z.array(placeSchema).default([]),
  /** The same in files of older versions. */
  widgetPlace: placeSchema.nullable().default(null),
  /** The real account whose database is opened when no feed says otherwise. */
  account: z
    .object({ id: z.string().min(1), name: z.string() })
    .nullable()
    .default(null),
  /** The person was told that closing the window leaves Sharelight in the tray. */
  toldAboutTray: z.boolean().default(false),
  /** The person was told what a Wayland desktop keeps Sharelight from doing. */
  toldAboutWayland: z.boolean().default(false),
  /** The stop key was chosen when the default was today's: then even the former default is meant. */
  stopKeyChosen: z.boolean().default(false),
  /** Marks of the wrap-ups of which the person was told that they are too old to be sent. */
  toldTooOld: z.array(z.string()).readonly().default([]),
  /** For how many days records were kept when the person was told that older ones are deleted. */
  toldKeepDays: z.int().nullable().default(null),
  /** By account: for how many days its organisation has records kept, and from when on (epoch ms) that deletes. */
  policyDeletions: z.record(z.string(), z.object({ keepDays: z.int(), from: z.number() })).default({}),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export interface PreferencesFile {
  get(): Preferences;
  set(change: Partial<Preferences>): void;
  /** Where a file that could not be read was set aside; `null` when all was well. */
  readonly setAside: string | null;
  /** Why changes are not kept; `null` while they are. */
  problem(): string | null;
  /** The former default was stored as the stop key, and gave way to today's. */
  readonly stopKeyMoved: boolean;
}

/** The person's own settings, whatever their organisation says. */
export function ownSettings(preferences: Preferences): Settings {
  const changed = settingKeys.filter((key) => preferences[key] !== undefined);
  return { ...defaultSettings, ...Object.fromEntries(changed.map((key) => [key, preferences[key]])) };
}

const name = 'preferences';

function open(folder: string): { store: Store; preferences: Preferences } {
  // The whole file is checked once; electron-store never clears it for us.
  const store = new Store({
    cwd: folder,
    name,
    clearInvalidConfig: false,
    accessPropertiesByDotNotation: false,
    configFileMode: 0o600,
  });
  return { store, preferences: preferencesSchema.parse(store.store) };
}

type ReadPreferences =
  /** The defaults, where there is no file. */
  | { readonly kind: 'read'; readonly preferences: Preferences }
  | { readonly kind: 'unreadable'; readonly file: string };

/** What `preferences.json` in `folder` says, for whoever only looks: nothing on the disk changes. */
export function readPreferences(folder: string): ReadPreferences {
  const file = join(folder, `${name}.json`);
  try {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
    return { kind: 'read', preferences: preferencesSchema.parse(JSON.parse(text)) };
  } catch {
    return { kind: 'unreadable', file };
  }
}

/**
 * Opens `preferences.json` in `folder`. A file that cannot be read is set aside under a dated name, never
 * deleted, and the defaults take over.
 */
export function openPreferences(folder: string, now: Date): PreferencesFile {
  const file = join(folder, `${name}.json`);
  tighten(file, 0o600);
  let setAside: string | null = null;
  let problem: string | null = null;
  let opened: { store: Store; preferences: Preferences } | null = null;
  try {
    opened = open(folder);
  } catch {
    try {
      if (existsSync(file)) {
        setAside = join(folder, `${name}.unreadable-${now.toISOString().replace(/[:.]/g, '-')}.json`);
        renameSync(file, setAside);
      }
      opened = open(folder);
    } catch (error) {
      setAside = null;
      problem = reasonOf(error);
    }
  }
  let current = opened?.preferences ?? preferencesSchema.parse({});
  function write(work: (store: Store) => void): void {
    try {
      if (!opened) return;
      work(opened.store);
      problem = null;
    } catch (error) {
      problem = reasonOf(error);
    }
  }
  function set(change: Partial<Preferences>): void {
    const marked = 'stopKey' in change ? { ...change, stopKeyChosen: true } : change;
    current = { ...current, ...marked };
    write((store) => {
      store.set(marked);
    });
  }

  const stopKeyMoved = current.stopKey === formerStopKey && !current.stopKeyChosen;
  if (stopKeyMoved) {
    const { stopKey: _former, ...rest } = current;
    current = rest;
    write((store) => {
      store.delete('stopKey');
    });
  }
  return {
    get: () => current,
    set,
    stopKeyMoved,
    setAside,
    problem: () => problem,
  };
}
