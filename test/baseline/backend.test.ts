import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { howToInstall, probeBackends, selectBackend } from '../../src/baseline/backend.js';
import { cpu, wasm } from '../../src/baseline/backends/builtin.js';
import { absent, type Candidate, present } from '../../src/baseline/backends/candidate.js';
import { missingCuda } from '../../src/baseline/backends/cuda.js';
import { tensorflow } from '../../src/baseline/backends/tensorflow.js';
import { describe as describeAdapter, webgpu } from '../../src/baseline/backends/webgpu.js';
import type { BackendChoice } from '../../src/experiment/define.js';
import { UsageError } from '../../src/util/errors.js';
import { packageRoot } from '../../src/util/package-root.js';

/** An importer for machines on which no optional package is installed. */
const nothingInstalled = async (name: string) => {
  throw Object.assign(new Error(`Cannot find package '${name}'`), { code: 'ERR_MODULE_NOT_FOUND' });
};
const BARE: Candidate[] = [tensorflow(nothingInstalled), webgpu(nothingInstalled), wasm, cpu];

describe('selectBackend', () => {
  test('auto takes the best one present and says why it refused each better one', async () => {
    const { used, asked, why } = await selectBackend('auto', BARE);
    expect([used, asked]).toEqual(['wasm', 'auto']);
    expect(tf.getBackend()).toBe('wasm');
    expect(why).toMatch(/not tensorflow: package @tensorflow\/tfjs-node-gpu is not installed/);
    expect(why).toMatch(/not webgpu: package webgpu is not installed/);
    expect(why).toMatch(/wasm: XNNPACK in WebAssembly, 128-bit SIMD, 1 thread/);
  });

  test('one that is asked for and absent is an error with the line that installs it', async () => {
    const choose = selectBackend('tensorflow', BARE);
    await expect(choose).rejects.toThrow(UsageError);
    await expect(choose).rejects.toThrow(
      /npm install --no-save --save-prod @tensorflow\/tfjs-node-gpu@4.22.0/,
    );
    await expect(selectBackend('webgpu', BARE)).rejects.toThrow(/npm install --include=optional .*webgpu/);
  });

  test('one that is unknown is an error that lists the known ones', async () => {
    await expect(selectBackend('cuda' as BackendChoice, BARE)).rejects.toThrow(
      /'cuda'.*auto, tensorflow, webgpu, wasm, cpu/,
    );
  });

  test('a GPU emulated in software is left by auto, and named when asked for', async () => {
    // It answers to the name of the cpu backend, which tfjs can really start.
    const emulated: Candidate = {
      ...cpu,
      find: async () => ({
        ...(await cpu.find()),
        auto: false,
        details: 'X',
        reason: 'its adapter is emulated in software',
      }),
    };
    const automatic = await selectBackend('auto', [emulated, wasm]);
    expect(automatic.used).toBe('wasm');
    expect(automatic.why).toMatch(/emulated in software \(X\)/);
    const asked = await selectBackend('cpu', [emulated, wasm]);
    expect(asked.used).toBe('cpu');
    expect(asked.why).toBe('cpu: X; its adapter is emulated in software');
  });

  test('one that tfjs cannot initialise is refused, though tf.getBackend() names it', async () => {
    tf.registerBackend('webgpu', () => {
      throw new Error('device lost');
    });
    const broken: Candidate = { name: 'webgpu', install: null, find: async () => present('a card') };
    try {
      const { used, why } = await selectBackend('auto', [broken, wasm]);
      expect(used).toBe('wasm');
      expect(tf.getBackend()).toBe('wasm');
      expect(why).toMatch(/not webgpu: tfjs cannot initialise it/);
      await expect(selectBackend('webgpu', [broken, wasm])).rejects.toThrow(/femtospike doctor/);
    } finally {
      tf.removeBackend('webgpu');
    }
  });

  test('auto with nothing left is an error that holds all reasons', async () => {
    const none: Candidate = { name: 'wasm', install: null, find: async () => absent('no luck') };
    await expect(selectBackend('auto', [none])).rejects.toThrow(/no tfjs backend works.*not wasm: no luck/);
  });
});

describe('probeBackends', () => {
  test('looks at all of them and leaves tfjs on the one it was on', async () => {
    await selectBackend('wasm', BARE);
    const probes = await probeBackends(BARE);
    expect(probes.map(({ name, available }) => [name, available])).toEqual([
      ['tensorflow', false],
      ['webgpu', false],
      ['wasm', true],
      ['cpu', true],
    ]);
    expect(tf.getBackend()).toBe('wasm');
  });

  test('tells a package that is absent from one that does not load', async () => {
    const broken = async (name: string) => {
      if (name === '@tensorflow/tfjs-node') return nothingInstalled(name);
      throw new Error('libtensorflow.so.2: cannot open shared object file\nstack');
    };
    const { available, reason } = await tensorflow(broken).find();
    expect(available).toBe(false);
    expect(reason).toBe(
      'package @tensorflow/tfjs-node-gpu does not load: libtensorflow.so.2: cannot open shared object file',
    );
  });

  test('parts of CUDA that are missing are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cuda-'));
    try {
      const driver = join(folder, 'version');
      expect(missingCuda([folder], driver)).toEqual(['an NVIDIA driver', 'CUDA 11', 'cuDNN 8']);
      for (const file of ['version', 'libcudart.so.11.0', 'libcudnn.so.8.1.0'])
        writeFileSync(join(folder, file), '');
      expect(missingCuda([folder], driver)).toEqual([]);
      expect(missingCuda(['', '/no/such/folder'], driver)).toEqual(['CUDA 11', 'cuDNN 8']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('no GPU adapter, and a driver that crashes, are reasons of their own', async () => {
    const installed = async () => ({});
    const none = await webgpu(installed, async () => ({ adapters: [] })).find();
    expect(none).toMatchObject({ available: false, reason: expect.stringMatching(/no GPU adapter/) });
    // What is installed need not be installed again.
    expect(howToInstall({ reason: none.reason, install: 'npm install it' })).toBeNull();
    expect(howToInstall({ ...(await webgpu(nothingInstalled).find()), install: 'npm install it' })).toBe(
      'npm install it',
    );
    const crash = await webgpu(installed, async () => ({ failure: 'a driver crashed (SIGSEGV)' })).find();
    expect(crash).toMatchObject({
      available: false,
      reason: 'Dawn does not start: a driver crashed (SIGSEGV)',
    });
  });

  test.each([
    ['google', 'swiftshader', 'swiftshader-device-subzero-', 'SwiftShader driver 5.0.0', true],
    ['', '', 'null-backend', '', true],
    ['mesa', '', 'llvmpipe (LLVM 15.0.6, 256 bits)', '', true],
    ['nvidia', 'hopper', 'NVIDIA H100', '', false],
    ['apple', 'metal-3', 'Apple M1 Max', '', false],
  ])('adapter %s %s %s: software or not', (vendor, architecture, device, description, software) => {
    const found = describeAdapter({ vendor, architecture, device, description, isFallbackAdapter: false });
    expect(found.auto).toBe(!software);
    expect(found.reason.includes('emulated in software')).toBe(software);
  });
});

test('tfjs prints nothing on stdout or stderr, and the process ends by itself', () => {
  const script = `
    const { probeBackends, selectBackend } = await import('${join(packageRoot(), 'dist/src/baseline/backend.js')}');
    const tf = await import('@tensorflow/tfjs-core');
    await probeBackends();
    for (const name of ['cpu', 'wasm']) {
      await selectBackend(name);
      tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])).dataSync();
    }`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: packageRoot(),
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
