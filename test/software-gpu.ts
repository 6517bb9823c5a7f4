import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * SwiftShader, on which the tests run GPU code: where Debian's chromium is installed, or where
 * scripts/get-swiftshader.sh has put it.
 */
const FOLDERS = [
  '/usr/lib/chromium',
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'femtospike', 'swiftshader'),
];

/** The folder of SwiftShader, or null where it is not there: tests that need it are then skipped. */
export const SWIFTSHADER =
  FOLDERS.find((folder) =>
    ['libvk_swiftshader.so', 'libvulkan.so.1', 'vk_swiftshader_icd.json'].every((file) =>
      existsSync(join(folder, file)),
    ),
  ) ?? null;

/** The library path is read when a process starts, so that it must be set for those that vitest starts. */
export const LIBRARY_PATH = [SWIFTSHADER, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');

/** Makes SwiftShader the only GPU of this process. */
export function useSwiftShader(): void {
  if (SWIFTSHADER === null) throw new Error('SwiftShader is not there: see scripts/get-swiftshader.sh');
  process.env.VK_ICD_FILENAMES = join(SWIFTSHADER, 'vk_swiftshader_icd.json');
}

/** What a test that needs SwiftShader is called where it is skipped. */
export const WITHOUT_SWIFTSHADER = 'skipped: no SwiftShader (scripts/get-swiftshader.sh gets it)';
