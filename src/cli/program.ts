import { backtest } from './backtest/backtest.ts';
import { data } from './data/data.ts';
import { decisions } from './decisions.ts';
import { evaluate } from './evaluate/evaluate.ts';
import { explain } from './explain/explain.ts';
import { journal } from './journal/journal.ts';
import { predictions } from './predictions/predictions.ts';
import { InputError, Interrupted, UsageError, type Terminal, type Verb } from './verb.ts';

/** Every verb of `kubectl autonomic`, in the order of the help text. */
const VERBS: readonly Verb[] = [backtest, evaluate, explain, predictions, decisions, data, journal];

/** Exit codes: 0 done, 1 could not be done, 2 asked for wrongly or input that cannot be used, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 130;

/** Runs one command line, without the names of interpreter and program. Never throws. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.out(help());
    return 0;
  }
  const verb = VERBS.find((candidate) => candidate.name === name);
  if (verb === undefined) {
    const known = VERBS.map((candidate) => candidate.name).join(', ');
    terminal.err(`error: unknown command "${name}"; known are: ${known}. See kubectl autonomic --help\n`);
    return 2;
  }
  const subcommand = verb.subcommands?.[rest[0] ?? ''];
  return subcommand === undefined
    ? perform(verb, rest, terminal)
    : perform(subcommand, rest.slice(1), terminal);
}

async function perform(verb: Verb, args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (args.includes('--help') || args.includes('-h')) {
    terminal.out(verb.help);
    return 0;
  }
  try {
    await verb.run(args, terminal);
    return 0;
  } catch (error) {
    return report(error, verb.name, terminal);
  }
}

function report(error: unknown, verb: string, terminal: Terminal): ExitCode {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Interrupted) {
    terminal.err(`${message}\n`);
    return 130;
  }
  const usage = error instanceof UsageError;
  terminal.err(`error: ${message}${usage ? `. See kubectl autonomic ${verb} --help` : ''}\n`);
  return usage || error instanceof InputError ? 2 : 1;
}

function help(): string {
  const width = Math.max(...VERBS.map((verb) => verb.name.length));
  const list = VERBS.map((verb) => `  ${verb.name.padEnd(width)}  ${verb.summary}`).join('\n');
  return `Look at what Autonomic decides, and why, and try it on your own load first.

Usage:
  kubectl autonomic <command> [flags]

Commands:
${list}

Use "kubectl autonomic <command> --help" for the flags of a command.
`;
}
