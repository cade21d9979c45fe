import type { Verb } from '../verb.ts';
import { SELECTION_HELP } from './selection/selection-help.ts';

export const selection: Verb = {
  name: 'evaluate selection',
  summary: 'Say what another way of selecting policies would have brought, from what was recorded',
  help: SELECTION_HELP,
  async run(args, terminal) {
    const { runSelection } = await import('./selection/run-selection.ts');
    await runSelection(args, terminal);
  },
};
