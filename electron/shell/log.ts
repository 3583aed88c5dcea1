import { join } from 'node:path';
import log from 'electron-log/main';
import type { StateSource } from '../../domain/state.ts';
import { redactText } from '../../domain/words/redact-text.ts';
import { say } from '../../domain/words/say.ts';
import { makePrivate } from './private-files.ts';

export interface Log {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (message: string) => void;
}

/** One log file in `folder`, at most 1 MiB and one older; every line is redacted on its way in. */
export function openLog(folder: string, writable: boolean): Log {
  log.transports.console.level = false;
  log.transports.ipc.level = false;
  log.transports.file.resolvePathFn = () => join(folder, 'logs', 'main.log');
  if (!writable) log.transports.file.level = false;
  // What is told there is this person's alone.
  log.transports.file.writeOptions = { ...log.transports.file.writeOptions, mode: 0o600 };
  if (writable) makePrivate(join(folder, 'logs'), ['main.log', 'main.old.log']);
  log.transports.file.maxSize = 1024 * 1024;
  log.hooks.push((message) => ({ ...message, data: message.data.map((part) => redactText(String(part))) }));
  log.errorHandler.startCatching({ showDialog: false });
  return {
    info: (message) => {
      log.info(message);
    },
    warn: (message) => {
      log.warn(message);
    },
    error: (message) => {
      log.error(message);
    },
  };
}

/** Prints each state as a line, for whoever has no screen to look at. Returns its stop. */
export function startPrintingStates(source: StateSource, print: (line: string) => void): () => void {
  let last = '';
  const printNew = (): void => {
    const { status, link, source: feed } = source.getState();
    const parts = [status.title, status.detail, status.next, link.words, feed.demo ? say('tray.demo') : ''];
    const line = parts.filter((part) => part !== '').join(' · ');
    if (line === last) return;
    last = line;
    print(`state: ${line}`);
  };
  printNew();
  return source.subscribe(printNew);
}
