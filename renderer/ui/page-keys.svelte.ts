import { createContext } from 'svelte';
import type { Bridge, BridgeOf } from '../../domain/ipc/contract.ts';
import type { TextSizeStep } from '../../domain/text-size.ts';
import { attempt } from '../state/command.ts';
import { isFor } from './keyboard.ts';

/** Whether the list of keys is open. */
export interface KeyHelp {
  isOpen: boolean;
}
export const [getKeyHelp, setKeyHelp] = createContext<KeyHelp>();

/** What a page may ask for of what these keys do; it need not open itself. */
type Asked = Partial<Pick<Bridge, 'stepTextSize' | 'openReview'> & Pick<BridgeOf<'review'>, 'openSettings'>>;

const sizes: readonly (readonly ['larger' | 'smaller' | 'normalSize', TextSizeStep])[] = [
  ['larger', 'larger'],
  ['smaller', 'smaller'],
  ['normalSize', 'normal'],
];

/** The keys that work in every window, before anything in it hears of them. */
export function listenForPageKeys(bridge: Asked, help: KeyHelp): (event: KeyboardEvent) => void {
  function actionFor(event: KeyboardEvent): (() => unknown) | undefined {
    const size = sizes.find(([id]) => isFor(id, event))?.[1];
    const { stepTextSize, openSettings, openReview } = bridge;
    if (size !== undefined && stepTextSize) return () => attempt(() => stepTextSize({ step: size }));
    if (openSettings && isFor('settings', event)) return () => attempt(openSettings);
    if (openReview && isFor('review', event)) return () => attempt(openReview);
    // Not over a question.
    const isAsked = document.querySelector('dialog[open]') !== null;
    return isFor('help', event) && !isAsked ? () => (help.isOpen = !help.isOpen) : undefined;
  }
  return (event) => {
    // Where new keys are chosen every key is one of them.
    if (event.target instanceof Element && event.target.closest('[data-takes-keys]')) return;
    const act = event.repeat ? undefined : actionFor(event);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
}
