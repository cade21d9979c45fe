import type { Verb } from '../verb.ts';

const HELP = `Print the records of a journal, oldest first, and say where it is damaged.

Reads only, and takes no lock: the operator may be running. Of a running one, the last records may not be
acknowledged yet. The format is in docs/journal.md.

Usage:
  kubectl autonomic journal dump FOLDER [flags]

Flags:
      --kind KIND        only records of this kind: Intent, Applied, Aborted, Closed, Proposal, Exported,
                         Situation, Anomaly, Document or Forget; may be repeated
      --decision ID      only records of this decision
      --policy NAME      only records of policies of this name
  -n, --namespace NAME   only records of policies of this namespace; default all
      --since WHEN       only records since then: a duration such as 2h, or a time such as 2026-05-04T09:00:00Z.
                         A record without a time of its own has that of the record before it
  -o, --output FORMAT    table, json, jsonl (one record in each line, as it is read) or yaml; default table
  -h, --help             this text

The ending of a decision whose Intent is gone, by retention or damage, tells no policy: --policy and
--namespace leave it out.

Exit codes: 0 the journal is whole, 1 it cannot be read, 2 it is damaged (the rest is printed), or wrong flags.

Examples:
  # Inside the operator's container
  kubectl exec -n autonomic-system deploy/autonomic -- \\
    node /app/dist/cli/kubectl-autonomic.js journal dump /var/lib/autonomic/journal --since 1h

  # All that is known of one decision
  kubectl autonomic journal dump ./journal --decision 6f1c… -o yaml

  # With a program
  kubectl autonomic journal dump ./journal --kind Closed -o jsonl | jq .record.outcome.result
`;

export const dump: Verb = {
  name: 'journal dump',
  summary: 'Print its records, and say where it is damaged',
  help: HELP,
  async run(args, terminal) {
    const { runDump } = await import('./run-dump.ts');
    await runDump(args, terminal, Date.now());
  },
};
