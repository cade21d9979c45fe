import { awkwardSeries } from '../../../../../test/support/awkward-series.ts';
import { normal, seededRandom } from '../../../../simulate/random.ts';
import type { ComponentSignal, SignalKind } from './deviation.ts';
import { rankRootCauses, type ComponentSeries, type Incident } from './root-cause.ts';

const FROM = 5;
const POINTS = 8;

/** Normal noise around `usual`, and `during` from the anomaly's first point on. */
function signal(kind: SignalKind, usual: number, during: number, from = FROM): ComponentSignal {
  const random = seededRandom(3);
  const around = (level: number): number => level * (1 + 0.05 * normal(random));
  return {
    kind,
    normal: Float64Array.from({ length: 300 }, () => around(usual)),
    recent: Float64Array.from({ length: POINTS }, (_, i) => around(i >= from ? during : usual)),
  };
}

function component(
  id: string,
  latency: readonly [usual: number, during: number],
  from = FROM,
): ComponentSeries {
  return {
    id,
    measuredBy: 'Itself',
    signals: [signal('Latency', ...latency, from), signal('Requests', 100, 100)],
  };
}

const calls = [
  { caller: 'web', callee: 'cart' },
  { caller: 'web', callee: 'search' },
  { caller: 'cart', callee: 'db' },
];

function incident(components: readonly ComponentSeries[]): Incident {
  return { components, calls, target: { component: 'web', kind: 'Latency' }, from: FROM, to: POINTS };
}

test('the callee with the anomaly at the end of the calls is named first, with what is known of it', () => {
  const [first] = rankRootCauses(
    incident([
      component('web', [0.3, 0.8]),
      component('cart', [0.2, 0.7], FROM - 1),
      component('db', [0.05, 0.55], FROM - 1),
      component('search', [0.1, 0.1]),
    ]),
  );
  expect(first).toMatchObject({
    component: 'db',
    kind: 'Latency',
    onset: FROM - 1,
    lead: 1,
    path: ['web', 'cart', 'db'],
  });
  expect(first?.own).toBe(1);
  expect(first?.impact).toBeGreaterThan(0.8);
});

test('where no callee is unusual, it is the target itself', () => {
  const ranked = rankRootCauses(incident([component('web', [0.3, 0.8]), component('cart', [0.2, 0.2])]));
  expect(ranked.map(({ component: id }) => id)).toEqual(['web']);
});

test('what is unusual but too small to be it comes after what is large enough', () => {
  const ranked = rankRootCauses(
    incident([
      component('web', [0.3, 0.8]),
      component('search', [0.001, 0.01]),
      component('db', [0.05, 0.5]),
    ]),
  );
  expect(ranked[0]?.component).toBe('db');
});

test('a component that only its callers measure comes after the one that measures itself', () => {
  const address: ComponentSeries = { ...component('search', [0.05, 0.55]), measuredBy: 'Caller' };
  const ranked = rankRootCauses(
    incident([component('web', [0.3, 0.8]), address, component('db', [0.05, 0.55])]),
  );
  expect(ranked[0]?.component).toBe('db');
});

test('without calls, what moved is ranked by itself', () => {
  const ranked = rankRootCauses({
    ...incident([component('web', [0.3, 0.8]), component('db', [0.05, 0.55], FROM - 2)]),
    calls: [],
  });
  expect(ranked.map(({ component: id }) => id)).toContain('db');
  expect(ranked.find(({ component: id }) => id === 'db')?.path).toBeUndefined();
});

test('a target that nobody measures is no error', () => {
  expect(rankRootCauses(incident([component('db', [0.05, 0.55])]))[0]?.impact).toBeNaN();
  expect(rankRootCauses(incident([]))).toEqual([]);
});

test.each(awkwardSeries(300))('signals that are %s have scores from 0 to 1', (_, values) => {
  const awkward = Float64Array.from(values);
  const strange: ComponentSeries = {
    id: 'db',
    measuredBy: 'Itself',
    signals: (['Latency', 'Errors', 'Requests'] as const).map((kind) => ({
      kind,
      normal: awkward,
      recent: awkward.subarray(0, POINTS),
    })),
  };
  for (const { score } of rankRootCauses(incident([component('web', [0.3, 0.8]), strange]))) {
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
  }
});
