import { seededRandom } from '../../../simulate/random.ts';
import { behaviourEvidence, createBehaviour, observeBehaviour } from './behaviour.ts';

const random = seededRandom(1);

/** p-values that are right: uniform. */
const usual = () =>
  ['load', 'cpu', 'memory'].map((signal) => ({ signal, surprise: -Math.log10(1 - random()) }));
const at = (surprise: number) => ['load', 'cpu', 'memory'].map((signal) => ({ signal, surprise }));

describe('several signals at once', () => {
  it('are unusual when each of them is somewhat, for three minutes', () => {
    const behaviour = createBehaviour();
    for (let i = 0; i < 5000; i += 1) observeBehaviour(behaviour, usual());
    const calm = observeBehaviour(behaviour, at(0.3));
    const odd = [1, 2, 3].map(() => observeBehaviour(behaviour, at(3.5)));
    expect(calm).toBeLessThan(2);
    expect(odd.at(-1)).toBeGreaterThan(4);
    expect(odd[0]).toBeLessThan(odd.at(-1)!);
  });

  it.each([
    ['none', []],
    ['one', [{ signal: 'load', surprise: 9 }]],
  ])('need two: %s tells nothing', (_, signals) => {
    const behaviour = createBehaviour();
    expect(observeBehaviour(behaviour, signals)).toBeNaN();
    expect(behaviour.count).toBe(0);
  });
});

describe('what is told of them', () => {
  const signals = [
    { signal: 'load', surprise: 1.1 },
    { signal: 'cpu', surprise: 3.5 },
    { signal: 'memory', surprise: 2 },
  ];

  it('names those that take part, the most unusual first', () => {
    expect(behaviourEvidence(5, signals, 4)).toEqual({
      kind: 'Behaviour',
      signal: 'all',
      surprise: 5,
      onset: true,
      message: 'cpu, memory are not usually like this at the same time',
    });
  });

  it.each([
    ['is usual', 3.9],
    ['is unknown', NaN],
  ])('is nothing where it %s', (_, found) => {
    expect(behaviourEvidence(found, signals, 4)).toBeUndefined();
  });
});
