import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readBanditLogs } from '../src/cli/evaluate/selection/bandit-logs.ts';
import { estimateValue } from '../src/loop/knowledge/off-policy/estimate-value.ts';
import type { LoggedChoice } from '../src/loop/knowledge/off-policy/logged-choice.ts';
import {
  createValueSequence,
  observeChoice,
  valueInterval,
} from '../src/loop/knowledge/off-policy/value-sequence.ts';
import { seededRandom } from '../src/simulate/random.ts';
import type { Figure, Findings, Suite, Table } from './suite.ts';

const LOGS = 300;
const CHOICES = 600;
const RUNS = 1000;
const CHANCES = [0.3, 0.5, 0.8];
const LOGGING = [0.6, 0.3, 0.1];
const TARGET = [0.1, 0.2, 0.7];
const TRUTH = TARGET.reduce((sum, share, arm) => sum + share * CHANCES[arm]!, 0);
/** A model that is wrong about every arm. */
const MODEL = [0.4, 0.4, 0.6];
const ALPHA = 0.05;

/** How far estimates of what another strategy would have brought can be believed. */
export const offPolicySuite: Suite = {
  name: 'off-policy',
  title: 'Selection: what another strategy would have brought',
  run: ({ data, seed, progress }): Findings => {
    progress(`${LOGS} logs`);
    const coverage = coverageOf(seed);
    progress(`${RUNS} logs of a strategy that learns`);
    const outside = timeUniformError(seed);
    progress('Open Bandit logs');
    const table = openBanditTable(join(data, 'obd'));
    return {
      figures: [
        ...Object.entries(coverage).map(([name, value]): Figure => ({
          name: `truth within the 95 % interval, ${name}`,
          value,
          unit: 'share of logs',
          goal: { atLeast: 0.93 },
          from: `${LOGS} logs of ${CHOICES} choices, three arms, a wrong model`,
        })),
        {
          name: 'truth ever outside of the bounds that hold at any time',
          value: outside,
          unit: 'share of logs',
          goal: { atMost: ALPHA },
          from: `${RUNS} logs of 400 choices by a strategy that learned as it went`,
        },
      ],
      ...(table === undefined ? {} : { tables: [table] }),
      notes: [
        'Open Bandit: 10,000 choices of one strategy, the mean clicks of the other estimated from them; the truth is what the other had, itself from 10,000 choices (standard error .0007). Weights are cut at 20.',
      ],
    };
  },
};

function coverageOf(seed: number): Record<'IPS' | 'SNIPS' | 'doubly robust', number> {
  const held = { IPS: 0, SNIPS: 0, 'doubly robust': 0 };
  const within = ({ interval: [low, high] }: { readonly interval: readonly [number, number] }): number =>
    Number(low <= TRUTH && TRUTH <= high) / LOGS;
  for (let log = 0; log < LOGS; log += 1) {
    const { ips, snips, doublyRobust } = estimateValue(fixedLog(1000 * seed + log));
    held.IPS += within(ips);
    held.SNIPS += within(snips);
    held['doubly robust'] += within(doublyRobust!);
  }
  return held;
}

function fixedLog(seed: number): readonly LoggedChoice[] {
  const random = seededRandom(seed);
  return Array.from({ length: CHOICES }, () => {
    const dice = random();
    const arm = dice < 0.6 ? 0 : dice < 0.9 ? 1 : 2;
    const reward = random() < CHANCES[arm]! ? 1 : 0;
    return { arm, propensity: LOGGING[arm]!, reward, target: TARGET, modelled: MODEL };
  });
}

/** Share of logs in which the value was outside at any time. Bounds only tighten: the end tells. */
function timeUniformError(seed: number): number {
  let outside = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const sequence = createValueSequence(ALPHA);
    for (const choice of adaptiveLog(100_000 * seed + run)) observeChoice(sequence, choice);
    const [low, high] = valueInterval(sequence);
    outside += Number(low > TRUTH || high < TRUTH);
  }
  return outside / RUNS;
}

/** By a strategy that comes to prefer the third arm as it wins: propensities follow what came before. */
function* adaptiveLog(seed: number): Generator<LoggedChoice> {
  const random = seededRandom(seed);
  let [wins, tries] = [1, 2];
  for (let i = 0; i < 400; i += 1) {
    const third = Math.min(0.8, Math.max(0.1, wins / tries));
    const propensities = [0.6 * (1 - third), 0.4 * (1 - third), third];
    const dice = random();
    const arm = dice < propensities[0]! ? 0 : dice < 1 - third ? 1 : 2;
    const reward = random() < CHANCES[arm]! ? 1 : 0;
    if (arm === 2) [wins, tries] = [wins + reward, tries + 1];
    yield { arm, propensity: propensities[arm]!, reward, target: TARGET, modelled: MODEL, propensities };
  }
}

function openBanditTable(folder: string): Table | undefined {
  if (!existsSync(folder)) return undefined;
  const rows = ['men', 'women'].flatMap((campaign) =>
    [
      ['random', 'bts'],
      ['bts', 'random'],
    ].map(([log = '', target = '']) => {
      const file = (strategy: string): string => join(folder, strategy, campaign, `${campaign}.csv.gz`);
      const { choices, truth } = readBanditLogs(file(log), file(target));
      const { ips, snips, effective } = estimateValue(choices);
      const sequence = createValueSequence(ALPHA);
      for (const choice of choices) observeChoice(sequence, choice);
      return [
        `${campaign}: ${target} from ${log}`,
        (truth.clicks / truth.choices).toFixed(4),
        ...[ips, snips].map(({ value, interval }) => `${value.toFixed(4)} ${bounds(interval)}`),
        bounds(valueInterval(sequence)),
        effective.toFixed(0),
      ];
    }),
  );
  return {
    title: 'Open Bandit Dataset (Saito et al. 2021, small logs), clicks per choice:',
    columns: ['estimated', 'truth', 'IPS, 95 %', 'SNIPS, 95 %', 'at any time', 'effective choices'],
    rows,
  };
}

function bounds([low, high]: readonly [number, number]): string {
  return `[${low.toFixed(4)}, ${high.toFixed(4)}]`;
}
