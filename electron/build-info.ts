/** What this build was made for and of: baked into the main bundle. Sources run by themselves are a development build. */
export interface BuildInfo {
  /** `shipped` is what people get. `test` is the same program, but takes every switch of the browser engine. */
  readonly kind: 'development' | 'shipped' | 'test';
  /** Whether it was packed with the stand-in for the official Electron. */
  readonly standIn: boolean;
  /** Where newer versions lie, see `updateAddress`; null: only a policy can say it. */
  readonly updates: string | null;
  /** Of the code that is loaded from other files than the main bundle's own. SHA-256 in hex; null where nothing was built. */
  readonly digests: { readonly worker: string; readonly engine: string } | null;
}

declare const SHARELIGHT_BUILD: BuildInfo | undefined;

export const buildInfo: BuildInfo =
  typeof SHARELIGHT_BUILD === 'undefined'
    ? { kind: 'development', standIn: false, updates: null, digests: null }
    : SHARELIGHT_BUILD;
