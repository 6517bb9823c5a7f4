import { existsSync, readdirSync } from 'node:fs';

/** Where the loader looks for CUDA on Linux, besides LD_LIBRARY_PATH. */
const LIBRARY_FOLDERS = [
  '/usr/local/cuda/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib64',
  '/usr/lib/aarch64-linux-gnu',
];

/** What libtensorflow 2.9 (that of tfjs-node-gpu 4.22) loads to use a GPU, and the driver below it. */
const LIBRARIES = [
  { part: 'CUDA 11', file: /^libcudart\.so\.11/ },
  { part: 'cuDNN 8', file: /^libcudnn\.so\.8/ },
];

/**
 * Parts of CUDA that @tensorflow/tfjs-node-gpu needs and this machine lacks. A look at files: whether the versions go
 * together shows only when libtensorflow loads them.
 */
export function missingCuda(
  folders: readonly string[] = [...(process.env.LD_LIBRARY_PATH ?? '').split(':'), ...LIBRARY_FOLDERS],
  driver = '/proc/driver/nvidia/version',
): string[] {
  const files = folders
    .filter((folder) => folder !== '' && existsSync(folder))
    .flatMap((folder) => readdirSync(folder));
  const missing = LIBRARIES.filter(({ file }) => !files.some((name) => file.test(name))).map(
    ({ part }) => part,
  );
  return existsSync(driver) ? missing : ['an NVIDIA driver', ...missing];
}
