export const HELP = `What will the workload of a policy use and cost in the next seven days? By the hour, from up to four weeks of
measurements, with intervals that hold 80 % of what comes, and how the forecasts of past weeks did.

For people and their planning: no decision of the operator rests on it. See docs/predictions.md.

Usage:
  kubectl autonomic predictions POLICY [-n NAMESPACE] --prometheus URL [flags]

Flags:
      --prometheus URL           address of the server
      --prometheus-token-file F  file with a bearer token
      --prometheus-ca-file F     PEM bundle instead of the system's authorities
      --scrape-interval DURATION of the server for these series; default 30s
      --resource NAME            cpu, memory, network, replicas or cost; default all
      --hourly                   hours instead of days
  -o, --output FORMAT            table, wide (with the past weeks) or json (with days and hours); default table
  -n, --namespace NAME           of the policy; default that of the context
      --kubeconfig FILE          default $KUBECONFIG, then ~/.kube/config
      --context NAME             of the kubeconfig; default its current one
  -h, --help                     this text

Columns:
  MEAN   of the day (or hour), all pods together; of cost, the whole day. A day that has begun counts as measured so far
  PEAK   largest five minutes of the day (or hour)
  80 %   the value lies between these with a probability of 80 %

Cost is the replicas times spec.objective.replicaHourPrice of the policy, in its currency.
Exit codes: 0 done, 1 failed, 2 wrong flags or input that cannot be used.

Examples:
  kubectl autonomic predictions web -n shop --prometheus http://localhost:9090

  # When will it need most memory?
  kubectl autonomic predictions web -n shop --prometheus http://localhost:9090 --resource memory --hourly
`;
