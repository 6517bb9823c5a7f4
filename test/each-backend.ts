import { describe } from 'vitest';
import { selectBackend } from '../src/baseline/backend.js';

/** Backends that every machine has. */
const BACKENDS = ['cpu', 'wasm'] as const;

/** Runs one suite on each backend; call `await select()` first in a hook or test. */
export function eachBackend(body: (backend: string, select: () => Promise<unknown>) => void): void {
  describe.each(BACKENDS)('on %s', (backend) => body(backend, () => selectBackend(backend)));
}
