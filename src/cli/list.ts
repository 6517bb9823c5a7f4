import { Command } from 'commander';
import { experimentNames, findExperiment } from '../experiment/find.js';
import { prettyJson } from '../util/json.js';
import { inkFor, widthOf, wrapped } from './terminal.js';

/** `femtospike list`: the experiments that come with the package. */
export function listCommand(): Command {
  return new Command('list')
    .description('the experiments, each with its question')
    .option('--json', 'print one JSON document')
    .action(async ({ json }: { json?: boolean }) => {
      const experiments = [];
      for (const name of experimentNames()) {
        const { id, title, question } = (await findExperiment(name)).experiment;
        experiments.push({ id, title, question });
      }
      if (json) process.stdout.write(prettyJson(experiments));
      else process.stdout.write(experiments.map(asText).join('\n'));
    });
}

function asText({ id, title, question }: { id: string; title: string; question: string }): string {
  const width = widthOf(process.stdout);
  const head = wrapped(`${inkFor(process.stdout).strong(id)}  ${title}`, width);
  return `${head}\n${wrapped(question, width, '    ')}\n`;
}
