import { basename } from 'node:path';
import { readTrace } from '../src/adapters/csv/read-trace.ts';
import type { Situation } from '../src/loop/knowledge/situation.ts';
import { requestsContender } from '../src/simulate/autonomic/autonomic.ts';
import { prepareTrace, runTrial } from '../src/simulate/backtest.ts';
import { DEFAULT_SIMULATION } from '../src/simulate/simulation-config.ts';

const WARMUP_SECONDS = 7 * 86_400;

export interface TraceWorld {
  readonly seed: number;
  readonly startupSeconds: number;
}

/**
 * The windows that the loop itself tells of when it plays a trace, with every arm replayed, oldest first. Each trace is
 * a policy of its own.
 */
export function situationsOf(path: string, { seed, startupSeconds }: TraceWorld): readonly Situation[] {
  const config = {
    ...DEFAULT_SIMULATION,
    seed,
    startup: { ...DEFAULT_SIMULATION.startup, medianSeconds: startupSeconds },
  };
  const name = basename(path).split('.')[0] ?? path;
  const situations: Situation[] = [];
  const contender = requestsContender(name, name, {
    hooks: {
      after: ({ effects }) => {
        for (const effect of effects) {
          if (effect.type === 'RecordSituation') situations.push(renamed(effect.situation, name));
        }
      },
    },
  });
  runTrial({
    trace: prepareTrace(readTrace(path), config, WARMUP_SECONDS),
    contender,
    frontier: false,
    record: false,
  });
  return situations;
}

/** In the simulation all policies are called the same. */
function renamed(situation: Situation, name: string): Situation {
  return {
    ...situation,
    id: `${name}/${situation.at}`,
    policy: { namespace: name, name, uid: name },
    workload: { ...situation.workload, name, uid: name },
  };
}
