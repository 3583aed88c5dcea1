import { createContext } from 'svelte';

/** Whether it is an unreadable policy that keeps settings from being changed: then nobody knows who set what. */
export const [getPolicyUnread, setPolicyUnread] = createContext<() => boolean>();
