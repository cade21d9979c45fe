export const HELP = `Why did it do that? What a policy is doing, its last decision with everything that led to it, what came of similar
situations in the past, and what is unusual now, in words. See docs/explain.md.

Reads the AutonomicPolicy from the cluster and nothing else: no store, no Prometheus. It needs get and list of
autonomicpolicies, and changes nothing.

Usage:
  kubectl autonomic explain [POLICY] [-n NAMESPACE] [--decision ID | --all] [-o FORMAT]

Without POLICY: a line for each policy of the namespace.

Flags:
      --decision ID      the decision of that id instead of the last one; events, logs and the workload have the ids
      --all              every decision that the policy keeps (ten), newest first
  -o, --output FORMAT    text, json or yaml; default text
  -n, --namespace NAME   default that of the context
      --kubeconfig FILE  default $KUBECONFIG, then ~/.kube/config
      --context NAME     of the kubeconfig; default its current one
  -h, --help             this text

Sections:
  NOW             replicas, and every condition that is not as it should be, with what holds decreases
  LAST DECISION   what, why, state and outcome; Proposals: what each metric and forecast asked for; Forecast: how the
                  expected peak is made up; Balance: what one replica fewer and one more were expected to come to;
                  Guards: those that changed the number or refused; Memory: what was remembered at that time
  SITUATIONS LIKE THE PRESENT ONE
                  past half hours that were alike. SIMILAR is 100 % for the same, 50 % where it no longer counts.
                  Succeeded: the objective was met, nothing had to be undone, no dearer than an HPA would have been
  UNUSUAL NOW     open anomalies: what moved first, who is suspected, an earlier one like it, the runbook that fits

Exit codes: 0 done, 1 failed, 2 wrong flags or input that cannot be used.

Examples:
  kubectl autonomic explain -n shop
  kubectl autonomic explain web -n shop
  kubectl autonomic explain web -n shop --all -o json
`;
