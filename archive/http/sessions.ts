import { createHmac } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { Identity, Secrets } from '../database/database.ts';
import { Problem } from './problem.ts';

/** A signed token for ten minutes: nothing about a session is kept anywhere. */
const minutes = 10;
const issuer = 'sharelight-archive';

export interface Session extends Identity {
  readonly isSupervisor: boolean;
}

const claimsSchema = z.object({
  sub: z.string().min(1),
  org: z.string().min(1),
  div: z.string(),
  divs: z.array(z.string()),
  sup: z.boolean(),
});

export interface Sessions {
  readonly sign: (session: Session) => Promise<{ readonly session: string; readonly expiresAt: string }>;
  /** Throws `Problem`. */
  readonly read: (authorization: string | undefined) => Promise<Session>;
  /** Of an organisation's digests, base64url. */
  readonly maskKey: (orgId: string) => string;
}

export function createSessions(secrets: Secrets, now: () => number): Sessions {
  const key = new TextEncoder().encode(secrets.session);
  return {
    sign: async ({ orgId, agentId, divisionId, divisions, isSupervisor }) => {
      const at = Math.floor(now() / 1_000);
      const expires = at + minutes * 60;
      const session = await new SignJWT({ org: orgId, div: divisionId, divs: divisions, sup: isSupervisor })
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(agentId)
        .setIssuer(issuer)
        .setIssuedAt(at)
        .setExpirationTime(expires)
        .sign(key);
      return { session, expiresAt: new Date(expires * 1_000).toISOString() };
    },
    read: async (authorization) => {
      const token = /^Bearer ([\w.-]{1,32768})$/i.exec(authorization ?? '')?.[1];
      if (token === undefined)
        throw new Problem('session', 'There is no session with this call: sign in first.');
      try {
        const { payload } = await jwtVerify(token, key, {
          issuer,
          algorithms: ['HS256'],
          currentDate: new Date(now()),
        });
        const { sub, org, div, divs, sup } = claimsSchema.parse(payload);
        return { orgId: org, agentId: sub, divisionId: div, divisions: divs, isSupervisor: sup };
      } catch (error) {
        const words =
          error instanceof errors.JWTExpired
            ? 'This session has ended: sign in again.'
            : 'This session is not of this archive: sign in again.';
        throw new Problem('session', words);
      }
    },
    maskKey: (orgId) => createHmac('sha256', secrets.mask).update(`mask\0${orgId}`).digest('base64url'),
  };
}
