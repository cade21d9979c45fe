// A worker thread of the backtest, started by run-jobs.ts: one contender on one trace at a time.

import { oracleOf, prepareTrace, runTrial, type PreparedTrace } from '../../simulate/backtest.ts';
import { policyContender } from '../../simulate/autonomic/autonomic.ts';
import { ABLATIONS } from '../../simulate/autonomic/ablations.ts';
import { CONTENDERS, REFERENCE_CONTENDERS } from '../../simulate/contenders.ts';
import type { Contender } from '../../simulate/scaler.ts';
import { ORACLE, OURS } from '../../simulate/score/summary.ts';
import type { Job, JobResult } from './job.ts';

/** Jobs come trace by trace, so that arrivals are drawn once for each; only the latest are kept. */
let prepared: { readonly name: string; readonly trace: PreparedTrace } | undefined;

export default function runJob(job: Job): JobResult {
  const { setup, trace, contender } = job;
  try {
    if (prepared?.name !== trace.name) {
      // Freed before the next is made: two long traces at once would double the memory.
      prepared = undefined;
      prepared = { name: trace.name, trace: prepareTrace(trace, setup.config, setup.warmupSeconds) };
    }
    return runTrial({
      trace: prepared.trace,
      contender: contenderOf(job, prepared.trace),
      frontier: setup.frontier,
      record: setup.record,
    });
  } catch (error) {
    throw new Error(`${contender} on ${trace.name}: ${(error as Error).message}`, { cause: error });
  }
}

function contenderOf({ contender, setup }: Job, trace: PreparedTrace): Contender {
  if (contender === ORACLE) return oracleOf(trace);
  if (contender === OURS && setup.policy !== undefined) return policyContender(setup.policy);
  const found = [...CONTENDERS, ...REFERENCE_CONTENDERS, ...ABLATIONS].find(({ name }) => name === contender);
  if (found === undefined) throw new Error('there is no such contender');
  return found;
}
