/**
 * Compiles the AssemblyScript kernels: kernels/NAME/wasm.ts becomes dist/kernels/NAME.wasm.
 *
 * A kernel imports its memory, holds no static data and uses no garbage collector, so that one instance can
 * work on shared memory beside others, or (ON_TENSORS) on the memory of a tfjs backend.
 * A module is compiled only when one of the kernel sources is newer than its binary.
 *
 * Then the neuron that trainers share with the simulator is compiled from its equations, by the compiler of neuron
 * models, which TypeScript's has put into dist before.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));
const kernelsDir = join(root, 'kernels');

/** Kernels for the memory of a tfjs backend, which is not shared; an imported memory must be as it was declared. */
const ON_TENSORS = new Set(['adaptive-window', 'lif-window', 'mean-readout', 'descent']);
const outDir = join(root, 'dist', 'kernels');

const sources = readdirSync(kernelsDir, { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('wasm.ts'));
const newestSource = Math.max(
  statSync(fileURLToPath(import.meta.url)).mtimeMs,
  ...sources.map((path) => statSync(join(kernelsDir, path)).mtimeMs),
);

mkdirSync(outDir, { recursive: true });
for (const source of sources.filter((path) => /^[^/]+[/\\]wasm\.ts$/.test(path))) {
  const name = source.split(/[/\\]/)[0];
  const out = join(outDir, `${name}.wasm`);
  if (existsSync(out) && statSync(out).mtimeMs > newestSource) continue;
  const { error, stderr } = await asc.main([
    join('kernels', source),
    '--baseDir',
    root,
    '--outFile',
    join('dist', 'kernels', `${name}.wasm`),
    '--textFile',
    join('dist', 'kernels', `${name}.wat`),
    '--runtime',
    'stub',
    '--importMemory',
    ...(ON_TENSORS.has(name) ? [] : ['--sharedMemory', '--enable', 'threads']),
    '--initialMemory',
    '1',
    '--maximumMemory',
    '65536',
    '--memoryBase',
    '0',
    '--enable',
    'simd',
    '--noAssert',
    '-O3',
    '--converge',
  ]);
  if (error) {
    process.stderr.write(`${stderr.toString()}\nkernels/${source} does not compile: ${error.message}\n`);
    process.exit(1);
  }
  if (readFileSync(out.replace(/wasm$/, 'wat'), 'utf8').includes('(data ')) {
    rmSync(out);
    process.stderr.write(
      `kernels/${source} holds static data, which would overwrite the memory it is given\n`,
    );
    process.exit(1);
  }
  process.stderr.write(`kernel ${name}: ${statSync(out).size} bytes\n`);
}

const { compileLayer } = await import('../dist/kernels/compile/index.js');
const { TRAINED_BINARY, TRAINED_FORM, trainedUnit } = await import('../dist/kernels/spiking-layer/unit.js');
const trained = join(outDir, `${TRAINED_BINARY}.wasm`);
const binary = Buffer.from(await compileLayer(trainedUnit, TRAINED_FORM));
// Left alone where it is the same: tests may be reading it.
if (!existsSync(trained) || !binary.equals(readFileSync(trained))) writeFileSync(trained, binary);
