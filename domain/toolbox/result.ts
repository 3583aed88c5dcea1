/**
 * How something that may fail ends. A failure one can expect is a value with a reason in words for the person;
 * `throw` is for mistakes of our own. What goes to a window is a `Reply`, which has the same shape.
 */
export type Result<Value = null> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly reason: string };

export const done: Result = { ok: true, value: null };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refused(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message;
}

/** The same for the log: without words a server wrote, for they may name people. */
export function loggedReasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whatever was thrown, as an error. */
export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** Closes a switch: a value added to a union does not compile until it is handled. */
export function unreachable(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
