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

/** What every call needs that an agent cannot do without; any one of `orElse` serves as well. */
const needed: readonly { readonly name: string; readonly orElse?: readonly string[] }[] = [
  { name: 'conversation:communication:view' },
  { name: 'conversation:participant:wrapup' },
  {
    // The change of a participant asks for any one of the three.
    name: 'conversation:communication:disconnect',
    orElse: ['conversation:participant:wrapup', 'conversation:call:record'],
  },
];

/** What having a permission would allow, in words. */
function describePermission(name: string): MissingPermission {
  return { name, allows: say(allowed[name] ?? 'permission.other') };
}

/** A star grants everything in its place; at the end (`conversation:*`) also whatever follows. */
function grants(granted: string, name: string): boolean {
  const parts = granted.split(':');
  const beyond = parts.at(-1) === '*' ? '*' : undefined;
  return name.split(':').every((part, index) => [part, '*'].includes(parts[index] ?? beyond ?? ''));
}

/** What Sharelight needs and is not among all the permissions a person has, as the server names them. */
export function notAmong(granted: readonly string[]): readonly MissingPermission[] {
  const isHeld = (name: string): boolean => granted.some((one) => grants(one, name));
  return needed
    .filter(({ name, orElse = [] }) => ![name, ...orElse].some(isHeld))
    .map(({ name }) => describePermission(name));
}

/** The permissions missing, each once, in the order they were found out. */
export function withMissing(
  known: readonly MissingPermission[],
  names: readonly string[],
): readonly MissingPermission[] {
  const fresh = [...new Set(names)].filter((name) => !known.some((permission) => permission.name === name));
  return fresh.length === 0 ? known : [...known, ...fresh.map(describePermission)];
}
