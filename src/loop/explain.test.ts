import { forecastFixture } from '../../test/support/forecast-fixture.ts';
import { explain, type Explanation } from './explain.ts';
import type { GuardTrace } from './guard/chain.ts';
import type { Proposal } from './plan/proposal.ts';

const reactive = (metric: string, replicas: number, detail: string): Proposal => {
  return { source: 'Reactive', metric, replicas, detail };
};
const ahead = (replicas: number, detail: string): Proposal => {
  return { source: 'Forecast', metric: 'requests', replicas, detail };
};
const forecast = forecastFixture({ peak: 381.26, upper: 412.4, horizonSeconds: 90 });
const clamped = (guard: string, before: number, after: number, message: string): GuardTrace => {
  return { guard, outcome: 'Clamp', before, after, reason: 'Why', message };
};
const passed: GuardTrace = { guard: 'Mode', outcome: 'Pass', before: 9, after: 9 };

const explained = (from: number, to: number, rest: Partial<Explanation>): string =>
  explain({ from, to, proposals: [], guards: [], forecast: undefined, ...rest });

describe('explain', () => {
  test('a rise that is measured', () => {
    const proposals = [reactive('cpu', 5, 'ceil(4 × 62 % ÷ 50 %) = 5')];
    expect(explained(4, 5, { proposals, guards: [passed] })).toBe(
      'Up from 4 to 5: cpu asks for ceil(4 × 62 % ÷ 50 %) = 5.',
    );
  });

  test('the largest of several metrics', () => {
    const proposals = [
      reactive('cpu', 5, 'ceil(4 × 62 % ÷ 50 %) = 5'),
      reactive('requests', 7, 'ceil(350 ÷ 50) = 7'),
    ];
    expect(explained(4, 7, { proposals })).toBe('Up from 4 to 7: requests asks for ceil(350 ÷ 50) = 7.');
  });

  test('a rise ahead of demand', () => {
    const proposals = [reactive('requests', 5, 'ceil(240 ÷ 50) = 5'), ahead(9, 'ceil(412 ÷ 50) = 9')];
    expect(explained(5, 9, { proposals, forecast })).toBe(
      'Up from 5 to 9: requests is forecast to peak at 412 or less within 90 s (95 % bound, median 381; now 370, +5 by trend), which asks for ' +
        'ceil(412 ÷ 50) = 9. Demand as measured asks for 5.',
    );
  });

  test('a number that balances cost and bad requests, with its neighbours', () => {
    const metric = 'objective.requests';
    const proposals: Proposal[] = [
      { source: 'Reactive', metric, replicas: 5, detail: '5: the fewest' },
      { source: 'Forecast', metric, replicas: 9, detail: '9: cost and expected bad requests balance' },
    ];
    const outcome = (replicas: number, slowShare: number) => ({
      replicas,
      slowShare,
      slowRate: 1,
      cost: replicas,
    });
    const stock = {
      price: { penalty: 15, margin: 1, pressure: 0 },
      window: 'up',
      outcomes: [outcome(8, 0.0123), outcome(9, 0.004), outcome(10, 0.0005)],
      cheaper: { penalty: 7.5, replicas: 8 },
      dearer: { penalty: 30, replicas: 10 },
    } as const;
    expect(explained(5, 9, { proposals, forecast, stock })).toBe(
      'Up from 5 to 9: objective.requests is forecast to peak at 412 or less within 90 s (95 % bound, median 381; now 370, ' +
        '+5 by trend), which asks for 9: cost and expected bad requests balance. Demand as measured asks for 5. Expected to be bad ' +
        'are with 8 1.23 %, with 9 0.4 %, with 10 0.05 % of the requests; at twice the price of a bad one it would be 10.',
    );
  });

  test('a forecast that does not ask for more than what is measured', () => {
    const proposals = [reactive('requests', 9, 'ceil(430 ÷ 50) = 9'), ahead(9, 'ceil(412 ÷ 50) = 9')];
    expect(explained(5, 9, { proposals, forecast })).toBe(
      'Up from 5 to 9: requests asks for ceil(430 ÷ 50) = 9.',
    );
  });

  test('a fall that the user’s rules make smaller', () => {
    const proposals = [reactive('requests', 3, 'ceil(120 ÷ 50) = 3')];
    const guards = [
      clamped('Stabilization', 3, 6, 'the highest recommendation of the last 300 s is 6'),
      clamped('Rate', 6, 8, 'at least 8 replicas now: 2 pods in 60 s'),
      passed,
    ];
    expect(explained(10, 8, { proposals, guards })).toBe(
      'Down from 10 to 8: requests asks for ceil(120 ÷ 50) = 3. Then Stabilization made 3 into 6 (the highest recommendation ' +
        'of the last 300 s is 6), Rate made 6 into 8 (at least 8 replicas now: 2 pods in 60 s).',
    );
  });

  test('a rise that only the range asks for', () => {
    const guards = [clamped('Bounds', 1, 2, 'minReplicas is 2')];
    expect(explained(1, 2, { guards })).toBe(
      'Up from 1 to 2: no metric speaks. Then Bounds made 1 into 2 (minReplicas is 2).',
    );
  });

  test('leaves out a clamp that moved nothing', () => {
    const proposals = [reactive('cpu', 5, '5')];
    expect(explained(4, 5, { proposals, guards: [clamped('Rate', 5, 5, 'x')] })).toBe(
      'Up from 4 to 5: cpu asks for 5.',
    );
  });
});
