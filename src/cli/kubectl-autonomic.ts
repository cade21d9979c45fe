#!/usr/bin/env node
// The kubectl plugin: with this file in PATH as `kubectl-autonomic`, kubectl runs it for `kubectl autonomic`.
import { run } from './program.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

process.exitCode = await run(process.argv.slice(2), {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  interactive: process.stderr.isTTY,
  ...(process.stdout.isTTY && { columns: process.stdout.columns }),
});
