import { podsFixture } from '../../../../test/support/loop-fixtures.ts';
import { missingEvidence, type MissingSignal } from './missing-evidence.ts';
import { SIGNAL, WATCHED_SIGNALS, type WatchedSignal } from './watched-signals.ts';

const gone = (signal: WatchedSignal, since = 1000, surprise = 4): MissingSignal => ({
  signal,
  since,
  surprise,
});

interface Around {
  readonly load: number;
  readonly pods: number;
}

const NOW = 1_000_000_000;

/** So many pods that have run for as many minutes. */
const around = (pods: number, minutes = 60) => ({
  now: NOW,
  target: { pods: podsFixture(pods).map((pod) => ({ ...pod, createdAt: NOW - minutes * 60_000 })) },
});

/** Means of a minute with this load, of which nothing else is known. */
function loadOf(load: number): Float64Array {
  const means = new Float64Array(WATCHED_SIGNALS.length).fill(NaN);
  means[SIGNAL.load] = load;
  return means;
}

describe('what is missing', () => {
  it('is one anomaly, since the first of it, as unlikely as the most unlikely of it', () => {
    const missing = [gone('load', 3000, 4), gone('latency', 1000, 7), gone('cpu', 2000, 5)];
    expect(missingEvidence(missing, loadOf(NaN), around(3))).toEqual({
      kind: 'Missing',
      signal: 'metrics',
      surprise: 7,
      onset: true,
      since: 1000,
      message: 'the load, the latency and the CPU in use do not come any more',
    });
  });

  it.each<[string, readonly WatchedSignal[], Around, string | undefined]>([
    ['nothing where all is there', [], { load: 10, pods: 3 }, undefined],
    [
      'not what pods tell, without pods',
      ['cpu', 'memory', 'receive', 'transmit'],
      { load: 10, pods: 0 },
      undefined,
    ],
    ['what pods tell, with pods', ['cpu'], { load: 10, pods: 1 }, 'the CPU in use does not come any more'],
    ['not what requests tell, without requests', ['latency', 'errors'], { load: 0, pods: 3 }, undefined],
    [
      'what requests tell, with requests',
      ['latency'],
      { load: 10, pods: 3 },
      'the latency does not come any more',
    ],
    [
      'what requests tell, where nobody knows whether there are any',
      ['latency'],
      { load: NaN, pods: 3 },
      'the latency does not come any more',
    ],
    ['a load, with pods or without', ['load'], { load: NaN, pods: 0 }, 'the load does not come any more'],
    [
      'a queue, which may stand without requests',
      ['queue', 'latency'],
      { load: 0, pods: 3 },
      'the queue does not come any more',
    ],
  ])('is %s', (_, signals, { load, pods }, message) => {
    const found = missingEvidence(
      signals.map((signal) => gone(signal)),
      loadOf(load),
      around(pods),
    );
    expect(found?.message).toBe(message);
  });

  it('is not what only pods tell whose first rates are not there yet', () => {
    const found = missingEvidence([gone('cpu'), gone('receive')], loadOf(10), around(3, 4));
    expect(found).toBeUndefined();
  });
});
