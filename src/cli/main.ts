#!/usr/bin/env node
import { runCommandLine } from './program.js';

/** A reader that has seen enough (`| head`) is no error. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', ignoreClosedPipe);
// Ended rather than left to end: a backend of tfjs may keep handles open for ever.
process.exit(await runCommandLine(process.argv.slice(2)));
