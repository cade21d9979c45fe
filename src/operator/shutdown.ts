import type { ObservationServer } from '../adapters/http/server.ts';
import { Lifecycle, type Phase } from '../runtime/lifecycle.ts';
import type { Frame } from './wiring.ts';

/** What is running and has to end. */
export interface Running {
  readonly stopSources: () => Promise<unknown>;
  readonly writeCheckpoint: () => Promise<unknown>;
  readonly releaseLease: () => Promise<unknown>;
  readonly server: ObservationServer;
}

/**
 * The order of the end: nothing new comes in, what is under way finishes, what is known is stored, then another
 * may lead. The chart's grace period is longer than the sum of these deadlines.
 */
export function planShutdown({ around, parts }: Frame, running: Running): Lifecycle {
  const lifecycle = new Lifecycle({
    clock: around.clock,
    exitNow: around.exitNow,
    observe: ({ name, outcome }) => {
      around.log.info('Stopped', { part: name, outcome });
    },
  });
  const step = (phase: Phase, name: string, stop: () => Promise<unknown>): void => {
    lifecycle.onStop({
      phase,
      name,
      deadlineMs: 5_000,
      stop: async () => {
        await stop();
      },
    });
  };
  step('StopSources', 'watches', running.stopSources);
  step('DrainQueue', 'policies', () => {
    parts.queue.shutDown();
    return parts.queue.drain();
  });
  step('Flush', 'knowledge store', () => parts.knowledge.drain(4_000));
  step('Flush', 'checkpoint', running.writeCheckpoint);
  step('Flush', 'events', () => parts.recorder.flush(AbortSignal.timeout(2_000)));
  step('ReleaseLease', 'lease', running.releaseLease);
  step('CloseHttp', 'connections', async () => {
    await parts.knowledge.close();
    await parts.checkpoint.close();
    await parts.journal.close();
    await Promise.all([
      running.server.close(),
      parts.client.close(),
      parts.leaseClient.close(),
      parts.prometheus.close(),
    ]);
  });
  return lifecycle;
}
