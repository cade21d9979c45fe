import { startHttpFixture, type HttpFixture } from '../../../test/support/http-fixture.ts';
import { PrometheusClient } from './client.ts';
import { prometheusOptionsSchema, type PrometheusOptions } from './options.ts';
import { rangeTrace } from './range-trace.ts';

const DAY = 86_400_000;

describe('a past range as a trace', () => {
  let server: HttpFixture;
  let client: PrometheusClient;
  let options: PrometheusOptions;

  beforeEach(async () => {
    server = await startHttpFixture(() => undefined);
    options = prometheusOptionsSchema.parse({ url: server.url });
    client = new PrometheusClient(options, { now: () => 0, random: () => 0 });
  });

  afterEach(async () => {
    await client.close();
    await server.stop();
  });

  /** Serves one series with a value at each step at which `has` holds; its warning, too. */
  function serve(has: (at: number) => boolean, { series = 1, warnings = [] as string[] } = {}): void {
    server.reply(({ form }, response) => {
      const number = (name: string): number => Number.parseFloat(form.get(name) ?? '');
      const values: [number, string][] = [];
      for (let at = number('start'); at <= number('end'); at += number('step')) {
        if (has(at * 1000)) values.push([at, String(at)]);
      }
      const result = Array.from({ length: series }, (_, i) => ({ metric: { i: String(i) }, values }));
      const data = { resultType: 'matrix', result: values.length > 0 ? result : [] };
      response.end(JSON.stringify({ status: 'success', data, warnings }));
    });
  }

  const read = (): ReturnType<typeof rangeTrace> =>
    rangeTrace(client, options, { query: { text: 'x' }, start: 0, end: 10 * DAY, stepSeconds: 3600 });

  test('has the samples there are, and leaves gaps', async () => {
    serve((at) => at < 2 * DAY || at >= 3 * DAY);
    const result = await read();
    const hours = Array.from({ length: 241 }, (_, i) => i).filter((hour) => hour < 48 || hour >= 72);
    expect(result.ok && [...result.value.times]).toEqual(hours.map((hour) => hour * 3_600_000));
    expect(result.ok && [...result.value.values]).toEqual(hours.map((hour) => hour * 3600));
  });

  test('tells what Prometheus warns of', async () => {
    serve((at) => at < 11 * DAY);
    const { times } = ((await read()) as { value: { times: Float64Array } }).value;
    expect(times).toHaveLength(241);
    serve(() => true, { warnings: ['a store is down'] });
    expect(await read()).toMatchObject({
      ok: false,
      error: {
        message:
          'no data from 1970-01-01T00:00:00.000Z to 1970-01-11T00:00:00.000Z; Prometheus warns: a store is down',
      },
    });
  });

  test.each([
    [
      'begins too late',
      (at: number): boolean => at >= 3 * DAY,
      'no data before 1970-01-04T00:00:00.000Z, asked for from 1970-01-01T00:00:00.000Z to 1970-01-11T00:00:00.000Z',
    ],
    [
      'ends too early',
      (at: number): boolean => at <= 9 * DAY,
      'no data after 1970-01-10T00:00:00.000Z, asked for',
    ],
    ['is empty', (): boolean => false, 'no data from 1970-01-01T00:00:00.000Z to 1970-01-11T00:00:00.000Z'],
    ['is one sample', (at: number): boolean => at === 0, 'no data from 1970-01-01T00:00:00.000Z'],
  ])('is refused when it %s', async (_, has, message) => {
    serve(has);
    const result = await read();
    expect(!result.ok && result.error.message).toContain(message);
  });

  test('is refused when there is more than one series', async () => {
    serve(() => true, { series: 3 });
    const result = await read();
    expect(!result.ok && result.error.message).toBe(
      'the query answers 3 series, wanted is one: aggregate them in the query, for example with sum()',
    );
  });
});
