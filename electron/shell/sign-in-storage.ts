import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import type { Tokens } from '../../domain/account.ts';
import { regionIds } from '../../domain/regions.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import type { SystemKeyStore } from './key-store.ts';

const accountSchema = z.object({
  /** Null when addresses were given instead. */
  region: z.enum(regionIds).nullable(),
  addresses: z.object({ login: z.url(), api: z.url() }),
  clientId: z.string().min(1),
  /** Null after signing out: where to sign in stays known, who did is forgotten. */
  person: z.object({ id: z.string().min(1), name: z.string() }).nullable(),
});
/** What is known of an account besides its tokens; nothing of it is secret. */
export type StoredAccount = z.infer<typeof accountSchema>;

const fileSchema = accountSchema.extend({
  version: z.literal(1),
  /** The tokens, sealed by the key store, in base64. */
  sealed: z.base64().nullable(),
});

const tokensSchema = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullable(),
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
}) satisfies z.ZodType<Tokens>;

export interface SignInStorage {
  /** What is known without asking the key store; the last one kept. */
  readonly account: StoredAccount | null;
  /** Null when there are none, or they cannot be opened; `problem` then says why. */
  readonly tokens: () => Promise<{ readonly tokens: Tokens | null; readonly problem: string }>;
  /**
   * Never rejects. Empty when the disk says the same; else in words why the tokens are only known until the
   * program ends or, with none to keep, where earlier ones could not be removed.
   */
  readonly keep: (account: StoredAccount, tokens: Tokens | null) => Promise<string>;
  /** Resolves when everything kept so far is written. */
  readonly settled: () => Promise<void>;
  /** Where a file that could not be read was set aside; `null` when all was well. */
  readonly setAside: string | null;
}

interface SignInStorageOptions {
  readonly folder: string;
  readonly keyStore: SystemKeyStore;
  /** False: nothing can be written there. */
  readonly writable: boolean;
  readonly now: Date;
}

const name = 'account';

/** Opens `account.json` in `folder`: owner-only, written whole or not at all, the tokens in it sealed. */
export function openSignInStorage({ folder, keyStore, writable, now }: SignInStorageOptions): SignInStorage {
  const file = join(folder, `${name}.json`);
  let setAside: string | null = null;
  let held: z.infer<typeof fileSchema> | null = null;
  const writes = createSerialQueue();

  const store = (): Store =>
    new Store({
      cwd: folder,
      name,
      clearInvalidConfig: false,
      accessPropertiesByDotNotation: false,
      configFileMode: 0o600,
    });

  try {
    if (existsSync(file)) held = fileSchema.parse(store().store);
  } catch {
    const aside = join(folder, `${name}.unreadable-${now.toISOString().replace(/[:.]/g, '-')}.json`);
    if (succeeds(() => renameSync(file, aside))) setAside = aside;
  }

  /** The tokens in base64, sealed. */
  async function seal(tokens: Tokens): Promise<Result<string>> {
    if (!writable) return refused(say('account.notKept.folder'));
    try {
      if (!(await keyStore.available())) return refused(say('account.notKept.noKeyStore'));
      return ok(Buffer.from(await keyStore.seal(JSON.stringify(tokens))).toString('base64'));
    } catch {
      // The error is not repeated: nobody knows what a key store puts into it.
      return refused(say('account.notKept.keyStore'));
    }
  }

  async function write(account: StoredAccount, tokens: Tokens | null): Promise<string> {
    const sealed = tokens && (await seal(tokens));
    const notSealed = sealed?.ok === false ? sealed.reason : '';
    const next = { ...account, version: 1 as const, sealed: sealed?.ok ? sealed.value : null };
    held = next;
    if (!writable && tokens !== null) return notSealed;
    const isReplaced =
      writable &&
      succeeds(() => {
        store().store = next;
      });
    if (isReplaced) return notSealed;
    // What is there may hold tokens that are not to be used any more. Where the folder gives no file up, the
    // file itself may still be written.
    const isRemoved =
      succeeds(() => rmSync(file, { force: true })) ||
      succeeds(() => writeFileSync(file, JSON.stringify(next)));
    if (tokens !== null) return say('account.notKept.folder');
    return isRemoved ? '' : say('account.notForgotten', { file });
  }

  return {
    setAside,
    get account() {
      return held;
    },
    async tokens() {
      if (held === null || held.sealed === null) return { tokens: null, problem: '' };
      try {
        const opened = await keyStore.open(Buffer.from(held.sealed, 'base64'), (sealed) => {
          if (held === null || !writable) return;
          held = { ...held, sealed: Buffer.from(sealed).toString('base64') };
          store().store = held;
        });
        return { tokens: tokensSchema.parse(JSON.parse(opened)), problem: '' };
      } catch {
        return { tokens: null, problem: say('account.sealed') };
      }
    },
    keep: (account, tokens) => writes.run(() => write(account, tokens)),
    settled: writes.idle,
  };
}

function succeeds(work: () => void): boolean {
  try {
    work();
    return true;
  } catch {
    return false;
  }
}
