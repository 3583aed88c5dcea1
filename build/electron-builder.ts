import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { AfterPackContext, Configuration, FuseOptionsV1 } from 'app-builder-lib';
import type { BuildInfo } from '../electron/build-info.ts';
import { noticesOf, writeLicences } from './licences.ts';

/**
 * Every fuse the packer knows is decided here; a new one does not compile until it is. The signature option belongs to the
 * signing of macOS builds and is no fuse.
 */
const FUSES: Required<Omit<FuseOptionsV1, 'resetAdHocDarwinSignature'>> = {
  // The program is Sharelight, not a Node, and takes no orders from the environment or an inspector.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableCookieEncryption: true,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  // Pages come from app://, so file:// needs no privileges.
  grantFileProtocolExtraPrivileges: false,
};

/**
 * The ninth stays as Electron ships it, on: without it WebAssembly would only be slower. The packer cannot set it yet.
 * Where Electron has still more of them, the package test fails until they are decided.
 */
export const DECIDED_FUSES = [...Object.keys(FUSES), 'wasmTrapHandlers'];

export interface Packed {
  /** The Electron to pack. */
  readonly runtime: { readonly dist: string; readonly version: string };
  readonly kind: Exclude<BuildInfo['kind'], 'development'>;
  /** As in `BuildInfo`. */
  readonly updates: string | null;
}

export function packageConfig({ runtime, kind, updates }: Packed): Configuration {
  const forTests = kind === 'test';
  return {
    appId: forTests ? 'app.sharelight.desktop.test' : 'app.sharelight.desktop',
    productName: forTests ? 'Sharelight Test' : 'Sharelight',
    ...(forTests
      ? { executableName: 'sharelight-test', extraMetadata: { desktopName: 'sharelight-test.desktop' } }
      : {}),
    directories: { output: forTests ? 'dist/for-tests' : 'dist', buildResources: 'assets/icons' },
    electronDist: runtime.dist,
    electronVersion: runtime.version,
    electronFuses: FUSES,
    // The only native part is prebuilt and speaks Node-API: there is nothing to rebuild.
    npmRebuild: false,
    files: [
      'package.json',
      // With the maps that make a trace readable, and the compiled code: inside the archive nobody can change it.
      { from: `out/packaged/${kind}`, to: 'out/main', filter: ['*.cjs', '*.cjs.map', '*.cjs.compiled'] },
      { from: 'out/main', to: 'out/main', filter: ['store-worker.cjs', 'engine.node'] },
      'out/preload/*.cjs',
      'out/renderer/**',
      '!out/renderer/**/*.map',
      // The app's own icon is for the builder, which puts it where the system looks.
      'assets/icons/window.png',
      'assets/icons/tray/*.{png,ico}',
      `!**/${noticesOf('*')}`,
      // What is used of them is in the bundles.
      '!node_modules/**',
    ],
    // Native code cannot be loaded from inside the archive. It is the only code outside, and its digest is checked.
    asarUnpack: ['out/main/engine.node'],
    electronLanguages: ['en-US'],
    // macOS and Linux know it by the package; on Windows the program says it itself.
    protocols: [{ name: 'Sharelight', schemes: ['sharelight'] }],
    linux: {
      target: ['deb', 'AppImage', 'tar.gz'],
      category: 'Office',
      icon: 'assets/icons/app.png',
      // The desktop knows a program, and what it was allowed (a key for the whole desktop), by this one name.
      syncDesktopName: true,
      // Nothing: left to itself the AppImage's entry would turn the engine's sandbox off.
      executableArgs: [],
    },
    // Replaced by a newer one it keeps its name, which menus and the start at login know it by.
    appImage: { artifactName: '${productName}-${arch}.${ext}' },
    deb: {
      depends: ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libsecret-1-0', 'libglib2.0-bin'],
      // The runtime takes it on GNOME where it is there.
      recommends: ['libgtk-4-1'],
    },
    win: { target: ['nsis'], icon: 'assets/icons/app.ico' },
    // An update of macOS comes as zip.
    mac: { target: ['dmg', 'zip'], category: 'public.app-category.business', icon: 'assets/icons/app.png' },
    // Writes `latest*.yml` beside what is made, for whoever puts it on a server. The program never reads the address from
    // here: it is part of its code, or of a policy.
    publish: { provider: 'generic', url: updates ?? 'https://localhost/' },
    afterPack: (context) => finish(context, kind),
  };
}

/** The default app of a ready-made runtime goes, the licences of everything that ships come. */
async function finish({ packager, appOutDir }: AfterPackContext, kind: Packed['kind']): Promise<void> {
  const resources = packager.getResourcesDir(appOutDir);
  await rm(path.join(resources, 'default_app.asar'), { force: true });
  const { projectDir: root } = packager;
  const mainBundle = path.join(root, 'out/packaged', kind);
  await writeLicences(root, mainBundle, [appOutDir, resources], path.join(resources, 'licences'));
}
