import { missingPermissions } from './errors.ts';
import type { World } from './world.ts';

/** What the agent's role has, unless the world withholds it. */
const ROLE: readonly string[] = [
  'acdscreenshare:session:view',
  'conversation:communication:disconnect',
  'conversation:communication:view',
  'conversation:participant:wrapup',
  'conversation:settings:view',
  'routing:queue:view',
];

/** The permissions of the agent, in the order the service lists them. */
export function permissionsOf({ settings }: World): string[] {
  return ROLE.filter((permission) => !settings.withheld.includes(permission));
}

/** @throws WireError 403 when the agent has none of `anyOf`; an endpoint that needs none lists none */
export function requirePermission(world: World, anyOf: readonly string[]): void {
  const held = permissionsOf(world);
  if (anyOf.length > 0 && !anyOf.some((permission) => held.includes(permission)))
    throw missingPermissions(anyOf);
}
