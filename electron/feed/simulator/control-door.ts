import { z } from 'zod';
import { ActRefused } from './acts.ts';
import type { Control } from './control.ts';
import type { Incoming } from './http.ts';
import type { Reply } from './router.ts';

/**
 * The same control over loopback HTTP: GET /_simulator/state, POST /_simulator/control with `{do, …}`.
 * A web page must not be able to drive it: the Host must be loopback (no DNS rebinding), and a command must
 * be JSON by its content type (a browser would ask first, and nobody answers it).
 */
export function createControlDoor(control: Control): (request: Incoming) => Reply {
  return ({ method, path, host, contentType, text }) => {
    if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host)) return refuse(403, 'Only from this machine.');
    if (method === 'GET' && path === '/_simulator/state') {
      const { tokens: _secret, ...world } = control.world;
      return { status: 200, body: { ...world, sockets: control.sockets() } };
    }
    if (method !== 'POST' || path !== '/_simulator/control')
      return refuse(404, 'There is only state and control.');
    if (contentType !== 'application/json') return refuse(415, 'Send application/json.');
    try {
      return { status: 200, body: control.perform(JSON.parse(text)) ?? {} };
    } catch (error) {
      if (error instanceof ActRefused) return refuse(409, error.message);
      if (error instanceof z.ZodError) return refuse(400, z.prettifyError(error));
      if (error instanceof SyntaxError) return refuse(400, 'This is not JSON.');
      throw error;
    }
  };
}

const refuse = (status: number, message: string): Reply => ({ status, body: { message } });
