import { createContext } from 'svelte';

/** The keys that stop sharing inside this window, as an accelerator; for any component below the widget. */
export const [getStopKey, setStopKey] = createContext<() => string>();
