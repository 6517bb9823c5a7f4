/**
 * Compares builds of the event engine: one network, run by each of them by turns in one process, in pieces of some
 * milliseconds of biology. A machine whose speed changes from minute to minute changes both alike; the least of many
 * short pieces finds its quiet moments.
 *
 *   node scripts/by-turns.mjs NETWORK PIECES MS THREADS FOLDER...      (folders that hold a dist)
 *
 * Prints seconds for a second of biology (least, lower quartile, median), ratios to the first folder, and a sum over
 * all spikes, which has to be the same for all.
 */
import { resolve } from 'node:path';

const [network, pieces, ms, threads, ...folders] = process.argv.slice(2);

const NETWORKS = {
  cuba4k: { file: 'vogels-abbott', describe: ({ cuba }) => cuba() },
  cubaK80_40k: { file: 'vogels-abbott', describe: ({ cuba }) => cuba({ neurons: 40_000 }) },
  cuba40k: { file: 'vogels-abbott', describe: ({ cuba }) => dense(cuba, 40_000) },
  cuba100k: { file: 'vogels-abbott', describe: ({ cuba }) => dense(cuba, 100_000) },
  brunel: { file: 'brunel', describe: ({ brunel }) => brunel() },
  mc01: { file: 'microcircuit', describe: ({ microcircuit }) => microcircuit({ scale: 0.1 }) },
  mc04: { file: 'microcircuit', describe: ({ microcircuit }) => microcircuit({ scale: 0.4 }) },
  microcircuit: { file: 'microcircuit', describe: ({ microcircuit }) => microcircuit({ scale: 1 }) },
};
const dense = (cuba, neurons) => cuba({ neurons, indegree: 1000, connectivity: 'fixed' });

const chosen = NETWORKS[network];
if (chosen === undefined || folders.length === 0) {
  process.stderr.write(`NETWORK is one of ${Object.keys(NETWORKS).join(', ')}; name a folder at least\n`);
  process.exit(2);
}

const runs = [];
for (const folder of folders) {
  const dist = resolve(folder, 'dist');
  const { eventEngine } = await import(`${dist}/src/engine/event/engine.js`);
  const model = await import(`${dist}/models/networks/${chosen.file}.js`);
  const simulation = await eventEngine.build(chosen.describe(model), { threads: Number(threads) });
  await simulation.run(200);
  runs.push({ folder, simulation, times: [] });
}
for (let piece = 0; piece < Number(pieces); piece++)
  for (const { simulation, times } of piece % 2 === 0 ? runs : [...runs].reverse()) {
    const begun = performance.now();
    await simulation.run(Number(ms));
    times.push((performance.now() - begun) / Number(ms));
  }

const quantile = (values, p) =>
  [...values].sort((a, b) => a - b)[Math.floor(p * (values.length - 1))].toFixed(4);
for (const { folder, simulation, times } of runs) {
  const { steps, neurons } = await simulation.spikes();
  let sum = 0;
  for (let k = 0; k < steps.length; k++) sum = (Math.imul(sum, 31) + 7 * neurons[k] + steps[k]) >>> 0;
  const ratio = quantile(
    times.map((time, piece) => time / runs[0].times[piece]),
    0.5,
  );
  const [least, quarter, median] = [0, 0.25, 0.5].map((p) => quantile(times, p));
  console.log(
    `${network} ${folder}: ${least} ${quarter} ${median} s, ratio ${ratio}, spikes ${sum.toString(16)}`,
  );
  await simulation.close();
}
