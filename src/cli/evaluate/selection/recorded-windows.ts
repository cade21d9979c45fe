import { stat } from 'node:fs/promises';
import { readJournal } from '../../../adapters/journal/read-journal.ts';
import type { RecordedChoice } from '../../../loop/knowledge/off-policy/what-if.ts';
import { windowOutcome } from '../../../loop/knowledge/selection/window-outcome.ts';
import type { Situation } from '../../../loop/knowledge/situation.ts';
import { recordedSituation } from '../../../loop/knowledge/situation-record.ts';
import { SELECTION_FEATURES } from '../../../loop/plan/selection/selection-memory.ts';
import { InputError } from '../../verb.ts';

/** The windows of one policy as long as it had the same arms. */
export interface RecordedWindows {
  /** `namespace/name`. */
  readonly policy: string;
  readonly uid: string;
  readonly arms: readonly string[];
  /** The oldest first. */
  readonly choices: readonly RecordedChoice[];
}

export interface WindowsQuery {
  readonly folder: string;
  /** `namespace/name`; all policies when left out. */
  readonly policy?: string;
  /** Percent that may be tried beside the best. */
  readonly explore: number;
}

/** Every window in a journal whose policy was selected. @throws InputError */
export async function readRecordedWindows(query: WindowsQuery): Promise<readonly RecordedWindows[]> {
  const found = await stat(query.folder).catch(() => undefined);
  if (found?.isDirectory() !== true)
    throw new InputError(`${query.folder} is no folder, and a journal is one`);
  const byPolicy = new Map<string, { windows: RecordedWindows; choices: RecordedChoice[] }>();
  await readJournal(query.folder, ({ record }) => {
    const situation = recordedSituation(record);
    if (situation?.choice === undefined) return;
    const { choice } = situation;
    const policy = `${situation.policy.namespace}/${situation.policy.name}`;
    if (query.policy !== undefined && query.policy !== policy) return;
    const arms = choice.arms.map(({ arm }) => arm);
    const key = [situation.policy.uid, ...arms].join(' ');
    let one = byPolicy.get(key);
    if (one === undefined) {
      const choices: RecordedChoice[] = [];
      one = { windows: { policy, uid: situation.policy.uid, arms, choices }, choices };
      byPolicy.set(key, one);
    }
    one.choices.push(recordedChoice(situation, choice, query.explore));
  });
  return [...byPolicy.values()].map(({ windows }) => windows);
}

function recordedChoice(
  situation: Situation,
  { arm, arms }: NonNullable<Situation['choice']>,
  explore: number,
): RecordedChoice {
  const { id, at, embedding } = situation;
  return {
    request: {
      id,
      now: at,
      strategy: { name: 'Replay' },
      vetoes: arms.map(({ veto }) => veto),
      priorities: arms.map(({ rank }) => rank.priority),
      features: Float64Array.of(1, ...embedding.subarray(0, SELECTION_FEATURES - 1)),
      exploration: { share: explore / 100, objections: [] },
    },
    arm,
    propensities: arms.map(({ propensity }) => propensity),
    outcome: windowOutcome(
      situation,
      arms.map((one) => one.arm),
    ),
  };
}
