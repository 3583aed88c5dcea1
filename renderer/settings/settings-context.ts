import { createContext } from 'svelte';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import type { SettingsChange } from '../../domain/settings.ts';
import { getBridge } from '../state/bridge.ts';
import { command, type Command } from '../state/command.ts';

/** What any section of the settings uses. Both are called while a component is initialised. */

/**
 * Changes settings. True when the change is in force; then `problem` may still say why it is not stored. A control
 * whose change was refused goes back to what is in force.
 */
export function settingsCommand(
  change: BridgeOf<'settings'>['changeSettings'] = getBridge<'settings'>().changeSettings,
): Command<[SettingsChange]> {
  return command(change, ({ notKept }) => notKept);
}

/** Whether settings are locked because the policy cannot be read: then nobody knows who set what. */
export const [getPolicyUnread, setPolicyUnread] = createContext<() => boolean>();
