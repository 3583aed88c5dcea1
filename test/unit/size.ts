import process from 'node:process';

type Name =
  | 'ORDERS'
  | 'HISTORIES'
  | 'KILLS'
  | 'QUERIES'
  | 'TEARS'
  | 'STOPS'
  | 'FLIPS'
  | 'DISKS'
  | 'CUTS'
  | 'PAGES'
  | 'TRUTH'
  | 'MALFORMED'
  | 'ARCHIVE';

/**
 * How many runs a property test makes: `usual`, or what SHARELIGHT_<name> says (`npm run fault` sets it).
 * @throws when the variable is set to anything but a whole number from 1 up
 */
export function size(name: Name, usual: number): number {
  return whole(`SHARELIGHT_${name}`, 1) ?? usual;
}

/**
 * What fast-check is to start from, so that a failure can be seen again; nothing leaves the choice to it.
 * @throws when SHARELIGHT_SEED is set to anything but a whole number of 32 bits
 */
export function seed(): number | undefined {
  return whole('SHARELIGHT_SEED', -(2 ** 31), 2 ** 31 - 1);
}

/** Both, as `fc.assert` takes them. */
export function runs(name: Name, usual: number): { numRuns: number; seed?: number } {
  const from = seed();
  return { numRuns: size(name, usual), ...(from === undefined ? {} : { seed: from }) };
}

function whole(variable: string, least: number, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const said = process.env[variable];
  if (said === undefined) return undefined;
  const value = /^-?\d+$/.test(said) ? Number(said) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new Error(`${variable} is "${said}": give a whole number from ${least} to ${most}.`);
}
