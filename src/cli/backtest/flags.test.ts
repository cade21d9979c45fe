import { UsageError } from '../verb.ts';
import { parseFlags } from './flags.ts';

const now = Date.UTC(2026, 4, 4, 9);
const DAY = 86_400_000;
const parse = (...args: string[]): ReturnType<typeof parseFlags> => parseFlags(args, now);

describe('the flags of a backtest', () => {
  test('have the defaults of the published protocol', () => {
    expect(parse('--input', 'a.csv')).toEqual({
      source: { load: { kind: 'files', paths: ['a.csv'], skipBadRows: false } },
      world: {},
      warmupSeconds: 604_800,
      days: 21,
      rivals: 'all',
      frontier: false,
      jobs: expect.any(Number) as number,
      format: 'table',
      progress: false,
    });
  });

  test('describe the world', () => {
    const flags =
      '--input a.csv --startup 2m --slo-wait 500ms --slo-target 0.2% --metric-age 15s --arrivals rough --queues split --service-variation 2.5 --faults --seed 7 --settle 12h ' +
      '--min-replicas 2 --max-replicas 9 --replica-capacity 0.5 --price 0.05';
    expect(parse(...flags.split(' ')).world).toEqual({
      startupSeconds: 120,
      waitSeconds: 0.5,
      slowShare: 0.002,
      metricAgeSeconds: 15,
      arrivals: 'rough',
      discipline: 'split',
      squaredVariation: 2.5,
      faults: true,
      seed: 7,
      settleSeconds: 43_200,
      minReplicas: 2,
      maxReplicas: 9,
      replicaCapacity: 0.5,
      replicaHourPrice: 0.05,
    });
    expect(parse('--input', 'a.csv', '--replica-capacity', 'auto').world).toEqual({
      replicaCapacity: 'auto',
    });
  });

  test('name several files, a column, and what is written where', () => {
    const flags =
      '--input a --input b --column rps --skip-bad-rows --warmup 3d --days 10 --rivals hpa --frontier --jobs 3 -o json --output-file r.json --progress';
    expect(parse(...flags.split(' '))).toMatchObject({
      source: { load: { paths: ['a', 'b'], column: 'rps', skipBadRows: true } },
      warmupSeconds: 259_200,
      days: 10,
      rivals: 'hpa',
      frontier: true,
      jobs: 3,
      format: 'json',
      outputFile: 'r.json',
      progress: true,
    });
  });

  test('name a Prometheus and a workload of it', () => {
    const flags =
      '--prometheus https://p:9090/x --workload shop/statefulset/db --since 7d --until 2026-05-01T00:00:00Z --step 30s --scrape-interval 15s --prometheus-token-file t --prometheus-ca-file /ca';
    const { load } = parse(...flags.split(' ')).source;
    const end = Date.UTC(2026, 4, 1);
    expect(load).toMatchObject({
      kind: 'prometheus',
      options: {
        url: 'https://p:9090/x',
        bearerTokenFile: `${process.cwd()}/t`,
        tls: { caFile: '/ca' },
        scrapeIntervalSeconds: 15,
      },
      start: end - 7 * DAY,
      end,
      stepSeconds: 30,
      workload: { namespace: 'shop', kind: 'StatefulSet', name: 'db' },
    });
    const short = parse('--prometheus', 'http://p', '--workload', 'shop/web').source.load;
    expect(short).toMatchObject({
      start: now - 14 * DAY,
      end: now,
      stepSeconds: 60,
      workload: { namespace: 'shop', kind: 'Deployment', name: 'web' },
    });
  });

  test('name a policy of a file or of the cluster', () => {
    expect(parse('--input', 'a.csv', '--policy', 'p.yaml').source.policy).toEqual({
      kind: 'file',
      path: 'p.yaml',
    });
    const flags = 'policy web -n shop --kubeconfig k --context c --prometheus http://p';
    expect(parse(...flags.split(' ')).source.policy).toEqual({
      kind: 'cluster',
      name: 'web',
      namespace: 'shop',
      kubeconfig: 'k',
      context: 'c',
    });
  });

  test.each([
    ['', 'nothing to replay: name CSV files or folders with --input, or a server with --prometheus'],
    ['--input=', '--input is empty: name a file or folder'],
    ['--inputs a', "Unknown option '--inputs'"],
    ['--input', "Option '--input <value>' argument missing"],
    [
      '--input a --warmup 7',
      '--warmup must be a duration from 1h to 365d such as 20s, 300ms or 7d, found "7"',
    ],
    [
      '--input a --slo-target 100%',
      '--slo-target must be a share from 0.01% to 50% such as 1%, found "100%"',
    ],
    ['--input a --jobs 0', '--jobs must be a whole number from 1 to 256, found "0"'],
    ['--input a --seed -1', "Option '--seed' argument is ambiguous"],
    ['--input a --queues round-robin', '--queues must be shared or split, found "round-robin"'],
    ['--input a --service-variation -1', "Option '--service-variation' argument is ambiguous"],
    [
      '--input a --arrivals normal',
      '--arrivals must be linear, poisson, overdispersed or rough, found "normal"',
    ],
    ['--input a -o xml', '--output must be table, wide, json or html, found "xml"'],
    ['--input a --output-file=', '--output-file is empty: name a file'],
    [
      '--input a --replica-capacity 0',
      '--replica-capacity must be a number from 1e-9 to 1000000000000, found "0"',
    ],
    ['--input a --since 7d', '--since goes with --prometheus'],
    ['--input a --workload shop/web', '--workload goes with --prometheus'],
    ['--input a -n shop', '--namespace goes with "backtest policy NAME"'],
    [
      '--input a --prometheus http://p',
      '--input and --prometheus are two sources of the load: use one of them',
    ],
    ['--prometheus http://p', '--prometheus needs --workload NAMESPACE/NAME, or a --query of your own'],
    ['--prometheus http://p --query x --column c', '--column goes with --input'],
    ['--prometheus p:9090 --query x', '--prometheus must begin with http:// or https://, found p://'],
    [
      '--prometheus http://u:s@p --query x',
      '--prometheus must not carry a user or password: use bearerTokenFile',
    ],
    [
      '--prometheus http://p --workload web',
      '--workload must be NAMESPACE/NAME of a Deployment or NAMESPACE/statefulset/NAME, found "web"',
    ],
    ['--prometheus http://p --workload shop/job/web', 'NAMESPACE/statefulset/NAME, found "shop/job/web"'],
    ['--prometheus http://p --query x --step 0.5s', '--step must be a duration from 1s to 1h'],
    ['--prometheus http://p --query x --step 1.5s', '--step must be whole seconds, found "1.5s"'],
    [
      '--prometheus http://p --query x --until soon',
      '--until must be a time such as 2026-05-04T09:00:00Z or epoch',
    ],
    [
      '--prometheus http://p --query x --until 2027-01-01',
      '--until must not be in the future, found "2027-01-01"',
    ],
    ['policy', '"backtest policy" needs the name of an AutonomicPolicy'],
    ['policies web', 'unexpected argument "policies"; known are: policy NAME, sizing'],
    ['policy a b --prometheus http://p', 'unexpected argument "b" after the name of the policy'],
    [
      'policy a --policy f',
      '--policy names a file, and "backtest policy" one of the cluster: use one of them',
    ],
    ['policy a --prometheus http://p --query x', "workload and query are the policy's own: leave them out"],
  ])('%s is refused', (args, message) => {
    const refused = (): unknown => parse(...args.split(' ').filter((arg) => arg !== ''));
    expect(refused).toThrow(UsageError);
    expect(refused).toThrow(message);
  });
});
