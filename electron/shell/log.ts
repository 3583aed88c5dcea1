import { join } from 'node:path';
import log from 'electron-log/main';
import { redactText } from '../../domain/words/redact-text.ts';

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
