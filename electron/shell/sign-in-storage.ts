import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Store from 'electron-store';
import { z } from 'zod';
import type { Tokens } from '../../domain/account.ts';
import { regionIds } from '../../domain/regions.ts';
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

export interface Vault {
  /** What is known without asking the key store; the last one kept. */
  readonly account: StoredAccount | null;
  /** Null when there are none, or they cannot be opened; `problem` then says why. */
  tokens(): Promise<{ readonly tokens: Tokens | null; readonly problem: string }>;
  /**
   * Never rejects. Empty when the disk says the same; else in words why the tokens are only known until the
   * program ends or, with none to keep, where earlier ones could not be removed.
   */
  keep(account: StoredAccount, tokens: Tokens | null): Promise<string>;
  /** Resolves when everything kept so far is written. */
  settled(): Promise<void>;
  /** Where a file that could not be read was set aside; `null` when all was well. */
  readonly setAside: string | null;
}

export interface VaultOptions {
  readonly folder: string;
  readonly keyStore: SystemKeyStore;
  /** False: nothing can be written there. */
  readonly writable: boolean;
  readonly now: Date;
}

const name = 'account';

/** Opens `account.json` in `folder`: owner-only, written whole or not at all, the tokens in it sealed. */
export function openVault({ folder, keyStore, writable, now }: VaultOptions): Vault {
  const file = join(folder, `${name}.json`);
  let setAside: string | null = null;
  let held: z.infer<typeof fileSchema> | null = null;
  /** One write after the other: the last word is the one that stays. */
  let writing: Promise<unknown> = Promise.resolve();

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
    setAside = join(folder, `${name}.unreadable-${now.toISOString().replace(/[:.]/g, '-')}.json`);
    try {
      renameSync(file, setAside);
    } catch {
      setAside = null;
    }
  }

  async function seal(tokens: Tokens): Promise<{ readonly sealed: string | null; readonly why: string }> {
    if (!writable) return { sealed: null, why: say('account.notKept.folder') };
    try {
      if (!(await keyStore.available())) return { sealed: null, why: say('account.notKept.noKeyStore') };
      const sealed = await keyStore.seal(JSON.stringify(tokens));
      return { sealed: Buffer.from(sealed).toString('base64'), why: '' };
    } catch {
      // The error is not repeated: nobody knows what a key store puts into it.
      return { sealed: null, why: say('account.notKept.keyStore') };
    }
  }

  async function write(account: StoredAccount, tokens: Tokens | null): Promise<string> {
    const { sealed, why } = tokens ? await seal(tokens) : { sealed: null, why: '' };
    held = { ...account, version: 1, sealed };
    if (!writable && tokens !== null) return why;
    if (replaced(held)) return why;
    // What is there may hold tokens that are not to be used any more.
    const gone = removed(held);
    if (tokens !== null) return say('account.notKept.folder');
    return gone ? '' : say('account.notForgotten', { file });
  }

  function replaced(next: z.infer<typeof fileSchema>): boolean {
    if (!writable) return false;
    try {
      const opened = store();
      opened.store = next;
      return true;
    } catch {
      return false;
    }
  }

  /** Where the folder takes no new file and gives none up, the file itself may still take other words. */
  function removed(next: z.infer<typeof fileSchema>): boolean {
    try {
      rmSync(file, { force: true });
      return true;
    } catch {
      try {
        writeFileSync(file, JSON.stringify(next));
        return true;
      } catch {
        return false;
      }
    }
  }

  return {
    setAside,
    get account() {
      return held;
    },
    async tokens() {
      if (held?.sealed === null || held === null) return { tokens: null, problem: '' };
      try {
        const opened = await keyStore.open(Buffer.from(held.sealed, 'base64'));
        return { tokens: tokensSchema.parse(JSON.parse(opened)), problem: '' };
      } catch {
        return { tokens: null, problem: say('account.sealed') };
      }
    },
    keep(account, tokens) {
      const written = writing.then(() => write(account, tokens));
      writing = written;
      return written;
    },
    settled: () => writing.then(() => undefined),
  };
}
