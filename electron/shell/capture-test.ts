import type { NativeImage } from 'electron/common';
import { desktopCapturer, screen, type BrowserWindow } from 'electron/main';
import type { CaptureTest } from '../../domain/program-info.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';
import { say } from '../../domain/words/say.ts';
import { canHideFromCapture } from './capture-protection.ts';
import { isWaylandSession, surroundings } from './display-server.ts';

/** The window as it drew itself, and as a capture shows it, are made as small as this before they are compared, px. */
export const sampleSize = { width: 48, height: 48 } as const;

/** How far the same window may be from itself: a pointer over it, a blinking caret, another scale; of 255. */
const alikeBy = 20;

/** Mean difference of the colours of two bitmaps of four bytes for a pixel, the last of them its opacity; 0 to 255. */
function differenceOf(one: Uint8Array, other: Uint8Array): number {
  const length = Math.min(one.length, other.length);
  let sum = 0;
  let count = 0;
  for (let at = 0; at < length; at += 1) {
    if (at % 4 === 3) continue;
    sum += Math.abs((one[at] ?? 0) - (other[at] ?? 0));
    count += 1;
  }
  return count === 0 ? 255 : sum / count;
}

/** Whether a capture shows the window. Of different sizes they are not the same. */
export function isSamePicture(one: Uint8Array, other: Uint8Array): boolean {
  return one.length > 0 && one.length === other.length && differenceOf(one, other) <= alikeBy;
}

function sampleOf(image: NativeImage): Uint8Array {
  return image.resize({ ...sampleSize, quality: 'good' }).toBitmap();
}

/** Captures our own display, as a share does, and looks for the window in it. It must be in front. */
export async function testCapture(window: BrowserWindow): Promise<CaptureTest> {
  // There the desktop asks a person what may be captured, and shows what they chose.
  if (isWaylandSession(surroundings())) return { result: 'unknown', reason: say('capture.wayland') };
  try {
    const bounds = window.getContentBounds();
    const display = screen.getDisplayMatching(bounds);
    const own = await window.webContents.capturePage();
    const sources = await desktopCapturer.getSources({
      types: ['screen'],
      thumbnailSize: display.size,
    });
    const source = sources.find(({ display_id: id }) => id === String(display.id)) ?? sources[0];
    if (!source || source.thumbnail.isEmpty() || own.isEmpty())
      return { result: 'unknown', reason: say('capture.nothing') };
    const { width, height } = source.thumbnail.getSize();
    const scale = { x: width / display.size.width, y: height / display.size.height };
    const part = source.thumbnail.crop({
      x: Math.round((bounds.x - display.bounds.x) * scale.x),
      y: Math.round((bounds.y - display.bounds.y) * scale.y),
      width: Math.round(bounds.width * scale.x),
      height: Math.round(bounds.height * scale.y),
    });
    if (isSamePicture(sampleOf(own), sampleOf(part))) return { result: 'visible' };
    // What no system leaves out is in the capture, below another window.
    if (!canHideFromCapture()) return { result: 'unknown', reason: say('capture.covered') };
    return { result: 'hidden' };
  } catch (error) {
    return { result: 'unknown', reason: reasonOf(error) };
  }
}
