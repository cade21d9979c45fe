import { plainMoment } from '../../../../test/support/bandit-problem.ts';
import { explorationShares, riskOf, type ExplorationTerms } from './exploration-shares.ts';
import { createLedger, endChampion } from './ledger.ts';

const estimates = {
  mean: Float64Array.of(0.9, 0.85, 0.4),
  deviation: Float64Array.of(0.01, 0.02, 0.1),
  probability: Float64Array.of(0.5, 0.3, 0.2),
};

function shares(terms: Partial<ExplorationTerms> = {}, ledger = createLedger(1), allowed = [1, 1, 1]) {
  const moment = plainMoment(3, { allowed: Uint8Array.from(allowed) });
  const { propensity, forced } = explorationShares(
    ledger,
    { share: 1, objections: [], ...terms },
    { moment, estimates, champion: 0 },
  );
  return { propensity: [...propensity].map((share) => Number(share.toFixed(9))), forced };
}

describe('of what a strategy would do', () => {
  test.each<[string, Partial<ExplorationTerms>, readonly number[]]>([
    ['all is done where all may be', {}, [0.5, 0.3, 0.2]],
    ['a share is done, of all alike', { share: 0.1 }, [0.9, 0.06, 0.04]],
    ['no arm has less than the floor', { floor: 0.25 }, [0.45, 0.3, 0.25]],
    ['the floor is within the share', { share: 0.1, floor: 0.5 }, [0.9, 0.05, 0.05]],
    ['fewer replicas wait for a full budget', { wanted: Float64Array.of(5, 6, 4) }, [0.7, 0.3, 0]],
    ['a share beyond all is all', { share: 7 }, [0.5, 0.3, 0.2]],
  ])('%s', (_, terms, expected) => {
    expect(shares(terms)).toEqual({ propensity: expected, forced: undefined });
  });

  test.each<[string, Partial<ExplorationTerms>, string]>([
    ['it is off', { share: 0 }, 'ExplorationOff'],
    ['its share is no number', { share: NaN }, 'ExplorationOff'],
    ['something objects', { objections: [{ reason: 'Suspended', message: 'm' }] }, 'ExplorationForbidden'],
    ['nothing has the capacity', { wanted: Float64Array.of(5, 1, NaN) }, 'NothingToTry'],
  ])('nothing is done where %s', (_, terms, reason) => {
    const { propensity, forced } = shares(terms);
    expect(propensity).toEqual([1, 0, 0]);
    expect(forced?.reason).toBe(reason);
  });

  test('what could cost too much goes to the champion', () => {
    // (1 − 0.05) × 0.92 − 0.81 = 0.063 for the second arm, 0.67 for the third: 4 × 0.045 pays for the one.
    const ledger = createLedger(0.05);
    for (let window = 0; window < 4; window += 1) endChampion(ledger, 0.9);
    expect(shares({}, ledger).propensity).toEqual([0.7, 0.3, 0]);
    expect(ledger.heldBack).toBe(1);
  });

  test('the only arm that is allowed is taken without a word about the others', () => {
    expect(shares({}, createLedger(1), [1, 0, 0]).forced?.reason).toBe('OnlyArm');
  });
});

test('what is risked is the lower bound of the one against the upper bound of the other', () => {
  const { lower, baselineUpper } = riskOf(estimates, 2, 0);
  expect(lower).toBeCloseTo(0.4 - 0.196, 12);
  expect(baselineUpper).toBeCloseTo(0.9 + 0.0196, 12);
});
