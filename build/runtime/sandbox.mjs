// @ts-check
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * Chromium refuses to start its sandbox as root, and cannot where neither user namespaces nor its set-uid
 * helper are to be had (containers, some hardened systems).
 * @param {string} dist the runtime's folder
 * @returns {{ flags: string[], reason: string | undefined }} `reason` is set when the sandbox is off
 */
export function sandboxFlags(dist) {
  const reason = whyNoSandbox(dist);
  return { flags: reason === undefined ? [] : ['--no-sandbox'], reason };
}

/** @param {string} dist */
function whyNoSandbox(dist) {
  if (process.platform !== 'linux') return undefined;
  if (process.getuid?.() === 0) return 'running as root';
  const helper = statSync(path.join(dist, 'chrome-sandbox'), { throwIfNoEntry: false });
  const hasHelper = helper !== undefined && helper.uid === 0 && (helper.mode & 0o4000) !== 0;
  if (hasHelper || spawnSync('unshare', ['--user', 'true']).status === 0) return undefined;
  return 'this system gives no user namespaces';
}
