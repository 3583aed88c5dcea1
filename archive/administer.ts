import { open, problemOf, Stop, type Role } from './database/database.ts';

/** What administrators do by hand, each with a name and a reason, which the archive notes. */

type Given = Readonly<Partial<Record<string, string>>>;

interface Act {
  readonly role: Role;
  readonly sql: string;
  readonly values: (given: Given) => unknown[];
  readonly needs: readonly string[];
  readonly said: (result: unknown) => string;
}

const keysOf = (key: string | undefined): Buffer[] | null => {
  if (key === undefined) return null;
  const keys = key.split(',');
  if (!keys.every((each) => /^[0-9a-f]{64}$/.test(each)))
    throw new Stop('--key: give keys of records, with commas.');
  return keys.map((each) => Buffer.from(each, 'hex'));
};

const acts: Readonly<Record<string, Act>> = {
  erase: {
    role: 'archive_dpo',
    sql: 'select archive.erase($1, $2, $3, $4) as result',
    needs: ['organisation', 'by', 'reason'],
    values: ({ key, agent, by, reason }) => {
      if (key === undefined && agent === undefined) throw new Stop('erase needs --agent or --key.');
      return [keysOf(key), agent ?? null, by, reason];
    },
    said: (result) =>
      `${String(result)} revisions deleted. The digests of their keys stay, and keep them away.`,
  },
  hold: {
    role: 'archive_retention',
    sql: 'select archive.hold($1, $2, $3, $4, $5) as result',
    needs: ['organisation', 'by', 'reason'],
    values: ({ agent, since, until, by, reason }) => [
      agent ?? null,
      since ?? null,
      until ?? null,
      by,
      reason,
    ],
    said: (result) => `${String(result)} revisions copied; they outlive their months.`,
  },
  'drop-months': {
    role: 'archive_retention',
    sql: 'select archive.drop_before($1, $2, $3) as result',
    needs: ['before', 'by', 'reason'],
    values: ({ before, by, reason }) => [before, by, reason],
    said: (result) => `Dropped: ${(result as string[]).join(', ') || 'nothing'}.`,
  },
};

/** @throws Stop */
export async function administer(command: string, given: Given): Promise<string> {
  const act = Object.hasOwn(acts, command) ? acts[command] : undefined;
  if (!act) throw new Stop(`${command}: give nothing, migrate, ${Object.keys(acts).join(', ')}.`);
  const { database: url, organisation: orgId } = given;
  const lacking = [...act.needs, 'database'].filter((name) => given[name] === undefined);
  if (url === undefined || lacking.length > 0)
    throw new Stop(`${command} needs ${lacking.map((name) => `--${name}`).join(', ')}.`);
  const values = act.values(given);
  const database = open(url, 1);
  try {
    return await database.as(act.role, orgId === undefined ? {} : { orgId }, async (client) => {
      const { rows } = await client.query<{ result: unknown }>(act.sql, values);
      return act.said(rows[0]?.result);
    });
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    throw new Stop(code.startsWith('22') ? message : `The database cannot do this: ${problemOf(error)}`);
  } finally {
    await database.close();
  }
}
