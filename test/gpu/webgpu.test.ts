import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { selectBackend } from '../../src/baseline/backend.js';
import { lookForAdapters } from '../../src/gpu/dawn.js';
import { faultOf, onFault, releaseDevice, requireFaultless, watchDevice } from '../../src/gpu/faults.js';
import { RunError } from '../../src/util/errors.js';
import { packageRoot } from '../../src/util/package-root.js';
import { emptyFolder, femtospike, namesIn } from '../cli/command-line.js';
import { onWebgpu } from '../each-backend.js';

const installed = await import('webgpu').then(
  () => true,
  () => false,
);

describe.skipIf(!installed)('Dawn', () => {
  test("finds its null backend, in a process of its own, and a flag that it doesn't know is a failure", async () => {
    expect(await lookForAdapters(['backend=null'])).toMatchObject({
      adapters: [expect.objectContaining({ device: 'null-backend' })],
    });
    expect(await lookForAdapters(['backend=nonsense'])).toHaveProperty('failure');
  });
});

onWebgpu((select) => {
  const device = () => (tf.backend() as unknown as { device: GPUDevice }).device;

  test('the backend computes, and is named as what it is', async () => {
    expect(await select()).toMatchObject({
      used: 'webgpu',
      why: expect.stringMatching(/google, swiftshader.*; its adapter is emulated in software$/),
    });
    const square = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(Array.from(await tf.matMul(square, square).data())).toEqual([7, 10, 15, 22]);
  });

  test('auto does not take it, and says why', async () => {
    const { used, why } = await selectBackend('auto');
    expect(used).not.toBe('webgpu');
    expect(why).toMatch(/not webgpu: its adapter is emulated in software \(google, swiftshader/);
  });

  test('a device that is lost is a fault, told once; the next selectBackend starts a new one', async () => {
    await select();
    const told: RunError[] = [];
    const end = onFault((fault) => told.push(fault));
    const lost = device();
    const ones = tf.ones([3, 3]) as tf.Tensor2D;
    lost.destroy();
    await expect(tf.matMul(ones, ones).data()).rejects.toBeDefined();
    await expect(requireFaultless(lost)).rejects.toThrow(/swiftshader.* was lost/);
    expect(told).toEqual([faultOf(lost)]);
    expect(told[0]).toBeInstanceOf(RunError);
    end();
    await select();
    expect(device()).not.toBe(lost);
    const square = tf.tensor2d([1, 2, 3, 4], [2, 2]);
    expect(Array.from(await tf.matMul(square, square).data())).toEqual([7, 10, 15, 22]);
  });

  test('memory that is out is a fault, and one that its owner ends is none', async () => {
    const own = await (await navigator.gpu.requestAdapter())!.requestDevice();
    watchDevice(own, 'test');
    own.createBuffer({ size: 2 ** 40, usage: GPUBufferUsage.STORAGE });
    await own.queue.onSubmittedWorkDone();
    await expect(requireFaultless(own)).rejects.toThrow(/^GPU test: out of memory/);
    own.destroy();
    const other = await (await navigator.gpu.requestAdapter())!.requestDevice();
    watchDevice(other, 'test');
    releaseDevice(other);
    await other.lost;
    await requireFaultless(other);
  });

  describe('on the command line', () => {
    let folder: string;
    beforeEach(() => {
      folder = emptyFolder('gpu-run.ts');
      const source = (path: string) => pathToFileURL(join(packageRoot(), path)).href;
      writeFileSync(
        join(folder, 'backend.mjs'),
        `export { selectBackend } from '${source('dist/src/baseline/backend.js')}';
         export * as tf from '${source('node_modules/@tensorflow/tfjs-core/dist/tf-core.node.js')}';`,
      );
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    const run = (fault: string, backend = 'webgpu', env: Record<string, string> = {}) => {
      const module = pathToFileURL(join(folder, 'backend.mjs')).href;
      const settings = ['--set', `fault=${fault}`, `module=${module}`];
      return femtospike(['run', 'gpu-run.ts', '--backend', backend, ...settings], folder, env);
    };

    const theOnlyRun = (experiment: string) => {
      const [name, ...others] = namesIn(join(folder, 'runs', experiment)).filter(
        (entry) => !entry.startsWith('.'),
      );
      expect(others).toEqual([]);
      const path = join(folder, 'runs', experiment, name, 'manifest.json');
      return { name, manifest: JSON.parse(readFileSync(path, 'utf8')) };
    };

    test('what was asked for, used, and why stand on stderr and in the manifest', async () => {
      await select();
      const { code, stderr } = await run('none');
      expect(stderr).toMatch(
        /^backend webgpu \(asked for: webgpu\): webgpu: google, swiftshader.*software$/m,
      );
      expect(code).toBe(0);
      expect(theOnlyRun('gpu-run').manifest.backend).toEqual({
        asked: 'webgpu',
        used: 'webgpu',
        why: expect.stringContaining('swiftshader'),
      });
    });

    test.each([
      ['lost', /^femtospike: GPU google, swiftshader.* was lost/],
      ['memory', /^femtospike: GPU google, swiftshader.*out of memory/],
      [
        'absent',
        /^femtospike: --backend webgpu: backend 'webgpu' is not available: Dawn finds no GPU adapter/,
      ],
    ])('a GPU that fails (%s) ends the run with one line and a marked folder', async (fault, message) => {
      await select();
      const { code, stdout, stderr } = await run(fault);
      expect(code).toBe(1);
      expect(stdout).toBe('');
      // Progress is told, too, on a machine that is slow.
      const lines = stderr.split('\n').filter((line) => /^(backend|femtospike)/.test(line));
      expect(lines).toHaveLength(2);
      expect(lines[1]).toMatch(message);
      const { name, manifest } = theOnlyRun('gpu-run');
      expect(name).toMatch(/\.failed$/);
      expect(lines[1]).toContain(name);
      expect(manifest).toMatchObject({
        state: 'failed',
        backend: { asked: 'webgpu', used: 'webgpu', why: expect.stringContaining('swiftshader') },
      });
      expect(lines[1]).toContain(manifest.error.split('\n')[0]);
    });

    test.each([
      // The device that the engine asks for is destroyed as soon as it has been used a little.
      [
        'lost',
        `let submits = 0;
         const submit = device.queue.submit.bind(device.queue);
         device.queue.submit = (buffers) => {
           submit(buffers);
           if (++submits === 4) device.destroy();
         };`,
        /^femtospike: GPU google, swiftshader.* was lost/,
      ],
      // What a driver says that has no memory left for the buffers of the network.
      [
        'memory',
        "device.popErrorScope = async () => ({ message: 'no memory' });",
        /^femtospike: GPU google, swiftshader[^:]*: out of memory; \d+ MiB were asked for/,
      ],
    ])(
      'a GPU that fails a network (%s) ends its run with one line and a marked folder',
      async (_, spoil, message) => {
        await select();
        const spoiler = join(folder, 'spoil.mjs');
        writeFileSync(
          spoiler,
          `const { provideGpu } = await import('${pathToFileURL(join(packageRoot(), 'dist/src/gpu/dawn.js')).href}');
         const gpu = await provideGpu();
         const request = gpu.requestAdapter.bind(gpu);
         gpu.requestAdapter = async (options) => {
           const adapter = await request(options);
           const requestDevice = adapter.requestDevice.bind(adapter);
           adapter.requestDevice = async (descriptor) => {
             const device = await requestDevice(descriptor);
             ${spoil}
             return device;
           };
           return adapter;
         };`,
        );
        const set = ['neurons=100', 'indegree=20', 'warmupMs=0', 'ms=60'];
        const { code, stdout, stderr } = await femtospike(
          ['run', 'cuba', '--engine', 'tensor', '--backend', 'webgpu', '--set', ...set],
          folder,
          { NODE_OPTIONS: `--import=${pathToFileURL(spoiler).href}` },
        );
        expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' });
        const lines = stderr.split('\n').filter((line) => /^(backend|femtospike)/.test(line));
        expect(lines).toHaveLength(2);
        expect(lines[0]).toMatch(/^backend webgpu \(asked for: webgpu\): webgpu: google, swiftshader/);
        expect(lines[1]).toMatch(message);
        const { name, manifest } = theOnlyRun('cuba');
        expect(name).toMatch(/\.failed$/);
        expect(manifest).toMatchObject({
          state: 'failed',
          engine: { asked: 'tensor', used: 'tensor' },
          backend: { asked: 'webgpu', used: 'webgpu', why: expect.stringContaining('swiftshader') },
        });
      },
    );

    test('where there is no adapter, webgpu is refused in one line, and auto says what it took instead and why', async () => {
      const nowhere = { VK_ICD_FILENAMES: '/no/such/icd.json', VK_DRIVER_FILES: '/no/such/icd.json' };
      for (const engine of [[], ['--engine', 'tensor']]) {
        const what = engine.length > 0 ? ['cuba', '--quick'] : ['brain-race', '--quick'];
        const asked = await femtospike(['run', ...what, ...engine, '--backend', 'webgpu'], folder, nowhere);
        expect({ code: asked.code, stdout: asked.stdout }).toEqual({ code: 2, stdout: '' });
        expect(asked.stderr).toMatch(/^femtospike: --backend webgpu: .*Dawn finds no GPU adapter.*\n$/);
        expect(existsSync(join(folder, 'runs'))).toBe(false);
      }
      const { code, stderr } = await run('none', 'auto', nowhere);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(
        /^backend wasm \(asked for: auto\): .*not webgpu: Dawn finds no GPU adapter.* \| wasm: /m,
      );
      const { backend } = theOnlyRun('gpu-run').manifest;
      expect(backend).toMatchObject({ asked: 'auto', used: 'wasm' });
      expect(backend.why).toContain('not webgpu: Dawn finds no GPU adapter');
    });

    test('bench runs a network on the engine that is asked for, with the same spikes', async () => {
      await select();
      const bench = async (...engine: string[]) => {
        const size = ['--neurons', '200', '--ms', '20', '--warmup-ms', '5', '--json'];
        return JSON.parse((await femtospike(['bench', 'cuba', ...engine, ...size], folder)).stdout);
      };
      const event = await bench();
      const tensor = await bench('--engine', 'tensor', '--backend', 'webgpu');
      expect([event.engine, event.backend]).toEqual(['event', null]);
      expect(tensor).toMatchObject({ engine: 'tensor', backend: expect.stringContaining('swiftshader') });
      expect(event.spikes).toBeGreaterThan(10);
      expect(tensor.spikeHash).toBe(event.spikeHash);
    });

    test('run --engine tensor takes no GPU in software unasked, and leaves no folder then', async () => {
      await select();
      const { code, stderr } = await femtospike(['run', 'cuba', '--quick', '--engine', 'tensor'], folder);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^femtospike: --backend auto: no GPU for the tensor engine: .* in software/m);
      expect(existsSync(join(folder, 'runs', 'cuba'))).toBe(false);
    });

    test('an experiment that uses no engine says so where one is asked for', async () => {
      const { code, stderr } = await femtospike(['run', 'lif-fi', '--quick', '--engine', 'tensor'], folder);
      expect(code).toBe(0);
      expect(stderr).toMatch(/^engine tensor was asked for; this experiment does not use it$/m);
    });

    test('doctor names the adapter', async () => {
      await select();
      const { code, stdout } = await femtospike(['doctor'], folder);
      expect(code).toBe(0);
      expect(stdout).toMatch(/backend: webgpu.*google, swiftshader.*emulated in software/);
    });
  });
});
