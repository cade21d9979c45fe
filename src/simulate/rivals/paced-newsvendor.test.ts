import { seededRandom } from '../random.ts';
import type { Contender, Scaler, ScalerContext, ScalerView } from '../scaler.ts';
import { pacedNewsvendor, pacedNewsvendorCalm } from './paced-newsvendor.ts';

const START = Date.UTC(2025, 0, 6);
const AGE_MS = 30_000;

const context: ScalerContext = {
  startAt: START,
  decisionSeconds: 15,
  serviceRate: 10,
  objective: { waitSeconds: 0.3, slowShare: 0.01 },
  startupSeconds: 20,
  bounds: { minReplicas: 1, maxReplicas: 250 },
  warmup: new Float64Array(),
  random: seededRandom(1),
};

/** What the scaler asks for at each decision; `rate` is asked with the number of the bin that has been measured. */
function play(
  scaler: Scaler,
  decisions: number,
  rate: (bin: number) => number | undefined,
  replicas = 5,
): number[] {
  let current = replicas;
  return Array.from({ length: decisions }, (_, index) => {
    const now = START + index * 15_000;
    const measured = {
      until: now - AGE_MS,
      demand: () => (index < 3 ? undefined : rate(index - 3)),
      cpu: () => undefined,
      requests: index * 1000,
      slowRequests: index * 9,
    };
    const view: ScalerView = {
      now,
      index,
      replicas: current,
      ready: current,
      starting: 0,
      measured,
      scraped: measured,
      pods: [],
    };
    current = scaler.decide(view);
    return current;
  });
}

const create = (contender: Contender = pacedNewsvendor): Scaler => contender.create(1, context);

describe('the paced newsvendor as a contender', () => {
  test('has nothing to tune', () => {
    for (const { knob } of [pacedNewsvendor, pacedNewsvendorCalm]) expect(knob.values).toHaveLength(1);
  });

  test('waits for two minutes of demand, then asks for what it needs', () => {
    const asked = play(create(), 400, () => 100, 30);
    expect(asked.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 30));
    expect(asked.at(-1)).toBeGreaterThan(10);
    expect(asked.at(-1)).toBeLessThan(16);
  });

  test('keeps its replicas while demand is not measured, and follows when it is again', () => {
    const asked = play(create(), 800, (bin) => (bin >= 500 && bin < 600 ? undefined : bin < 600 ? 100 : 300));
    const before = asked[502]!;
    expect(asked.slice(503, 603)).toEqual(Array.from({ length: 100 }, () => before));
    expect(asked.at(-1)).toBeGreaterThan(30);
  });

  test('decides the same on the same measurements', () => {
    const rates = Array.from({ length: 500 }, (_, bin) => 100 + 60 * Math.sin(bin / 9));
    const run = (): number[] => play(create(), 500, (bin) => rates[bin]);
    expect(run()).toEqual(run());
  });

  test('takes fewer actions when calm', () => {
    const random = seededRandom(2);
    const rates = Array.from({ length: 3000 }, (_, bin) => 200 + 60 * Math.sin(bin / 90) + 40 * random());
    const actions = (contender: Contender): number =>
      play(create(contender), 3000, (bin) => rates[bin]).filter(
        (asked, i, all) => i > 0 && asked !== all[i - 1],
      ).length;
    expect(actions(pacedNewsvendorCalm)).toBeLessThan(actions(pacedNewsvendor));
  });

  test('says why', () => {
    const scaler = create();
    play(scaler, 2, () => 100);
    expect(scaler.explain?.()).toBe('demand is not known: replicas stay');
    play(scaler, 100, () => 100);
    expect(scaler.explain?.()).toMatch(
      /^best for what an order can serve: \d+; for what a removal would miss: \d+; price of slow requests 15.0$/,
    );
  });

  test('refuses another rhythm', () => {
    expect(() => pacedNewsvendor.create(1, { ...context, decisionSeconds: 30 })).toThrow(
      /decides every 15 s, found decisionSeconds = 30/,
    );
  });
});
