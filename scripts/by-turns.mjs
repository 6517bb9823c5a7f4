/**
 * Compares builds of the event engine, or numbers of threads: one network, run by each of them by turns in one process,
 * in pieces of some milliseconds of biology. A machine whose speed changes from minute to minute changes both alike; the
 * least of many short pieces finds its quiet moments.
 *
 *   node scripts/by-turns.mjs NETWORK PIECES MS THREADS FOLDER...      (threads: 2, or 1,2; folders that hold a dist)
 *
 * Prints seconds for a second of biology (least, lower quartile, median), ratios to the first (of the least, of the
 * lower quartiles, and the median of the ratios piece by piece), and a sum over all spikes, which has to be the same.
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
for (const folder of folders)
  for (const count of threads.split(',').map(Number)) {
    const dist = resolve(folder, 'dist');
    const { eventEngine } = await import(`${dist}/src/engine/event/engine.js`);
    const model = await import(`${dist}/models/networks/${chosen.file}.js`);
    const simulation = await eventEngine.build(chosen.describe(model), { threads: count });
    await simulation.run(200);
    runs.push({ name: `${folder}, threads ${count}`, simulation, times: [] });
  }
for (let piece = 0; piece < Number(pieces); piece++)
  for (const { simulation, times } of piece % 2 === 0 ? runs : [...runs].reverse()) {
    const begun = performance.now();
    await simulation.run(Number(ms));
    times.push((performance.now() - begun) / Number(ms));
  }

const quantile = (values, p) => [...values].sort((a, b) => a - b)[Math.floor(p * (values.length - 1))];
const [first] = runs;
for (const { name, simulation, times } of runs) {
  const { steps, neurons } = await simulation.spikes();
  let sum = 0;
  for (let k = 0; k < steps.length; k++) sum = (Math.imul(sum, 31) + 7 * neurons[k] + steps[k]) >>> 0;
  const piecewise = times.map((time, piece) => time / first.times[piece]);
  const seconds = [0, 0.25, 0.5].map((p) => quantile(times, p));
  const ratios = [
    seconds[0] / quantile(first.times, 0),
    seconds[1] / quantile(first.times, 0.25),
    quantile(piecewise, 0.5),
  ];
  const list = (values, digits) => values.map((value) => value.toFixed(digits)).join(' ');
  console.log(
    `${network} ${name}: ${list(seconds, 4)} s, ratios ${list(ratios, 3)}, spikes ${sum.toString(16)}`,
  );
  await simulation.close();
}
