import type { Verb } from '../verb.ts';
import { HELP } from './help.ts';

export const explain: Verb = {
  name: 'explain',
  summary: 'What a policy is doing and why, what is remembered, and what is unusual now',
  help: HELP,
  async run(args, terminal) {
    // The Kubernetes client takes long to load; the other commands and --help need not wait for it.
    const { runExplain } = await import('./run-explain.ts');
    await runExplain(args, terminal);
  },
};
