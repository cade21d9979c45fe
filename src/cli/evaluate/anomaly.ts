import type { Verb } from '../verb.ts';
import { ANOMALY_HELP } from './anomaly/anomaly-help.ts';

export const anomaly: Verb = {
  name: 'evaluate anomaly',
  summary: 'Look for what is unusual in recorded series, row by row, and compare with labels',
  help: ANOMALY_HELP,
  async run(args, terminal) {
    const { runAnomaly } = await import('./anomaly/run-anomaly.ts');
    runAnomaly(args, terminal);
  },
};
