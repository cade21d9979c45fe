import { serialize } from 'node:v8';
import {
  createIncidentBank,
  createIncidentScore,
  observeIncident,
  type IncidentBank,
} from '../src/loop/analyze/anomaly/incident/incident-bank.ts';
import { normal, seededRandom } from '../src/simulate/random.ts';
import type { Figure } from './suite.ts';

const DAY = 288;
const HOT_POINTS = 40_000;
const SERIES = 200;
const ROUNDS = 300;
const REPETITIONS = 5;
const GOAL = { atMost: 5 };

/** Time and memory of one bank, alone and among others whose state pushes its own out of the caches. */
export function costFigures(seed: number): Figure[] {
  const random = seededRandom(seed);
  const values = Float64Array.from(
    { length: 14 * DAY },
    (_, i) => 100 - 40 * Math.cos((2 * Math.PI * i) / DAY) + 4 * normal(random),
  );
  const banks = Array.from({ length: SERIES }, () => warm(values));
  const one = banks[0]!;
  const score = createIncidentScore();
  let slot = values.length;
  const hot = perPoint(HOT_POINTS, () => {
    for (let i = 0; i < HOT_POINTS; i++) observeIncident(one, values[i % values.length]!, slot++, score);
  });
  const interleaved = perPoint(SERIES * ROUNDS, () => {
    for (let round = 0; round < ROUNDS; round++, slot++) {
      for (const bank of banks) observeIncident(bank, values[slot % values.length]!, slot, score);
    }
  });
  const from = `processor time, least of ${REPETITIONS}`;
  return [
    { name: 'one point, one series', value: hot, unit: 'µs', goal: GOAL, from },
    { name: `one point, ${SERIES} series in turn`, value: interleaved, unit: 'µs', goal: GOAL, from },
    {
      name: 'state of a series',
      value: serialize(one).length / 1024,
      unit: 'KiB',
      goal: { atMost: 57 },
      from: 'v8.serialize',
    },
  ];
}

function warm(values: Float64Array): IncidentBank {
  const bank = createIncidentBank({ stepSeconds: 300 });
  const score = createIncidentScore();
  for (const [slot, value] of values.entries()) observeIncident(bank, value, slot, score);
  return bank;
}

function perPoint(points: number, work: () => void): number {
  const times = Array.from({ length: REPETITIONS }, () => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user / points;
  });
  return Math.min(...times);
}
