import type { Verb } from '../verb.ts';
import { HELP } from './help.ts';

export const predictions: Verb = {
  name: 'predictions',
  summary: 'What a workload will use and cost in the next seven days, with intervals',
  help: HELP,
  async run(args, terminal) {
    // The Kubernetes client takes long to load; the other commands and --help need not wait for it.
    const { runPredictions } = await import('./run-predictions.ts');
    await runPredictions(args, terminal);
  },
};
