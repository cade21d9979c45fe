import { seededRandom } from '../../../simulate/random.ts';
import { createAnomalyState } from './anomaly-state.ts';
import { baselineOf, judgeMinute } from './judge-minute.ts';
import { learnHistory, type SignalHistory } from './learn-history.ts';
import { SIGNAL, WATCHED_SIGNALS } from './watched-signals.ts';

const DAY = 1440;
const FIRST = 1000 * DAY;
const random = seededRandom(1);

/** The past of the load, which is all that is known. */
function past(
  minutes: number,
  load: (minute: number) => number,
  change: Partial<SignalHistory> = {},
): SignalHistory {
  const values = WATCHED_SIGNALS.map(() => new Float64Array(minutes).fill(NaN));
  values[SIGNAL.load] = Float64Array.from({ length: minutes }, (_, i) => load(i));
  return { firstMinute: FIRST, values, anew: true, ...change };
}

const usual = (): number => 100 * (0.95 + 0.1 * random());

describe('the past', () => {
  it('is learned as if it had been watched', () => {
    const history = past(2 * DAY, usual);
    const [learned, watched] = [createAnomalyState(), createAnomalyState()];
    learnHistory(learned, history);
    watched.means.fill(NaN);
    watched.values.fill(NaN);
    for (let i = 0; i < 2 * DAY; i += 1) {
      watched.values[SIGNAL.load] = watched.means[SIGNAL.load] = history.values[SIGNAL.load]![i]!;
      judgeMinute(watched, FIRST + i, Infinity);
    }
    expect(learned).toEqual(watched);
    expect(baselineOf(learned)).toBe(1);
  });

  it('opens nothing, whatever was in it', () => {
    const state = createAnomalyState();
    learnHistory(
      state,
      past(3 * DAY, (minute) => (minute > 2 * DAY && minute < 2 * DAY + 30 ? 5000 : usual())),
    );
    expect(state.episodes.open).toEqual([]);
  });

  it('of gaps alone teaches nothing', () => {
    const state = createAnomalyState();
    learnHistory(
      state,
      past(DAY, () => NaN),
    );
    expect(baselineOf(state)).toBe(0);
  });

  it('that is empty changes nothing', () => {
    const state = createAnomalyState();
    learnHistory(state, { firstMinute: FIRST, values: [], anew: false });
    expect(state).toEqual(createAnomalyState());
  });

  it.each([
    ['replaces what was learned, when it is of all that is known', true, 60],
    ['goes on from what was learned, when it is what was missed', false, 120],
  ])('%s', (_, anew, minutes) => {
    const state = createAnomalyState();
    learnHistory(state, past(60, usual));
    learnHistory(state, past(60, usual, { firstMinute: FIRST + 60, anew }));
    expect(state.signals[SIGNAL.load]?.kpi.count).toBe(minutes);
  });
});
