import { join } from 'node:path';
import type { StateSource } from '../../domain/state.ts';
import { redactLogLines } from '../../domain/words/redact-log-lines.ts';
import { detailLine } from '../../domain/present/status.ts';
import { say } from '../../domain/words/say.ts';
import { makePrivate } from './private-files.ts';
import { readableTrace } from './readable-trace.ts';

export interface Log {
  readonly info: (message: string) => void;
  readonly warn: (message: string) => void;
  readonly error: (message: string) => void;
  /** Writes what was said so far, and from now on each line as it comes. Rejects where it cannot be loaded. */
  readonly open: () => Promise<void>;
}

type Level = 'info' | 'warn' | 'error';
interface Line {
  readonly level: Level;
  readonly data: readonly string[];
  readonly date: Date;
}

/**
 * One log file in `folder`, at most 1 MiB and one older; every line is redacted on its way in. Lines wait until it is
 * opened: what writes them is loaded then. An error nobody caught is a line too, and opens it.
 */
export function openLog(folder: string, writable: boolean): Log {
  let waiting: Line[] = [];
  let write = (line: Line): void => void waiting.push(line);
  let opening: Promise<void> | null = null;

  async function open(): Promise<void> {
    const { default: log } = await import('electron-log/main');
    log.transports.console.level = false;
    log.transports.ipc.level = false;
    log.transports.file.resolvePathFn = () => join(folder, 'logs', 'main.log');
    if (!writable) log.transports.file.level = false;
    // What is told there is this person's alone.
    log.transports.file.writeOptions = { ...log.transports.file.writeOptions, mode: 0o600 };
    if (writable) makePrivate(join(folder, 'logs'), ['main.log', 'main.old.log']);
    log.transports.file.maxSize = 1024 * 1024;
    log.hooks.push((message) => ({
      ...message,
      data: message.data.map((part) => redactLogLines(String(part))),
    }));
    const said = waiting;
    waiting = [];
    write = (line) => {
      log.processMessage({ ...line, data: [...line.data] });
    };
    for (const line of said) write(line);
  }

  const opened = (): Promise<void> => (opening ??= open());
  const line =
    (level: Level) =>
    (message: string): void => {
      write({ level, data: [message], date: new Date() });
    };
  const uncaught = (what: string) => (error: unknown) => {
    line('error')(`${what}: ${readableTrace(error)}`);
    // Where there is no log, nothing else is to be done.
    opened().catch(() => undefined);
  };
  process.on('uncaughtException', uncaught('uncaught'));
  process.on('unhandledRejection', uncaught('unhandled rejection'));
  return { info: line('info'), warn: line('warn'), error: line('error'), open: opened };
}

/** Prints each state as a line, for whoever has no screen to look at. Returns its stop. */
export function startPrintingStates(source: StateSource, print: (line: string) => void): () => void {
  let last = '';
  const printNew = (): void => {
    const { status, link, source: feed } = source.getState();
    const parts = [
      status.title,
      detailLine(status),
      status.next,
      link.words,
      feed.demo ? say('tray.demo') : '',
    ];
    const line = parts.filter((part) => part !== '').join(' · ');
    if (line === last) return;
    last = line;
    print(`state: ${line}`);
  };
  printNew();
  return source.subscribe(printNew);
}
