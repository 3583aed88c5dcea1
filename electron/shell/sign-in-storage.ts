import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Tokens } from '../../domain/account.ts';
import { addressesOf, regionIds } from '../../domain/regions.ts';
import { ok, refused, type Result } from '../../domain/toolbox/result.ts';
import { createSerialQueue } from '../../domain/toolbox/serial-queue.ts';
import { say } from '../../domain/words/say.ts';
import { tighten } from './private-files.ts';
import type { SystemKeyStore } from './key-store.ts';
import { storedFile } from './stored-file.ts';

const accountSchema = z.object({
  /** Null when addresses were given instead. */
  region: z.enum(regionIds).nullable(),
  addresses: z.object({ login: z.url(), api: z.url() }),
  clientId: z.string().min(1),
  /** Null after signing out: where to sign in stays known, who did is forgotten. */
  person: z.object({ id: z.string().min(1), name: z.string() }).nullable(),
});
/**
 * What is known of an account besides its tokens. Nothing of it is secret, and as it stands in the file anybody who
 * can write there may have written it: only what was sealed with the tokens says where these belong.
 */
export type StoredAccount = z.infer<typeof accountSchema>;

const fileSchema = z.discriminatedUnion('version', [
  // Sealed the tokens alone: nothing proves where they belong, so they are not used.
  accountSchema.extend({
    version: z.literal(1),
    sealed: z
      .base64()
      .nullable()
      .transform(() => null),
  }),
  accountSchema.extend({
    version: z.literal(2),
    /** `sealedSchema`, sealed by the key store, in base64. */
    sealed: z.base64().nullable(),
  }),
]);

const tokensSchema = z.object({
  accessToken: z.string().min(1),
  refreshToken: z.string().min(1).nullable(),
  obtainedAt: z.number(),
  expiresAt: z.number().nullable(),
}) satisfies z.ZodType<Tokens>;

const sealedSchema = z.object({ account: accountSchema, tokens: tokensSchema });

/** What the key store gave back. */
export interface OpenedSignIn {
  /** Null when there are none, or they may not be used; `problem` then says why. */
  readonly tokens: Tokens | null;
  /** As it was sealed with the tokens; null when that could not be opened. */
  readonly account: StoredAccount | null;
  readonly problem: string;
}

/** Addresses follow from the region, whatever stands beside it. */
function derived(account: StoredAccount): StoredAccount {
  const { region, addresses, clientId, person } = account;
  return { region, addresses: region === null ? addresses : addressesOf(region), clientId, person };
}

const isSame = (one: StoredAccount, other: StoredAccount): boolean =>
  JSON.stringify(accountSchema.parse(one)) === JSON.stringify(accountSchema.parse(other));

export interface SignInStorage {
  /** What is known without asking the key store, for showing and never for sending; the last one kept. */
  readonly account: StoredAccount | null;
  /** A file that says something else than what was sealed is refused. */
  readonly open: () => Promise<OpenedSignIn>;
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

/** Opens `account.json` in `folder`: owner-only, written whole or not at all, the tokens and their place sealed. */
export function openSignInStorage({ folder, keyStore, writable, now }: SignInStorageOptions): SignInStorage {
  const stored = storedFile(folder, name);
  const file = stored.path;
  tighten(file, 0o600);
  let setAside: string | null = null;
  let held: z.infer<typeof fileSchema> | null = null;
  const writes = createSerialQueue();

  const replaceWith = (next: z.infer<typeof fileSchema>): Promise<void> =>
    stored.write((store) => {
      store.store = next;
    });

  try {
    const found = stored.read();
    if (found !== undefined) held = fileSchema.parse(found, { jitless: true });
  } catch {
    const aside = join(folder, `${name}.unreadable-${now.toISOString().replace(/[:.]/g, '-')}.json`);
    if (succeeds(() => renameSync(file, aside))) setAside = aside;
  }

  /** The tokens and where they belong, sealed, in base64. */
  async function seal(account: StoredAccount, tokens: Tokens): Promise<Result<string>> {
    if (!writable) return refused(say('account.notKept.folder'));
    try {
      if (!(await keyStore.available())) return refused(say('account.notKept.noKeyStore'));
      return ok(Buffer.from(await keyStore.seal(JSON.stringify({ account, tokens }))).toString('base64'));
    } catch {
      // The error is not repeated: nobody knows what a key store puts into it.
      return refused(say('account.notKept.keyStore'));
    }
  }

  async function write(account: StoredAccount, tokens: Tokens | null): Promise<string> {
    const whose = derived(account);
    const sealed = tokens && (await seal(whose, tokens));
    const notSealed = sealed?.ok === false ? sealed.reason : '';
    const next = { version: 2 as const, ...whose, sealed: sealed?.ok ? sealed.value : null };
    held = next;
    if (!writable && tokens !== null) return notSealed;
    const isReplaced =
      writable &&
      (await replaceWith(next).then(
        () => true,
        () => false,
      ));
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
      return held && derived(held);
    },
    async open() {
      if (held === null || held.sealed === null) return { tokens: null, account: null, problem: '' };
      const beside = held;
      try {
        const opened = await keyStore.open(Buffer.from(held.sealed, 'base64'), (sealed) => {
          // Whoever signed out, or in, since then has had the last word.
          if (held !== beside || !writable) return;
          held = { ...beside, sealed: Buffer.from(sealed).toString('base64') };
          void replaceWith(held).catch(() => undefined);
        });
        const { account, tokens } = sealedSchema.parse(JSON.parse(opened));
        // What stands in the file is compared as it stands there: an address that is not the region's was edited.
        if (!isSame(account, beside) || !isSame(account, derived(account)))
          return { tokens: null, account: derived(account), problem: say('account.edited') };
        return { tokens, account, problem: '' };
      } catch {
        return { tokens: null, account: null, problem: say('account.sealed') };
      }
    },
    keep: (account, tokens) => writes.run(() => write(account, tokens)),
    settled: async () => {
      await writes.idle();
      await stored.settled();
    },
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
