import { defineConfig } from 'vitest/config';
import { LIBRARY_PATH } from './test/software-gpu.js';

// For the processes in which tests run: they read it when they start.
if (LIBRARY_PATH !== '') process.env.LD_LIBRARY_PATH = LIBRARY_PATH;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    // Two at most: the tests of the trainer start worker threads of their own.
    maxWorkers: 2,
    // Generous: the tests also run on machines that are busy with other things.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './scripts/plain-summary.mjs'],
  },
});
