import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeSpikes } from '../../src/engine/event/spike-log.js';

test.each([20, 2 ** 31 - 2])('logs are merged in order of step, then of neuron: %i steps', (most) => {
  const spike = fc.record({ step: fc.nat(most), neuron: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(fc.array(spike, { maxLength: 40 }), { maxLength: 4 }), (logs) => {
      const merged = mergeSpikes(
        logs.map((log) => {
          const column = (of: 'step' | 'neuron') => Int32Array.from(log, (s) => s[of]);
          return { steps: column('step'), neurons: column('neuron') };
        }),
      );
      const all = logs.flat().sort((a, b) => a.step - b.step || a.neuron - b.neuron);
      expect(Array.from(merged.steps)).toEqual(all.map(({ step }) => step));
      expect(Array.from(merged.neurons)).toEqual(all.map(({ neuron }) => neuron));
    }),
  );
});
