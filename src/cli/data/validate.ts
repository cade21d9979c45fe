import { FEATURE_SCHEMA } from '../../loop/monitor/features/schema.ts';
import type { Verb } from '../verb.ts';

const NAMES = FEATURE_SCHEMA.features.map(({ name }) => name);

const HELP = `Turn recorded samples into rows of features by the minute, as training reads them, and report what they are worth:
coverage, gaps, resets of counters, repeated and late samples, drift. Nothing is written but --emit. See docs/data.md.

Usage:
  kubectl autonomic data validate POLICY [-n NAMESPACE] --prometheus URL [flags]
  kubectl autonomic data validate --policy FILE --prometheus URL [flags]
  kubectl autonomic data validate --input FILE|FOLDER… [flags]

Flags of Prometheus:
      --prometheus URL           address of the server
      --prometheus-token-file F  file with a bearer token
      --prometheus-ca-file F     PEM bundle instead of the system's authorities
      --scrape-interval DURATION of the server for these series; default 30s
      --since DURATION           how much of the past; default 14d
      --until TIME               its end; default now
      --policy FILE              the policy as a manifest, instead of one of the cluster
  -n, --namespace NAME           of the policy; default that of the context
      --kubeconfig FILE          default $KUBECONFIG, then ~/.kube/config
      --context NAME             of the kubeconfig; default its current one

Flags of files:
      --input PATH               CSV or CSV.gz, one workload each, or a folder of them; may be repeated. A time column
                                 (timestamp, ts, time or t) and columns that are called as features
      --map COLUMN=FEATURE       a column that is called otherwise; may be repeated
      --counter FEATURE          its column is a counter: rises per second count; may be repeated
      --skip-bad-rows            leave out rows that cannot be read and count them, instead of refusing the file

  -o, --output FORMAT            table, json or yaml; default table
      --emit FILE                write the rows as an Arrow IPC file, usable or not
  -h, --help                     this text

Features: ${NAMES.slice(0, 9).join(', ')},
          ${NAMES.slice(9).join(', ')}

Exit codes: 0 usable for training, 1 failed (no answer, no such policy or file), 2 not usable, or wrong flags.

Examples:
  kubectl autonomic data validate web -n shop --prometheus http://localhost:9090 --since 28d

  # One load of your own, as the rate of requests
  kubectl autonomic data validate --input load.csv --map value=requestRate --emit load.arrow
`;

export const validate: Verb = {
  name: 'data validate',
  summary: 'Report coverage, gaps, resets and drift of what training would read',
  help: HELP,
  async run(args, terminal) {
    // Arrow and the Kubernetes client take long to load; the other commands and --help need not wait for them.
    const { runValidate } = await import('./run-validate.ts');
    await runValidate(args, terminal, Date.now());
  },
};
