// @ts-check
import { writeFileSync } from 'node:fs';
import path from 'node:path';

/** Its socket in the runtime folder. */
const SOCKET = 'sharelight-wayland';

/**
 * A Wayland compositor in a window of the X desktop: it can be photographed, and typed into.
 * @param {string} runtime
 * @param {boolean} xwayland
 * @param {string} size `1200x700`
 */
const settings = (runtime, xwayland, size) => `
[core]
backend=x11-backend.so
use-pixman=true
xwayland=${xwayland}
idle-time=0

[shell]
locking=false
panel-position=none
startup-animation=none
close-animation=none
background-color=0xff305060

[output]
name=screen0
mode=${size}

[autolaunch]
path=${runtime}/compositor-ready
`;

/** XWayland starts with its first client and ends with its last: the second of these stays. */
const STARTS_XWAYLAND = `
xprop -root >/dev/null 2>&1 3>&-
xprop -root -spy _NET_ACTIVE_WINDOW >/dev/null 2>&1 3>&- &
`;

/** Runs inside the compositor as its first client, and says on descriptor 3 where its X server is. */
const ready = (/** @type {boolean} */ xwayland) => `#!/bin/sh
${xwayland ? STARTS_XWAYLAND : 'unset DISPLAY'}
echo "$DISPLAY" >&3
`;

/**
 * What weston needs in the runtime folder. It reports the display of its XWayland; an empty line without one.
 * @param {string} runtime
 * @param {boolean} xwayland
 * @param {string} size of its window, `1200x700`
 * @returns {{ args: string[], socket: string }}
 */
export function layOutCompositor(runtime, xwayland, size) {
  const config = path.join(runtime, 'weston.ini');
  writeFileSync(config, settings(runtime, xwayland, size));
  writeFileSync(path.join(runtime, 'compositor-ready'), ready(xwayland), { mode: 0o700 });
  return { args: [`--config=${config}`, `--socket=${SOCKET}`], socket: SOCKET };
}
