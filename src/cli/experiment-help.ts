import type { Experiment } from '../experiment/define.js';
import { allowed, keysOf } from '../experiment/schema.js';
import { widthOf, wrapped } from './terminal.js';

/** Help for one experiment, made from its schema: every key with its type, its values and what it means. */
export function experimentHelp(experiment: Experiment): string {
  const { id, title, question, config, presets } = experiment;
  const width = widthOf(process.stdout);
  const keys = Object.entries(keysOf(config)).map(([key, schema]) => {
    const values = [`default ${text(schema.default)}`];
    for (const preset of ['quick', 'full'] as const)
      if (key in presets[preset]) values.push(`--${preset} ${text(presets[preset][key])}`);
    const lines = [schema.description ?? '', `${allowed(schema)}; ${values.join('; ')}`];
    return `  ${key}\n${lines.map((line) => wrapped(line, width, '      ')).join('\n')}\n`;
  });
  const usage = `femtospike run ${id} [--quick | --full] [--set key=value … | --key value …] [options]`;
  return `${wrapped(title, width)}
${wrapped(question, width)}

${wrapped(`Usage: ${usage}`, width)}
       (options: femtospike run --help)

${wrapped('Keys, for --set key=value or as options --key value (lists are written a,b,c):', width)}
${keys.join('')}`;
}

function text(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
