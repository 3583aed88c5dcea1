import { timeoutWrapupCode } from '../model/values.ts';
import { say } from './say.ts';

/** A wrap-up code in words: its name, else the code as sent; what the server assigns for want of one is explained. */
export function codeWords(name: string | null | undefined, code: string | null | undefined): string {
  if (isTimeoutCode(code)) return say('code.timedOut', { code: timeoutWrapupCode });
  return name ?? code ?? say('conflict.noCode');
}

/** Nobody chose it: after-call work ran out without a code. */
export function isTimeoutCode(code: string | null | undefined): boolean {
  return code === timeoutWrapupCode;
}
