// @ts-check
import { once } from 'node:events';
import net from 'node:net';

/**
 * The displays of an X server whose displays come and go: a VNC server, told over its own protocol (RFB 3.8) by a
 * client that never looks. To programs a change is what it is with real cables: RandR events.
 */
export class Displays {
  #socket;

  /** @param {net.Socket} socket */
  constructor(socket) {
    this.#socket = socket;
  }

  /** @param {string} file of the socket to be told at */
  static serverArgs(file) {
    const access = [
      '-SecurityTypes',
      'None',
      '-rfbunixpath',
      file,
      '-rfbport',
      '-1',
      '-AcceptSetDesktopSize',
    ];
    return ['-geometry', '1280x800', '-depth', '24', ...access];
  }

  /** @param {string} file the same as for `serverArgs` */
  static async connect(file) {
    const socket = net.connect(file);
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    const take = reader(socket);
    await take(12);
    socket.write('RFB 003.008\n');
    const [kinds = 0] = await take(1);
    await take(kinds);
    // No security; then its result, and a shared session.
    socket.write(Uint8Array.of(1));
    await take(4);
    socket.write(Uint8Array.of(1));
    const init = await take(24);
    await take(init.readUInt32BE(20));
    const encodings = Buffer.alloc(8);
    encodings.writeUInt8(2, 0);
    encodings.writeUInt16BE(1, 2);
    encodings.writeInt32BE(EXTENDED_DESKTOP_SIZE, 4);
    socket.write(encodings);
    // The server takes orders once it was asked for its sizes.
    const update = Buffer.alloc(10);
    update.writeUInt8(3, 0);
    init.copy(update, 6, 0, 4);
    socket.write(update);
    await take(1);
    socket.resume();
    return new Displays(socket);
  }

  /**
   * From now on exactly these are there; the first is the main one.
   * @param {...string} geometries as X writes them: `1280x800+0+0`
   */
  set(...geometries) {
    const screens = geometries.map((geometry) => {
      const [width = 0, height = 0, x = 0, y = 0] = geometry.split(/[x+]/).map(Number);
      return { width, height, x, y };
    });
    const message = Buffer.alloc(8 + screens.length * 16);
    message.writeUInt8(251, 0);
    message.writeUInt16BE(Math.max(...screens.map(({ x, width }) => x + width)), 2);
    message.writeUInt16BE(Math.max(...screens.map(({ y, height }) => y + height)), 4);
    message.writeUInt8(screens.length, 6);
    for (const [index, { width, height, x, y }] of screens.entries()) {
      const at = 8 + index * 16;
      message.writeUInt32BE(index, at);
      for (const [step, value] of [x, y, width, height].entries())
        message.writeUInt16BE(value, at + 4 + step * 2);
    }
    this.#socket.write(message);
  }

  close() {
    this.#socket.destroy();
  }
}

const EXTENDED_DESKTOP_SIZE = -308;

/**
 * @param {net.Socket} socket
 * @returns {(length: number) => Promise<Buffer>} the next bytes
 */
function reader(socket) {
  socket.pause();
  return async (length) => {
    for (;;) {
      const read = length === 0 ? Buffer.alloc(0) : socket.read(length);
      if (read !== null) return read;
      await once(socket, 'readable');
    }
  };
}
