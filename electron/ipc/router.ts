import { ipcMain, type IpcMainInvokeEvent } from 'electron/main';
import { callNames, channelOf, mayCall, type CallName, type WindowRole } from '../../domain/ipc/channels.ts';
import {
  callArguments,
  type CallArguments,
  type CallReplies,
  type Reply,
} from '../../domain/ipc/contract.ts';
import { say } from '../../domain/words/say.ts';

/** What main does for each call. A string is a refusal, in words. */
export type Handlers = {
  readonly [Name in CallName]: (
    caller: WindowRole,
    ...args: CallArguments[Name]
  ) => Promise<Reply<CallReplies[Name]>> | Reply<CallReplies[Name]>;
};

interface RouterParts {
  readonly handlers: Handlers;
  /** Which of our windows this frame is the top frame of, at our own address; `null` for anybody else. */
  readonly roleOf: (event: IpcMainInvokeEvent) => WindowRole | null;
  readonly log: (message: string) => void;
}

type AnyHandler = (caller: WindowRole, ...args: unknown[]) => Promise<Reply<unknown>> | Reply<unknown>;

function refusal(reason: string): Reply<never> {
  return { ok: false, reason };
}

/**
 * One registration per channel. The sender is checked before the arguments are looked at, the arguments
 * before anything is done; every call is answered, and a refusal says why.
 */
export function openRouter({ handlers, roleOf, log }: RouterParts): () => void {
  for (const name of callNames) {
    // The map is checked call by call where it is made; here the parsed arguments meet their handler.
    const handle = handlers[name] as AnyHandler;
    ipcMain.handle(channelOf(name), async (event, ...args: unknown[]): Promise<Reply<unknown>> => {
      const role = roleOf(event);
      if (role === null || !mayCall(role, name)) {
        log(`ipc: ${name} refused: the sender may not call it`);
        return refusal(say('ipc.notAllowed'));
      }
      const parsed = callArguments[name].safeParse(args);
      if (!parsed.success) {
        log(`ipc: ${name} refused: ${parsed.error.issues.map((issue) => issue.path.join('.')).join(', ')}`);
        return refusal(say('ipc.badArguments'));
      }
      try {
        return await handle(role, ...parsed.data);
      } catch (error) {
        log(`ipc: ${name} failed: ${String(error)}`);
        return refusal(say('ipc.failed'));
      }
    });
  }
  return () => {
    for (const name of callNames) ipcMain.removeHandler(channelOf(name));
  };
}
