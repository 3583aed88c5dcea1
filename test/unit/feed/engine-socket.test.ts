import { beforeEach, describe, expect, it } from 'vitest';
import { EngineSocket, UnexplainedFailure } from '../../../electron/feed/genesys/engine-socket.ts';
import { tooLong } from '../../../electron/feed/genesys/socket.ts';

/** The browser engine's end, as far as it shows. */
class Fake extends EventTarget {
  readyState = 0;
  sent: string[] = [];
  closedWith: (number | undefined)[] = [];
  send(text: string): void {
    this.sent.push(text);
  }
  close(code?: number): void {
    this.readyState = 2;
    this.closedWith.push(code);
  }
  says(type: string, more: object = {}): void {
    if (type === 'open') this.readyState = 1;
    if (type === 'close') this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event(type), more));
  }
}

let fake: Fake;
let socket: EngineSocket;
let heard: string[];

beforeEach(() => {
  fake = new Fake();
  socket = new EngineSocket(fake, 10);
  heard = [];
  socket.on('open', () => heard.push('open'));
  socket.on('message', (data: Buffer, isBinary: boolean) =>
    heard.push(`${isBinary ? 'bytes ' : ''}${String(data)}`),
  );
  socket.on('error', (error: Error & { code?: string }) => heard.push(error.code ?? error.constructor.name));
  socket.on('close', (code: number, reason: Buffer) => heard.push(`close ${String(code)} ${String(reason)}`));
});

describe('a socket of the browser engine', () => {
  it('says what one of ws says', () => {
    fake.says('open');
    expect(socket.readyState).toBe(socket.OPEN);
    socket.send('ping');
    fake.says('message', { data: 'grüezi' });
    fake.says('message', { data: Buffer.from('abc') });
    fake.says('message', { data: new TextEncoder().encode('def').buffer });
    fake.says('close', { code: 1001, reason: 'going away' });
    expect(fake.sent).toEqual(['ping']);
    expect(heard).toEqual(['open', 'grüezi', 'bytes abc', 'bytes def', 'close 1001 going away']);
  });

  it('that was never open failed for a reason nobody tells', () => {
    fake.says('error');
    fake.says('close', { code: 1006, reason: '' });
    expect(heard).toEqual([UnexplainedFailure.name, 'close 1006 ']);
  });

  it('that breaks later was closed', () => {
    fake.says('open');
    fake.says('error');
    fake.says('close', { code: 1006, reason: '' });
    expect(heard).toEqual(['open', 'close 1006 ']);
  });

  it('takes no message that is too long', () => {
    fake.says('open');
    fake.says('message', { data: '0123456789' });
    fake.says('message', { data: '01234567é9' });
    expect(heard).toEqual(['open', '0123456789', tooLong]);
  });

  it('pauses, and goes on in order, its end last', () => {
    fake.says('open');
    socket.pause();
    for (const data of ['1', '2', '3']) fake.says('message', { data });
    fake.says('close', { code: 1000, reason: '' });
    expect(heard).toEqual(['open']);
    socket.once('message', () => {
      socket.pause();
    });
    socket.resume();
    expect(heard).toEqual(['open', '1']);
    socket.resume();
    expect(heard).toEqual(['open', '1', '2', '3', 'close 1000 ']);
  });

  it('holds no flood while it pauses', () => {
    const large = new EngineSocket(fake, 1024 * 1024);
    const errors: string[] = [];
    large.on('error', (error: Error) => errors.push(error.message));
    large.pause();
    const data = 'x'.repeat(1024 * 1024);
    for (let sent = 0; sent < 8; sent += 1) fake.says('message', { data });
    expect(errors).toEqual([]);
    fake.says('message', { data });
    expect(errors).toEqual(['too much came at once']);
  });

  it.each([['while it connects'], ['when it is open']])(
    'ends without waiting for the other side, %s',
    async (when) => {
      if (when === 'when it is open') fake.says('open');
      heard = [];
      if (socket.readyState === socket.OPEN) socket.close(1000);
      socket.terminate();
      socket.terminate();
      await Promise.resolve();
      expect(fake.closedWith).toEqual([when === 'when it is open' ? 1000 : undefined]);
      for (const type of ['open', 'message', 'error', 'close'])
        fake.says(type, { data: 'late', code: 1000, reason: '' });
      expect(heard).toEqual(['close 1006 ']);
    },
  );
});
