import { readFileSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { parsePolicy, type OrganisationPolicy } from '../../domain/organisation-policy.ts';
import { reasonOf } from '../../domain/toolbox/result.ts';

/**
 * Where an organisation puts `policy.json`, first one first. The system's usual folder comes before those of
 * the environment: whoever runs the program sets those, and must not hide a policy by it.
 */
export function policyFiles(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): string[] {
  if (platform === 'win32') {
    const usual = 'C:\\ProgramData';
    const folders = [...new Set([usual, env['ProgramData'] ?? usual])];
    return folders.map((folder) => win32.join(folder, 'Sharelight', 'policy.json'));
  }
  if (platform === 'darwin') return ['/Library/Application Support/Sharelight/policy.json'];
  // The base directory specification: folders that are not absolute are to be ignored.
  const folders = (env['XDG_CONFIG_DIRS'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return ['/etc', ...folders].map((folder) => posix.join(folder, 'sharelight', 'policy.json'));
}

const notThere: readonly unknown[] = ['ENOENT', 'ENOTDIR'];

/** Reads the first policy there is. One that cannot be read is never treated as none. */
export function readPolicy(files: readonly string[]): OrganisationPolicy {
  for (const file of files) {
    try {
      return parsePolicy(file, readFileSync(file, 'utf8'));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (notThere.includes(code)) continue;
      return { kind: 'unreadable', file, reason: reasonOf(error) };
    }
  }
  return { kind: 'none' };
}
