import type { MissingPermission } from './account.ts';
import { say, type MessageKey } from './words/say.ts';

/** Permissions of the calls Sharelight makes, from the reference of the public API. */
const allowed: Readonly<Record<string, MessageKey>> = {
  'conversation:communication:view': 'permission.communicationView',
  'conversation:participant:wrapup': 'permission.participantWrapup',
  'conversation:communication:disconnect': 'permission.communicationDisconnect',
  'conversation:settings:view': 'permission.settingsView',
  'routing:queue:view': 'permission.queueView',
};

/** What having a permission would allow, in words. */
export function describePermission(name: string): MissingPermission {
  return { name, allows: say(allowed[name] ?? 'permission.other') };
}

/** The permissions missing, each once, in the order they were found out. */
export function withMissing(
  known: readonly MissingPermission[],
  names: readonly string[],
): readonly MissingPermission[] {
  const fresh = [...new Set(names)].filter((name) => !known.some((permission) => permission.name === name));
  return fresh.length === 0 ? known : [...known, ...fresh.map(describePermission)];
}
