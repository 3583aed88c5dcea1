import { z } from 'zod';
import { demoToken } from '../../domain/archive/archive-settings.ts';
import { Problem } from './problem.ts';

/** Who somebody is, as Genesys says about their own token. */
export interface SignedIn {
  readonly orgId: string;
  readonly agentId: string;
  readonly name: string;
  readonly divisionId: string;
  /** Where they may look at others; empty for who may not. */
  readonly divisions: readonly string[];
}

const permission = { domain: 'analytics', entity: 'conversationDetail', action: 'view' } as const;
const permissionName = `${permission.domain}:${permission.entity}:${permission.action}`;

const id = z.string().min(1).max(120);
const named = z.looseObject({ id });
const grantSchema = z.looseObject({
  division: named.nullish(),
  role: z
    .looseObject({
      policies: z
        .array(
          z.looseObject({
            domain: z.string().nullish(),
            entityName: z.string().nullish(),
            actions: z.array(z.string()).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
const meSchema = z.looseObject({
  id,
  name: z.string().max(300).nullish(),
  division: named.nullish(),
  divisions: z.array(z.union([id, named])).nullish(),
  organization: named.nullish(),
  authorization: z
    .looseObject({
      permissions: z.array(z.string()).nullish(),
      divisions: z.array(z.union([id, named])).nullish(),
      grants: z.array(grantSchema).nullish(),
    })
    .nullish(),
});
type Me = z.infer<typeof meSchema>;
const permittedSchema = z.looseObject({ entities: z.array(named), nextUri: z.string().nullish() });

export interface Genesys {
  /** Throws `Problem`. */
  readonly whoIs: (accessToken: string) => Promise<SignedIn>;
}

interface GenesysOptions {
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
  /** It is only tried: the demo of a desk on this computer may say who it is, within an organisation of its own. */
  readonly takesDemo?: boolean;
}

/** @param base `https://api.mypurecloud.com`: the one region this archive is for */
export function createGenesys(base: string, options: GenesysOptions = {}): Genesys {
  const { fetch: request = fetch, timeoutMs = 10_000, takesDemo = false } = options;
  const host = new URL(base).host;

  async function ask(path: string, accessToken: string): Promise<unknown> {
    let answer: Response;
    try {
      answer = await request(`${base.replace(/\/$/, '')}${path}`, {
        headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
        // The token goes to the one region alone.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch {
      throw new Problem('genesys', `Genesys Cloud (${host}) cannot be reached from the archive.`, 10);
    }
    if (answer.status === 401)
      throw new Problem(
        'token',
        `Genesys Cloud (${host}) does not know this access token: it is wrong, has expired, or is of another region.`,
      );
    if (answer.status === 429)
      throw new Problem('too-many', `Genesys Cloud (${host}) asks the archive to wait.`, 30);
    if (answer.status >= 500 || answer.status < 200)
      throw new Problem('genesys', `Genesys Cloud (${host}) answers with ${answer.status}.`, 10);
    if (!answer.ok) throw new Problem('genesys', `Genesys Cloud (${host}) answers with ${answer.status}.`);
    try {
      return JSON.parse(await answer.text());
    } catch {
      throw new Problem(
        'genesys',
        `What answers at ${host} is not Genesys Cloud; a network may ask to sign in.`,
        30,
      );
    }
  }

  async function me(expand: string, accessToken: string): Promise<Me> {
    const parsed = meSchema.safeParse(await ask(`/api/v2/users/me?expand=${expand}`, accessToken));
    if (parsed.success) return parsed.data;
    throw new Problem('genesys', `Genesys Cloud (${host}) does not say who this is.`);
  }

  async function whoInDemo({ apiUrl, accessToken }: { apiUrl: string; accessToken: string }) {
    if (!takesDemo)
      throw new Problem('token', `This archive asks Genesys Cloud (${host}), which does not know the demo.`);
    const who = await createGenesys(apiUrl, { fetch: request, timeoutMs }).whoIs(accessToken);
    return { ...who, orgId: demoToken.organisation };
  }

  return {
    whoIs: async (accessToken) => {
      const demo = demoToken.read(accessToken);
      if (demo !== null) return whoInDemo(demo);
      const user = await me('authorization', accessToken);
      const organization = user.organization ?? (await me('organization', accessToken)).organization;
      if (!organization)
        throw new Problem('genesys', `Genesys Cloud (${host}) does not say of which organisation this is.`);
      const isSupervisor = (user.authorization?.permissions ?? []).some(isGranted);
      return {
        orgId: organization.id,
        agentId: user.id,
        name: user.name ?? '',
        divisionId: user.division?.id ?? '',
        divisions: isSupervisor ? await divisionsOf(user, accessToken) : [],
      };
    },
  };

  /** Where the permission is granted: as the answer says, else as Genesys says when asked, else where they belong. */
  async function divisionsOf(user: Me, accessToken: string): Promise<string[]> {
    const said = divisionsSaid(user);
    if (said.length > 0) return said;
    const asked = await permitted(accessToken).catch((error: unknown) => {
      // A role may lack the right to ask; nothing more is granted by that.
      if (error instanceof Problem && error.code === 'genesys' && error.retryAfter === null) return [];
      throw error;
    });
    if (asked.length > 0) return asked;
    return user.division ? [user.division.id] : [];
  }

  async function permitted(accessToken: string): Promise<string[]> {
    const found: string[] = [];
    for (let page = 1; page <= 20; page += 1) {
      const path = `/api/v2/authorization/divisionspermitted/paged/me?permission=${permissionName}&pageSize=100&pageNumber=${page}`;
      const parsed = permittedSchema.safeParse(await ask(path, accessToken));
      if (!parsed.success) break;
      found.push(...parsed.data.entities.map((each) => each.id));
      if (!parsed.data.nextUri) break;
    }
    return found;
  }
}

function divisionsSaid({ divisions, authorization }: Me): string[] {
  const idOf = (each: string | { id: string }): string => (typeof each === 'string' ? each : each.id);
  const grants = (authorization?.grants ?? []).filter(({ role }) =>
    (role?.policies ?? []).some(
      ({ domain, entityName, actions }) =>
        fits(domain, permission.domain) &&
        fits(entityName, permission.entity) &&
        (actions ?? []).some((action) => fits(action, permission.action)),
    ),
  );
  const granted = grants.flatMap(({ division }) => (division ? [division.id] : []));
  if (authorization?.grants) return [...new Set(granted)];
  return [...new Set([...(authorization?.divisions ?? []), ...(divisions ?? [])].map(idOf))];
}

const fits = (said: string | null | undefined, wanted: string): boolean => said === '*' || said === wanted;

/** Also by a permission for all of its kind. */
function isGranted(name: string): boolean {
  const [domain, entity, action] = name.split(':');
  return domain === permission.domain && fits(entity, permission.entity) && fits(action, permission.action);
}
