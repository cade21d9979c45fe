import type { Verb } from '../verb.ts';
import { HELP } from './help.ts';
import { sizing } from './sizing.ts';

export const backtest: Verb = {
  name: 'backtest',
  summary: 'Replay your load: what would Autonomic, and each rival, have cost and missed?',
  help: HELP,
  subcommands: { sizing },
  async run(args, terminal) {
    // Half a second of loading that the other commands and --help need not wait for.
    const { runBacktest } = await import('./run-backtest.ts');
    await runBacktest(args, terminal);
  },
};
