import { Interrupted, type Terminal } from '../verb.ts';
import { readVersion } from '../version.ts';
import { assemble } from './assemble.ts';
import { parseFlags, type BacktestFlags } from './flags.ts';
import type { JobResult } from './job.ts';
import { checkOutput, writeResult } from './output.ts';
import type { Plan } from './plan.ts';
import { prepareRun } from './prepare-run.ts';
import { Progress } from './progress.ts';
import { runJobs } from './run-jobs.ts';

/** Replays what the command line names, and prints the result. @throws UsageError, InputError, Interrupted */
export async function runBacktest(args: readonly string[], terminal: Terminal): Promise<void> {
  const flags = parseFlags(args, Date.now());
  checkOutput(flags);
  const { plan, config } = await prepareRun(flags, readVersion(), terminal);
  const result = assemble(plan, await replay(plan, flags, terminal), config);
  await writeResult(result, flags, terminal);
  if (result.partial !== undefined) throw new Interrupted(result.partial.message);
}

/** Until it is done, or until the first Ctrl-C; a second one ends the program as usual. */
async function replay(
  { jobs }: Plan,
  flags: BacktestFlags,
  terminal: Terminal,
): Promise<readonly (JobResult | undefined)[]> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt);
  const shown = flags.progress || terminal.interactive === true;
  const progress = shown ? new Progress(terminal, jobs.length, Date.now) : undefined;
  try {
    return await runJobs(jobs, {
      threads: flags.jobs,
      signal: interrupted.signal,
      onDone: () => progress?.advance(),
    });
  } finally {
    process.off('SIGINT', interrupt);
    progress?.clear();
  }
}
