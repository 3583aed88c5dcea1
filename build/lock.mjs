// @ts-check
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { say } from './say.mjs';

const POLL_MS = 200;

/**
 * Runs `work` while no other process of this user runs work of the same name. Written here because it is needed
 * before any package is there: a listening local socket, which the system drops with its owner, however that
 * ends, so there is nothing stale to clean up.
 * @template T
 * @param {string} name what is worked on, for instance a path
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what `work` gives; its rejection passes through
 */
export async function withLock(name, work) {
  const address = addressOf(name);
  let server = await listen(address);
  if (server === undefined) say(`Waiting for another start that is busy with ${name} …`);
  while (server === undefined) {
    await setTimeout(POLL_MS);
    server = await listen(address);
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

/** @param {string} name */
function addressOf(name) {
  const id = createHash('sha256').update(`${os.userInfo().username}\0${name}`).digest('hex').slice(0, 16);
  if (process.platform === 'linux') return `\0sharelight-${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\sharelight-${id}`;
  return path.join(os.tmpdir(), `sharelight-${id}.sock`);
}

/**
 * @param {string} address
 * @returns {Promise<net.Server | undefined>} nothing when somebody else has it
 */
async function listen(address) {
  const server = net.createServer((socket) => socket.destroy()).listen(address);
  try {
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    // Where sockets are files (macOS), one can outlive its owner.
    if (path.isAbsolute(address) && (await isAbandoned(address))) rmSync(address, { force: true });
    return undefined;
  }
}

/** @param {string} address */
function isAbandoned(address) {
  return once(net.connect(address), 'close').then(
    () => false,
    (error) => codeOf(error) === 'ECONNREFUSED',
  );
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
