import { seededRandom } from '../../src/simulate/random.ts';
import { exposition, seriesText } from './exposition.ts';
import { past } from './past.ts';

const until = Date.UTC(2025, 0, 1, 0, 0, 10);
const hour = 3_600_000;
/** Between 20 and 180 requests a second, once round in an hour. */
const demand = (time: number): number => 100 + 80 * Math.sin((2 * Math.PI * time) / hour);
const spec = { namespace: 'shop', name: 'web', demand };
const span = { from: until - 3 * hour, until };
const moments = [...past(spec, span, seededRandom(1))];

function values(series: string): number[] {
  return moments.flatMap(({ samples }) =>
    samples.filter((sample) => seriesText(sample) === series).map((sample) => sample.value),
  );
}

describe('the past of a workload', () => {
  it('has a moment for each whole half minute before the end', () => {
    expect(moments).toHaveLength(360);
    expect(moments.every(({ at }) => at % 30_000 === 0 && at < until && at >= span.from)).toBe(true);
  });

  it('has one for each scrape where they come more often, with as many requests', () => {
    const often = [...past(spec, { ...span, stepSeconds: 15, offsetSeconds: 5 }, seededRandom(1))];
    expect(often).toHaveLength(720);
    expect(often[1]?.at).toBe(span.from + 25_000);
    const requests = often.at(-1)?.samples.find(({ labels }) => labels['code'] === '200')?.value ?? 0;
    expect(Math.abs(requests / (100 * 3 * 3600) - 1)).toBeLessThan(0.02);
  });

  it('has counters that never fall', () => {
    const first = moments[0]?.samples ?? [];
    const counters = first.filter(({ family }) => family.type !== 'gauge').map(seriesText);
    expect(counters).toHaveLength(20);
    for (const series of counters) {
      const seen = values(series);
      expect(seen.every((value, index) => index === 0 || value >= (seen[index - 1] ?? 0))).toBe(true);
    }
  });

  it('has the requests that were asked for, each once in the histogram', () => {
    const requests = values('http_requests_total{namespace="shop",pod="web-pst-22222",code="200"}');
    expect(Math.abs((requests.at(-1) ?? 0) / (100 * 3 * 3600) - 1)).toBeLessThan(0.02);
    expect(values('http_request_duration_seconds_count{namespace="shop",pod="web-pst-22222"}')).toEqual(
      requests,
    );
  });

  it('has the bytes of those requests and of their answers', () => {
    const requests = values('http_requests_total{namespace="shop",pod="web-pst-22222",code="200"}');
    const received = values(
      'container_network_receive_bytes_total{namespace="shop",pod="web-pst-22222",interface="eth0"}',
    );
    expect(received).toEqual(requests.map((count) => 2000 * count));
  });

  it('has replicas that follow the load and keep the objective nearly always', () => {
    const replicas = values('kube_deployment_spec_replicas{namespace="shop",deployment="web"}');
    expect(Math.max(...replicas)).toBe(Math.ceil(180 / 7));
    expect(Math.min(...replicas)).toBeLessThan(7);
    const quick = values(
      'http_request_duration_seconds_bucket{namespace="shop",pod="web-pst-22222",le="0.3"}',
    );
    const all = values('http_request_duration_seconds_count{namespace="shop",pod="web-pst-22222"}');
    expect((quick.at(-1) ?? 0) / (all.at(-1) ?? 1)).toBeGreaterThan(0.97);
  });

  it('ends the gauges of its pods five minutes early', () => {
    const label = 'container_memory_working_set_bytes{namespace="shop",pod="web-pst-22222",container="web"}';
    expect(values(label)).toHaveLength(350);
  });

  it('has the names that the live exporter has', () => {
    expect(exposition(moments[0]?.samples ?? [])).toContain('# TYPE http_request_duration_seconds histogram');
  });
});
