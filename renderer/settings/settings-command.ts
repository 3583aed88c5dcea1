import { createStore } from 'zustand/vanilla';
import type { BridgeOf } from '../../domain/ipc/contract.ts';
import type { SettingsChange } from '../../domain/settings.ts';
import { attempt, type Command, type CommandView } from '../state/command.ts';
import { rune, type Rune } from '../state/rune.ts';
import { getBridge } from './bridge.ts';

export interface Changing {
  /** `problem`: why the last change was refused, or is not kept. */
  readonly now: Rune<CommandView>;
  /** True when it is in force, kept or not. A control whose change was refused goes back to what is. */
  readonly change: (change: SettingsChange) => Promise<boolean>;
}

/** One change at a time, like any other command; but one that is only not kept is no refusal. */
export function settingsCommand(
  run: BridgeOf<'settings'>['changeSettings'],
): Pick<Command<[SettingsChange]>, 'store' | 'fire'> {
  const store = createStore<CommandView>(() => ({ busy: false, problem: '' }));

  async function fire(change: SettingsChange): Promise<boolean> {
    if (store.getState().busy) return false;
    store.setState({ busy: true, problem: '' });
    const reply = await attempt(() => run(change));
    store.setState({ busy: false, problem: reply.ok ? reply.value.notKept : reply.reason });
    return reply.ok;
  }

  return { store, fire };
}

/** How a section changes settings; what there is to say of it is drawn by the section. Called while a component is made. */
export function changing(): Changing {
  const bridge = getBridge();
  const { store, fire } = settingsCommand((change) => bridge.changeSettings(change));
  return { now: rune(store), change: fire };
}
