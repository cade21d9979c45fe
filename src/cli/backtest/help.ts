export const HELP = `Replay recorded load through a simulated cluster: what would Autonomic have cost, how many requests would have
waited, and how would the usual autoscalers have done on the same load?

Each contender's setting is chosen on the start of each trace (the warm-up); the rest is scored. See docs/backtest.md.

Usage:
  kubectl autonomic backtest --input FILE|FOLDER… [flags]
  kubectl autonomic backtest --prometheus URL --workload NAMESPACE/NAME [--since 14d] [flags]
  kubectl autonomic backtest policy NAME [-n NAMESPACE] --prometheus URL [flags]
  kubectl autonomic backtest sizing --input FILE|FOLDER…    containers' requests instead of replicas; has its own --help

Load from files:
      --input PATH               CSV or CSV.gz, or a folder of them; may be repeated. Header "timestamp,value"
      --column NAME              which column is the load, where there are several
      --skip-bad-rows            leave out rows that cannot be used and count them, instead of refusing the file

Load from Prometheus:
      --prometheus URL           address of the server
      --workload NS/NAME         a Deployment, or NS/statefulset/NAME: the CPU cores that its pods used together
      --query PROMQL             another number than those; confined to the workload's namespace when there is one
      --since DURATION           how far back; default 14d
      --until TIME               end of the range, ISO 8601 or epoch seconds; default now
      --step DURATION            resolution; default 60s
      --scrape-interval DURATION of the server for these series; default 30s
      --prometheus-token-file F  file with a bearer token
      --prometheus-ca-file F     PEM bundle instead of the system's authorities

A policy to try, instead of Autonomic's defaults:
      policy NAME                an AutonomicPolicy of the cluster: its target, requests or first metric, bounds, price,
                                 objective
      --policy FILE              the same from a YAML file
  -n, --namespace NAME           of the policy; default that of the context
      --kubeconfig FILE          default $KUBECONFIG, then ~/.kube/config
      --context NAME             of the kubeconfig; default its current one

The simulated world:
      --startup DURATION         median time from a pod's creation until it serves; default 20s
      --slo-wait DURATION        a request that waits longer is slow; default 300ms
      --slo-target SHARE         accepted share of slow requests; default 1%
      --metric-age DURATION      how old the newest value of every metric is; default 30s
      --arrivals NAME            between samples: linear, poisson, overdispersed, rough; default poisson
      --queues NAME              shared: one queue for all replicas; split: one each behind a random balancer; default shared
      --service-variation N      squared coefficient of variation of the service time; 1 is exponential; default 1
      --faults                   in a cluster that breaks: no metrics for five minutes a day, a node lost each week, one
                                 write in a hundred refused, new nodes after 150 s
      --replica-capacity N|auto  units of the load that one replica serves at its limit; default auto: each trace is
                                 scaled so that its 99.9th percentile keeps 40 replicas busy
      --min-replicas N           default 1
      --max-replicas N           default 250
      --price AMOUNT             of one replica for one hour, in any currency; shown beside the cost
      --seed N                   of all that is random; default 1

What is compared:
      --rivals LIST              all, reference (all, and rows that check the simulator), ablations (Autonomic with one part
                                 left out), or names with commas; default all
      --warmup DURATION          start of each trace that tunes and teaches, at most 40 % of it; default 7d
      --settle DURATION          start of the warm-up that counts for nobody; default 1d
      --days N                   use at most the first N days of each trace; default 21
      --frontier                 play every value of each setting on the scored part too: the curve of cost and misses

Output:
  -o, --output FORMAT            table, wide, json or html; default table
      --output-file FILE         where to write instead of standard output
      --jobs N                   worker threads; default one for each processor core
      --progress                 tell the progress on standard error also when that is no terminal
  -h, --help                     this text

Durations are written 300ms, 20s, 5m, 12h, 7d, 2w; shares 1% or 0.01.
Ctrl-C writes what is done until then, marked as partial, with exit code 130. A second Ctrl-C ends at once.
Exit codes: 0 done, 1 failed, 2 wrong flags or input that cannot be used, 130 interrupted.

Examples:
  # Your own measurements
  kubectl autonomic backtest --input requests.csv -o html --output-file report.html

  # The last two weeks of a Deployment
  kubectl autonomic backtest --prometheus http://localhost:9090 --workload shop/web --since 14d

  # Is this policy better than what the rivals would do?
  kubectl autonomic backtest policy web -n shop --prometheus http://localhost:9090 --rivals hpa,keda
`;
