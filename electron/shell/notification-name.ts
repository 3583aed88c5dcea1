import { app } from 'electron/main';

/** Ours for good: Windows starts the program by it when a notification is clicked. */
const activatorId = '{6F0A5B0E-2C1D-4B7A-9C57-3C8B6B1D9E42}';

/** Without a name of our own Windows would know the program by another one at each start. Before the first is shown. */
export function nameNotifications(
  program: { readonly setToastActivatorCLSID?: (id: string) => void } = app,
): void {
  // As Windows' installer names it: it shows no notification of a program it does not know.
  app.setAppUserModelId('app.sharelight.desktop');
  program.setToastActivatorCLSID?.(activatorId);
}
