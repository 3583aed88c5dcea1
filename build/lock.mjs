// @ts-check
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { say } from './say.mjs';

/**
 * Runs `work` while no other process of this user runs work of the same name. The lock is a listening local
 * socket: the system drops it with its owner, however that ends, so there is nothing stale to clean up.
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
    await untilReleased(address);
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
  /** @type {Set<net.Socket>} */
  const waiting = new Set();
  const server = net.createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => undefined).on('close', () => waiting.delete(socket));
  });
  const close = server.close.bind(server);
  server.close = (done) => {
    for (const socket of waiting) socket.destroy();
    return close(done);
  };
  try {
    server.listen(address);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/**
 * Holds a connection to the owner; its end is the end of the lock.
 * @param {string} address
 */
async function untilReleased(address) {
  const socket = net.connect(address);
  try {
    await once(socket, 'close');
  } catch (error) {
    // Where sockets are files (macOS), one can outlive its owner.
    const refused = /** @type {NodeJS.ErrnoException} */ (error).code === 'ECONNREFUSED';
    if (refused && path.isAbsolute(address)) rmSync(address, { force: true });
  }
}
