import type { Chosen } from '../../src/loop/plan/selection/select.ts';
import type { SelectionReport } from '../../src/loop/selection-report.ts';
import { NOW } from './loop-fixtures.ts';

const rank = { score: 0.5, successRate: 0.6, priority: 0.5, recency: 0.25 };

/** `Calm`, called `quiet`, was chosen before `Balanced`. */
export function chosenFixture(change: Partial<Chosen> = {}): Chosen {
  return {
    kind: 'Chosen',
    id: 'uid/1',
    at: NOW,
    arm: 'Calm',
    champion: 'Calm',
    explored: false,
    propensity: 0.9,
    forced: undefined,
    strategy: 'Replay',
    fellBack: false,
    arms: [
      { arm: 'Balanced', mean: 0.7, deviation: 0.02, rank, propensity: 0.1 },
      { arm: 'Calm', mean: 0.8, deviation: 0.01, rank, propensity: 0.9 },
    ],
    ...change,
  };
}

export function selectionReportFixture(change: Partial<SelectionReport> = {}): SelectionReport {
  const inForce = chosenFixture();
  return {
    inForce,
    last: inForce,
    names: new Map([
      ['Calm', 'quiet'],
      ['Balanced', 'balanced'],
    ]),
    sources: [
      {
        arm: 'Calm',
        replay: 0.82,
        replayWindows: 12,
        neighbours: 0.75,
        neighbourWindows: 20,
        correction: 0.01,
        live: 0.79,
        liveWindows: 6,
      },
    ],
    disagreement: { windows: 12, bias: 0.02, size: 0.04 },
    explored: { explored: 0, heldBack: 0, compared: 0, rewards: 0, baseline: 0 },
    ...change,
  };
}
