import type { SettingsChange } from '../../domain/settings.ts';
import { command, type CommandView } from '../state/command.ts';
import { rune, type Rune } from '../state/rune.ts';
import { getBridge } from './bridge.ts';

export interface Changing {
  readonly now: Rune<CommandView>;
  /** True when it is in force. A control whose change was refused goes back to what is. */
  readonly change: (change: SettingsChange) => Promise<boolean>;
}

/** How a section changes settings; its refusal is drawn by the section. Called while a component is made. */
export function changing(): Changing {
  const bridge = getBridge();
  const run = command((change: SettingsChange) => bridge.changeSettings(change));
  return { now: rune(run.store), change: (change) => run.fire(change) };
}
