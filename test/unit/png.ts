import { inflateSync } from 'node:zlib';

/** `rgba`: rows from the top, colour not multiplied by alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8Array;
}

const SIGNATURE = '89504e470d0a1a0a';
const BYTES_A_PIXEL = 4;

/** Reads the one kind of PNG a canvas writes: 8 bits, RGBA, not interlaced. Throws for any other. */
export function decodePng(file: Buffer): Pixels {
  if (file.toString('hex', 0, 8) !== SIGNATURE) throw new Error('not a PNG');
  const width = file.readUInt32BE(16);
  const height = file.readUInt32BE(20);
  const kind = file.toString('hex', 24, 29);
  if (kind !== '0806000000') throw new Error(`a PNG of another kind: ${kind}`);

  const data: Buffer[] = [];
  for (let at = 8; at < file.length; at += file.readUInt32BE(at) + 12) {
    if (file.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    data.push(file.subarray(at + 8, at + 8 + file.readUInt32BE(at)));
  }
  return { width, height, rgba: unfilter(inflateSync(Buffer.concat(data)), width * BYTES_A_PIXEL, height) };
}

/** Each row is a byte that names its filter and then differences to the left and the upper neighbour (PNG, 9). */
function unfilter(rows: Uint8Array, stride: number, height: number): Uint8Array {
  const out = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)];
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < BYTES_A_PIXEL ? 0 : (out[at - BYTES_A_PIXEL] ?? 0);
      const up = out[at - stride] ?? 0;
      const corner = x < BYTES_A_PIXEL ? 0 : (out[at - stride - BYTES_A_PIXEL] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0;
      out[at] = (rows[y * (stride + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

/** Whichever of the three neighbours is nearest to where they point; a tie goes to the first. */
function paeth(left: number, up: number, corner: number): number {
  const far = (neighbour: number): number => Math.abs(left + up - corner - neighbour);
  if (far(left) <= far(up) && far(left) <= far(corner)) return left;
  return far(up) <= far(corner) ? up : corner;
}
