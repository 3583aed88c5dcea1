import { ipcMain, type IpcMainInvokeEvent } from 'electron/main';
import {
  callNames,
  channelOf,
  mayCall,
  type CallName,
  type callsOf,
  type WindowRole,
} from '../../domain/ipc/channels.ts';
import type { CallArguments, CallReplies, Reply } from '../../domain/ipc/contract.ts';
import { excessOf } from '../../domain/toolbox/excess.ts';
import { loggedReasonOf, refused } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';

/** What main does for each call of one window: no call is missing, and none is too many. */
export type HandlersOf<Role extends WindowRole> = {
  readonly [Name in (typeof callsOf)[Role][number]]: (
    ...args: CallArguments[Name]
  ) => Promise<Reply<CallReplies[Name]>> | Reply<CallReplies[Name]>;
};
export type Handlers = { readonly [Role in WindowRole]: HandlersOf<Role> };

interface RouterParts {
  readonly handlers: Handlers;
  /** Which of our windows this frame is the top frame of, at our own address; `null` for anybody else. */
  readonly roleOf: (event: IpcMainInvokeEvent) => WindowRole | null;
  readonly log: (message: string) => void;
}

type AnyHandler = (...args: unknown[]) => Promise<Reply<unknown>> | Reply<unknown>;

/** The handler of a window for a call; null where that window may not make it. */
function handlerOf(handlers: Handlers, role: WindowRole | null, name: CallName): AnyHandler | null {
  if (role === null || !mayCall(role, name)) return null;
  // The map is checked call by call where it is made; here the parsed arguments meet their handler.
  return (handlers[role] as Readonly<Record<string, AnyHandler>>)[name] ?? null;
}

/**
 * One registration per channel. The sender is checked before the arguments are looked at, the arguments
 * before anything is done; every call is answered, and a refusal says why.
 */
export function openRouter({ handlers, roleOf, log }: RouterParts): () => void {
  for (const name of callNames) {
    ipcMain.handle(channelOf(name), async (event, ...args: unknown[]): Promise<Reply<unknown>> => {
      const handle = handlerOf(handlers, roleOf(event), name);
      if (handle === null) {
        log(`ipc: ${name} refused: the sender may not call it`);
        return refused(say('ipc.notAllowed'));
      }
      if (excessOf(args) !== null) {
        log(`ipc: ${name} refused: too much`);
        return refused(say('ipc.badArguments'));
      }
      // Loaded with the first call: a window shows something before it asks for anything.
      const { callArguments } = await import('../../domain/ipc/contract.ts');
      // A person makes these calls, each of them now and then: not worth making code for.
      const parsed = callArguments[name].safeParse(args, { jitless: true });
      if (!parsed.success) {
        log(`ipc: ${name} refused: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
        return refused(say('ipc.badArguments'));
      }
      try {
        return await handle(...parsed.data);
      } catch (error) {
        log(`ipc: ${name} failed: ${loggedReasonOf(error)}`);
        return refused(say('ipc.failed'));
      }
    });
  }
  return () => {
    for (const name of callNames) ipcMain.removeHandler(channelOf(name));
  };
}
