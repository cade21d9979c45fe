import { decisionFixture } from '../../../test/support/decision-fixtures.ts';
import { forecastFixture } from '../../../test/support/forecast-fixture.ts';
import { stockFixture } from '../../../test/support/stock-fixture.ts';
import { policyStatusSchema } from '../../api/policy-status.ts';
import type { Decision } from '../../loop/execute/decision.ts';
import { decisionBasis } from './decision-basis.ts';
import { decisionStatus } from './status/status-values.ts';

const stocked = (stock: NonNullable<Decision['stock']>): Decision => decisionFixture('d1', { stock });

describe('what a decision rests on', () => {
  test('is shown with the choices beside it and their expected share of bad requests', () => {
    expect(decisionBasis(stocked(stockFixture())).stock).toEqual({
      price: '22.3',
      window: 'Up',
      outcomes: [
        { replicas: 8, badPercent: '2.3', cost: '11.2' },
        { replicas: 9, badPercent: '0.61', cost: '10.1' },
        { replicas: 10, badPercent: '0.12', cost: '10.3' },
      ],
      cheaper: { price: '11.2', replicas: 9 },
      dearer: { price: '44.6', replicas: 10 },
    });
  });

  test('is shown with the parts of the forecast that are something, also those that take away', () => {
    const forecast = forecastFixture({
      parts: { newest: 370, level: 0, trend: -12.34, recent: -0, spread: NaN, season: 1e-12 },
    });
    expect(decisionBasis(decisionFixture('d1', { forecast })).forecast?.parts).toEqual({
      newest: '370',
      trend: '-12.3',
      season: '1e-9',
    });
  });

  test('is not there when nothing was forecast', () => {
    expect(decisionBasis(decisionFixture('d1', { forecast: undefined }))).toEqual({});
  });

  test.each([1e308, Infinity, NaN])('is one that the API takes when every number is %d', (absurd) => {
    const { parts } = forecastFixture();
    const all = Object.fromEntries(
      Object.keys(parts).map((name) => [name, -absurd]),
    ) as unknown as typeof parts;
    const outcomes = [{ replicas: 9, slowRate: absurd, slowShare: absurd, cost: absurd }];
    const decision = {
      ...stocked(stockFixture({ outcomes, window: 'hold' })),
      forecast: forecastFixture({ parts: all }),
    };
    const read = policyStatusSchema.safeParse({ decisions: [decisionStatus(decision, 'Applied')] });
    expect(read.error).toBeUndefined();
  });
});
