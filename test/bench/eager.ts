import { cp } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'vite';
import { runOnce } from '../../build/compiled-code.mjs';
import type { Runtime } from '../../build/runtime/official.mjs';
import { mainBuild } from '../../build/vite/builds.ts';
import type { Place } from './place.ts';

/** The same product, but for one thing: everything the main process may ever need is loaded when it starts. */
export async function buildEager(place: Place, runtime: Runtime): Promise<Place> {
  const product = path.join(place.scratch, 'eager');
  await cp(place.product, product, { recursive: true });
  const config = mainBuild(
    place.root,
    { kind: 'development', standIn: false, updates: null },
    path.join(product, 'out/main'),
  );
  const plugins = [...(config.plugins ?? []), withoutLaterImports];
  await build({ ...config, plugins, logLevel: 'error' });
  await runOnce(() => undefined, runtime, product);
  return { ...place, product };
}

const withoutLaterImports: Plugin = {
  name: 'without-later-imports',
  enforce: 'post',
  // Packages speak of imports in comments, and what they load later is their own affair.
  transform: (code, file) => (file.includes('node_modules') ? null : importedAtOnce(code)),
};

/** `import('./room.ts')` becomes what is imported at the top; null where there is none. */
export function importedAtOnce(code: string): string | null {
  const imports: string[] = [];
  const replaced = code.replace(/\bimport\(\s*(['"])([^'"]+)\1\s*\)/g, (_whole, _quote, from: string) => {
    const name = `importedAtOnce${imports.length}`;
    imports.push(`import * as ${name} from ${JSON.stringify(from)};`);
    return `Promise.resolve(${name})`;
  });
  return imports.length === 0 ? null : [...imports, replaced].join('\n');
}
