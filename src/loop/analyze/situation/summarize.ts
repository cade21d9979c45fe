import { SLOT, type FeatureName } from '../../monitor/features/schema.ts';
import { recentShape } from './recent-shape.ts';
import type { SituationInputs } from './situation-inputs.ts';

/**
 * The situation in the words of a small vocabulary: for people, and for a search by words. What is usual is left
 * unsaid; what is not known is said at the end. Equal inputs give equal words.
 */
export function summarize(inputs: SituationInputs): string {
  const phrases = [
    ...anomalies(inputs),
    ...resources(inputs),
    ...demand(inputs),
    ...forecast(inputs),
    ...workload(inputs),
    calendar(inputs),
    ...unknowns(inputs),
  ];
  return phrases.filter((phrase) => phrase !== '').join('; ');
}

/** The first word whose limit the value reaches; nothing below all of them, nor where it is unknown. */
type Words = readonly (readonly [atLeast: number, words: string])[];

function words(value: number, table: Words): string {
  return table.find(([atLeast]) => value >= atLeast)?.[1] ?? '';
}

function anomalies({ anomalies: open }: SituationInputs): readonly string[] {
  const told = open.map(({ kind, severity }) => `${KINDS[kind]} anomaly ${severity.toLowerCase()}`);
  return [...new Set(told)].sort();
}

const KINDS: Readonly<Record<SituationInputs['anomalies'][number]['kind'], string>> = {
  Spike: 'spike',
  LevelShift: 'level-shift',
  FlatLine: 'flat-line',
  Missing: 'missing-data',
  Degradation: 'degradation',
  Leak: 'leak',
  Cost: 'cost',
  Behaviour: 'behaviour',
};

/** Limits are those at which the Kubernetes documentation and the usual alert rules begin to worry. */
const RESOURCES: readonly (readonly [FeatureName, Words])[] = [
  [
    'cpuThrottledShare',
    [
      [0.25, 'cpu-throttle high'],
      [0.05, 'cpu-throttle moderate'],
    ],
  ],
  [
    'cpuUtilization',
    [
      [0.9, 'cpu high'],
      [0.3, ''],
      [0, 'cpu low'],
    ],
  ],
  ['memoryUtilization', [[0.9, 'memory high']]],
  [
    'errorShare',
    [
      [0.05, 'errors high'],
      [0.01, 'errors moderate'],
    ],
  ],
  ['queueLag', [[1, 'queue waiting']]],
  ['restarts', [[1, 'restarts seen']]],
  ['forecastResidual', [[2, 'demand above forecast']]],
  ['volatilityRatio', [[1.5, 'volatility high']]],
];

function resources({ features }: SituationInputs): readonly string[] {
  const ready = features[SLOT.readyShare] ?? NaN;
  return [
    ...RESOURCES.map(([feature, table]) => words(features[SLOT[feature]] ?? NaN, table)),
    ready < 1 ? 'replicas not ready' : '',
  ];
}

/** Ratios: a tenth is seen in a curve, half as much again catches the eye. */
const TREND: Words = [
  [1.5, 'demand surging'],
  [1.1, 'demand rising'],
  [0.9, 'demand steady'],
  [0.67, 'demand falling'],
  [0, 'demand collapsing'],
];
const AGAINST_USUAL: Words = [
  [1.5, 'demand far above usual'],
  [1.15, 'demand above usual'],
  [0.85, ''],
  [0.5, 'demand below usual'],
  [0, 'demand far below usual'],
];
const USUAL_AHEAD: Words = [
  [1.15, 'usual rise ahead'],
  [0.85, ''],
  [0, 'usual fall ahead'],
];

function demand({ minutes, usual }: SituationInputs): readonly string[] {
  const { now, mean60, mean15 } = recentShape(minutes);
  if (now <= 0 && mean60 <= 0) return ['demand none'];
  return [
    words(mean15 / mean60, TREND),
    words(now / usual.now, AGAINST_USUAL),
    words(usual.ahead30 / usual.now, USUAL_AHEAD),
  ];
}

const TOO_LARGE_TO_TELL = 1000;

function forecast({ minutes, forecast: told }: SituationInputs): readonly string[] {
  const { now } = recentShape(minutes);
  const percent = 100 * ((told?.upper ?? NaN) / now - 1);
  if (!(now > 0) || !(percent >= 10)) return [];
  // In tens: two situations that differ by a percent should read alike.
  const tens = 10 * Math.floor(percent / 10);
  return [`forecast above ${Math.min(TOO_LARGE_TO_TELL, tens)} %`];
}

const SIZES: Words = [
  [50, 'size huge'],
  [10, 'size large'],
  [4, 'size medium'],
  [1, 'size small'],
  [0, 'size none'],
];
const STARTS: Words = [
  [300, 'start-up very slow'],
  [120, 'start-up slow'],
];
/** An older revision is just the one that runs. */
const YOUNG_REVISION_SECONDS = 86_400;

function workload({ features, replicas, startupSeconds }: SituationInputs): readonly string[] {
  const age = features[SLOT.revisionAge] ?? NaN;
  return [
    age >= 0 && age < YOUNG_REVISION_SECONDS ? `revision age ${span(age)}` : '',
    words(replicas, SIZES),
    words(startupSeconds, STARTS),
  ];
}

function span(seconds: number): string {
  return seconds < 3600 ? `${Math.floor(seconds / 60)}m` : `${Math.floor(seconds / 3600)}h`;
}

/** Quarters of the UTC day, from the features' circle; the inner circle is the weekend. */
const QUARTERS = ['night', 'morning', 'afternoon', 'evening'];

function calendar({ features }: SituationInputs): string {
  const [sine, cosine] = [features[SLOT.hourSine] ?? NaN, features[SLOT.hourCosine] ?? NaN];
  const turn = Math.atan2(sine, cosine) / (2 * Math.PI);
  const quarter = QUARTERS[Math.floor(4 * (turn < 0 ? turn + 1 : turn))];
  if (quarter === undefined) return '';
  return Math.hypot(sine, cosine) < 0.75 ? `weekend ${quarter}` : quarter;
}

const NAMES: readonly (readonly [FeatureName, string])[] = [
  ['cpuUtilization', 'cpu'],
  ['memoryUtilization', 'memory'],
  ['requestRate', 'requests'],
  ['tailLatency', 'latency'],
  ['errorShare', 'errors'],
];

function unknowns({ features, minutes, forecast: told }: SituationInputs): readonly string[] {
  const missing = NAMES.filter(([feature]) => Number.isNaN(features[SLOT[feature]] ?? NaN)).map(
    ([, name]) => name,
  );
  if (Number.isNaN(recentShape(minutes).now)) missing.unshift('demand');
  if (told === undefined) missing.push('forecast');
  return missing.length === 0 ? [] : [`unknown: ${missing.join(', ')}`];
}
