// @ts-check

/** Windows' own resource tools want the large picture as PNG and every smaller one as a bitmap. */
const PNG_FROM = 256;
const FILE_HEADER = 6;
const ENTRY = 16;
const BITMAP_HEADER = 40;

/**
 * A Windows icon: several sizes of one picture in a file.
 * @param {readonly import('./canvas.mjs').Picture[]} pictures each at most 256 pixels a side
 */
export function encodeIco(pictures) {
  const bodies = pictures.map((picture) => (picture.size < PNG_FROM ? bitmapOf(picture) : picture.png));
  const header = Buffer.alloc(FILE_HEADER + ENTRY * pictures.length);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  for (const [index, { size }] of pictures.entries()) {
    const length = bodies[index]?.length ?? 0;
    const entry = FILE_HEADER + ENTRY * index;
    header.writeUInt8(size % 256, entry); // 0 stands for 256
    header.writeUInt8(size % 256, entry + 1);
    header.writeUInt16LE(1, entry + 4); // planes
    header.writeUInt16LE(32, entry + 6); // bits a pixel
    header.writeUInt32LE(length, entry + 8);
    header.writeUInt32LE(offset, entry + 12);
    offset += length;
  }
  return Buffer.concat([header, ...bodies]);
}

/**
 * 32 bits a pixel (BGRA, rows from the bottom), then the 1-bit mask of old, left empty: alpha rules.
 * @param {import('./canvas.mjs').Picture} picture
 */
function bitmapOf({ size, rgba }) {
  const maskRow = Math.ceil(size / 32) * 4;
  const bitmap = Buffer.alloc(BITMAP_HEADER + size * size * 4 + maskRow * size);
  bitmap.writeUInt32LE(BITMAP_HEADER, 0);
  bitmap.writeInt32LE(size, 4);
  bitmap.writeInt32LE(size * 2, 8); // picture and mask together
  bitmap.writeUInt16LE(1, 12); // planes
  bitmap.writeUInt16LE(32, 14); // bits a pixel
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const from = (y * size + x) * 4;
      const to = BITMAP_HEADER + ((size - 1 - y) * size + x) * 4;
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4);
      bitmap.set([blue, green, red, alpha], to);
    }
  }
  return bitmap;
}
