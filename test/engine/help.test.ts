import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Arena } from '../../kernels/arena.js';
import { brunel } from '../../models/networks/brunel.js';
import { microcircuit } from '../../models/networks/microcircuit.js';
import { cuba } from '../../models/networks/vogels-abbott.js';
import { lifDelta } from '../../models/neurons/lif-delta.js';
import { Agenda, placeAgenda } from '../../src/engine/event/agenda.js';
import { startCrew } from '../../src/engine/event/crew.js';
import { planNetwork } from '../../src/engine/event/plan-network.js';
import { Slice } from '../../src/engine/event/slice.js';
import { mergeSpikes, type SpikeLogData } from '../../src/engine/event/spike-log.js';
import { canHelp, SpikeTarget } from '../../src/engine/event/spike-target.js';
import { allToAll, fixedInDegree } from '../../src/network/connectors.js';
import { normal } from '../../src/network/distributions.js';
import { Network } from '../../src/network/network.js';

const WINDOW = 16;

/** Two populations, synapses of all sorts with one delay. */
function described() {
  const net = new Network({ name: 'net', dtMs: 0.1 });
  const a = net.population('A', 90, lifDelta);
  const b = net.population('B', 70, lifDelta);
  net.connect(a, b, fixedInDegree(9), { weight: 0.1, delayMs: 1.5 });
  net.connect(b, a, fixedInDegree(9), { weight: normal(-0.5, 0.1), delayMs: 1.5 });
  net.connect(b, b, allToAll(), { weight: normal(0.2, 0.1), delayMs: 1.5 });
  return net;
}

/** How many spikes of each population in each step. */
const counted = (most: number) =>
  fc.array(fc.integer({ min: 0, max: most }), { minLength: 2 * WINDOW, maxLength: 2 * WINDOW });

test('the parts of an agenda are its steps, each once, whoever claims them, turn after turn', async () => {
  const plan = await planNetwork(described(), 2);
  expect(plan.window).toBe(WINDOW);
  const windows = fc.array(
    fc.record({
      counts: counted(20),
      steps: fc.integer({ min: 1, max: WINDOW }),
      order: fc.infiniteStream(fc.nat(1)),
    }),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(windows, fc.nat(2 ** 31 - 10), (turns, first) => {
      const arena = new Arena();
      const at = placeAgenda(plan, arena);
      const threads = [0, 1].map(() => new Agenda(plan, arena.memory, at, 0));
      const [owner, helper] = threads;
      expect(helper.claim(first)).toBeNull();
      turns.forEach(({ counts, steps, order }, t) => {
        const turn = first + t;
        const sent = Int32Array.from(counts, (n, entry) => (entry % WINDOW < steps ? n : 0));
        owner.open(turn, steps, sent);
        expect(helper.claim(turn - 1)).toBeNull();
        const seen: number[] = [];
        for (const who of order) {
          const part = threads[who].claim(turn, who);
          if (part === null && who === 0) break;
          for (let i = part?.from ?? 0; i < (part?.to ?? 0); i++) seen.push(i);
          if (part !== null) threads[who].done();
        }
        owner.close(turn);
        expect(helper.claim(turn)).toBeNull();
        expect(seen).toEqual(Array.from({ length: steps }, (_, i) => i));
        let begin = 0;
        for (const [entry, n] of sent.entries()) {
          const listed = helper.spikes(Math.floor(entry / WINDOW), entry % WINDOW);
          expect(listed).toEqual([begin, begin + n]);
          begin += n;
        }
      });
    }),
    { numRuns: 100 },
  );
});

test('what two threads deliver to a slice together is what its own would have delivered', async () => {
  const plan = await planNetwork(described(), 1);
  const sizes = plan.populations.map(({ size }) => size);
  fc.assert(
    fc.property(counted(30), fc.array(fc.nat(1), { maxLength: 9 }), fc.nat(1000), (counts, order, step) => {
      const sent = Int32Array.from(counts);
      const total = sent.reduce((sum, n) => sum + n, 0);
      const sums = [0, 1].map((helpers) => {
        const slice = new Slice(plan, 0, { inboxWords: 2 * WINDOW * 30, helpers: 2 });
        let at = 0;
        sent.forEach((n, entry) => {
          const size = sizes[Math.floor(entry / WINDOW)];
          for (let k = 0; k < n; k++) slice.inbox[at++] = (7 * k + entry) % size;
        });
        expect(at).toBe(total);
        const targets = [0, 1].map((thread) => new SpikeTarget(plan, slice.places!, thread, 2));
        targets[0].agenda.open(3, WINDOW, sent);
        for (const who of order) targets[who * helpers].deliverPart(3, step, who);
        targets[0].deliverParts(3, step, 0);
        targets[0].agenda.close(3);
        const { at: ring, rowBytes, slots } = slice.places!.accumulators;
        return new Int32Array(slice.arena.memory.buffer).slice(ring / 4, (ring + rowBytes * slots) / 4);
      });
      expect(sums[1]).toEqual(sums[0]);
      if (total > 0) expect(sums[0].some((sum) => sum !== 0)).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('threads help where steps do not meet in an accumulator: one delay, and synapses that stay as they are', async () => {
  const helped = async (net: Network) => canHelp(await planNetwork(net, 2));
  expect(await helped(described())).toBe(true);
  expect(await helped(brunel({ scale: 0.1 }))).toBe(true);
  expect(await helped(cuba())).toBe(true);
  expect(await helped(microcircuit({ scale: 0.02 }))).toBe(false);
  const two = described();
  const [a] = two.populations;
  two.connect(a, a, fixedInDegree(1), { weight: 0.1, delayMs: 1.6 });
  expect(await helped(two)).toBe(false);
  const released = described();
  const [c] = released.populations;
  const shortTerm = { utilisation: 0.5, tauRecoveryMs: 100 };
  released.connect(c, c, fixedInDegree(1), { weight: 0.1, delayMs: 1.5, shortTerm });
  expect(await helped(released)).toBe(false);
});

test.each([
  ['brunel', () => brunel({ scale: 0.6, indegree: 125, seed: 3 })],
  ['all sorts of synapses', described],
])('threads that help each other all the time send the spikes of one: %s', async (_, describe) => {
  const spikes: SpikeLogData[] = [];
  for (const threads of [1, 2, 3, 4]) {
    const net = describe();
    if (net.poissonInputs.length === 0) net.poisson(net.populations[0], { rateHz: 8000, weight: 0.3 });
    // As soon as a thread comes last more often than by chance, which is always somebody.
    const help = { fromWindow: 0, lateShare: 1 / threads };
    const crew = await startCrew(await planNetwork(net, threads), threads, help);
    // In pieces, the last of which ends in the middle of a window.
    for (const [from, steps] of [
      [0, 800],
      [800, 405],
    ])
      await crew.run(from, steps);
    spikes.push(mergeSpikes(await crew.takeSpikes()));
    await crew.close();
  }
  expect(spikes[0].steps.length).toBeGreaterThan(500);
  for (const other of spikes.slice(1)) expect(other).toEqual(spikes[0]);
});
