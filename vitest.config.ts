import { defineConfig } from 'vitest/config';

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
