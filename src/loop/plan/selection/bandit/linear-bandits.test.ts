import { plainMoment } from '../../../../../test/support/bandit-problem.ts';
import { createEstimates } from '../moment.ts';
import { linearThompson, linearUpperConfidence } from './linear-bandits.ts';
import { createLinearModel, learnLinear } from './linear-model.ts';

const moment = (offsets: readonly number[], allowed = offsets.map(() => 1)) => ({
  ...plainMoment(offsets.length, { allowed: Uint8Array.from(allowed) }),
  features: Float64Array.of(1, 0),
  offsets: Float64Array.from(offsets),
});

describe.each([
  ['Thompson sampling', linearThompson],
  ['LinUCB', linearUpperConfidence],
])('linear %s', (_, strategy) => {
  test('begins with what replay expects', () => {
    const out = createEstimates(2);
    strategy(createLinearModel({ arms: 2, features: 2 }), moment([0.3, 0.9]), out);
    expect([...out.mean]).toEqual([0.3, 0.9]);
    expect(out.probability[1]).toBeGreaterThan(0.9);
  });

  test('learns that replay promises too much of an arm', () => {
    const model = createLinearModel({ arms: 2, features: 2 });
    const features = Float64Array.of(1, 0);
    for (let i = 0; i < 60; i += 1) {
      learnLinear(model, { arm: 1, features, residual: -0.4 + (i % 2 === 0 ? 0.02 : -0.02) });
      learnLinear(model, { arm: 0, features, residual: i % 2 === 0 ? 0.02 : -0.02 });
    }
    const out = createEstimates(2);
    strategy(model, moment([0.6, 0.9]), out);
    expect(out.mean[1]).toBeCloseTo(0.5, 1);
    expect(out.probability[0]).toBeGreaterThan(0.9);
  });

  test('never takes what is not allowed, and expects no more than a reward can be', () => {
    const out = createEstimates(2);
    const model = createLinearModel({ arms: 2, features: 2 });
    learnLinear(model, { arm: 1, features: Float64Array.of(1, 0), residual: 5 });
    strategy(model, moment([0.3, 0.9], [1, 0]), out);
    expect([...out.probability]).toEqual([1, 0]);
    expect(out.mean[1]).toBe(1);
  });
});

test('LinUCB takes the arm of which less is known', () => {
  const model = createLinearModel({ arms: 2, features: 2 });
  for (let i = 0; i < 50; i += 1)
    learnLinear(model, { arm: 0, features: Float64Array.of(1, 0), residual: 0 });
  const out = createEstimates(2);
  linearUpperConfidence(model, moment([0.52, 0.5]), out);
  expect([...out.probability]).toEqual([0, 1]);
});
