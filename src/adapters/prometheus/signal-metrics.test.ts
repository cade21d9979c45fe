import { startHttpFixture, vectorBody, type HttpFixture } from '../../../test/support/http-fixture.ts';
import type { MeasuredSignal } from '../../loop/monitor/signals.ts';
import { PrometheusClient } from './client.ts';
import { prometheusOptionsSchema } from './options.ts';
import { SignalMetrics } from './signal-metrics.ts';

const NOW = 1_700_000_000_000;

/** A word of each signal's query that is in no other. */
const WORD: Readonly<Record<MeasuredSignal, string>> = {
  cpuCores: 'cpu_usage_seconds',
  cpuThrottledShare: 'throttled_periods',
  memoryBytes: 'working_set',
  networkReceiveBytes: 'network_receive',
  networkTransmitBytes: 'network_transmit',
};

describe('the signals of workloads', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let now: number;
  let signals: SignalMetrics;

  beforeEach(async () => {
    now = NOW;
    server = await startHttpFixture((_request, response) => response.end());
    const options = prometheusOptionsSchema.parse({ url: server.url, maxClockSkewSeconds: 600 });
    client = new PrometheusClient(options, { now: () => now, random: () => 0 });
    signals = new SignalMetrics(client, options, () => now);
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  /** Pod web-1 of namespace a has the value of its signal; `failing` is refused by the server. */
  function answer(value: string, failing?: MeasuredSignal): void {
    server.reply((request, response) => {
      // The Date header would be today's.
      response.sendDate = false;
      const query = request.form.get('query') ?? '';
      if (failing !== undefined && query.includes(WORD[failing])) {
        response.writeHead(422);
        response.end(JSON.stringify({ status: 'error', errorType: 'execution', error: 'too many samples' }));
        return;
      }
      const labels = { namespace: 'a', pod: 'web-1' };
      const sampledAt = String(now / 1000 - 10);
      response.end(
        vectorBody(
          [
            [{ ...labels, autonomic_part: 'value' }, value],
            [{ ...labels, autonomic_part: 'sampled' }, sampledAt],
          ],
          now / 1000,
        ),
      );
    });
  }

  const asked = (): string[] =>
    server.requests.map(({ form }) => {
      const query = form.get('query') ?? '';
      return Object.entries(WORD).find(([, word]) => query.includes(word))?.[0] ?? query;
    });

  test('are not known before they were read', () => {
    expect(signals.latest.of('cpuCores', 'a', 'web-1', now)).toMatchObject({
      quality: 'Missing',
      reason: 'NoData',
    });
  });

  test('cost one query each, one after the other, and are kept with their times', async () => {
    answer('0.5');
    await signals.refresh(['b', 'a', 'a']);
    expect(asked()).toEqual(Object.keys(WORD));
    expect(signals.latest.of('memoryBytes', 'a', 'web-1', now)).toEqual({
      quality: 'Fresh',
      value: 0.5,
      at: NOW - 10_000,
    });
    expect(signals.latest.of('memoryBytes', 'b', 'web-1', now)).toMatchObject({ reason: 'NoData' });
  });

  test('grow stale while no newer ones come', async () => {
    answer('0.5');
    await signals.refresh(['a']);
    expect(signals.latest.of('cpuCores', 'a', 'web-1', now + 79_000).quality).toBe('Fresh');
    expect(signals.latest.of('cpuCores', 'a', 'web-1', now + 81_000).quality).toBe('Stale');
  });

  test('that fail are Missing, the others are not, and the failing query rests', async () => {
    answer('0.5', 'cpuThrottledShare');
    await signals.refresh(['a']);
    expect(signals.latest.of('cpuThrottledShare', 'a', 'web-1', now)).toMatchObject({
      quality: 'Missing',
      reason: 'QueryFailed',
    });
    expect(signals.latest.of('networkReceiveBytes', 'a', 'web-1', now).quality).toBe('Fresh');
    now += 5000;
    await signals.refresh(['a']);
    expect(asked().filter((signal) => signal === 'cpuThrottledShare')).toHaveLength(1);
    now += 15_000;
    answer('0.25');
    await signals.refresh(['a']);
    expect(signals.latest.of('cpuThrottledShare', 'a', 'web-1', now)).toMatchObject({
      quality: 'Fresh',
      value: 0.25,
    });
  });

  test('are asked for once at a time, and meanwhile the last ones are told', async () => {
    answer('1');
    await signals.refresh(['a']);
    answer('2');
    const first = signals.refresh(['a']);
    const second = signals.refresh(['a']);
    expect(signals.latest.of('cpuCores', 'a', 'web-1', now)).toMatchObject({ value: 1 });
    await Promise.all([first, second]);
    expect(asked()).toHaveLength(2 * Object.keys(WORD).length);
    expect(signals.latest.of('cpuCores', 'a', 'web-1', now)).toMatchObject({ value: 2 });
  });

  test('of no policies cost nothing', async () => {
    await signals.refresh([]);
    expect(server.requests).toHaveLength(0);
  });
});
