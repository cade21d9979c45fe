import { messageOf } from '../controllers/policy/policy-session.ts';
import type { PolicyController } from '../controllers/policy/policy-controller.ts';
import { exposeRound } from '../controllers/policy/round-telemetry.ts';
import type { Leadership } from '../controllers/policy/session-ports.ts';
import { runWorkers, type WorkersOptions } from '../runtime/workers.ts';
import type { Frame } from './wiring.ts';

/** How often a standby looks whether it leads. */
const LEAD_POLL_MS = 200;

/** Resolves when this process leads; rejects with the signal's reason when it is told to stop first. */
export async function untilLeading(
  leadership: Leadership,
  { around }: Frame,
  signal: AbortSignal,
): Promise<void> {
  while (!leadership.isLeader()) await around.clock.sleep(LEAD_POLL_MS, signal);
}

/** A round every `tickSeconds`, on a fixed grid, so that slow rounds do not drift; a missed one is left out. */
export async function runRounds(
  controller: PolicyController,
  frame: Frame,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = frame.around;
  const tickMs = frame.config.tickSeconds * 1000;
  let next = clock.monotonic();
  while (!signal.aborted) {
    const startedAt = clock.monotonic();
    try {
      await controller.round(signal);
      frame.parts.metrics.roundSeconds.observe((clock.monotonic() - startedAt) / 1000);
      exposeRound(frame.parts.metrics, controller.fleetWide, frame.parts.health());
    } catch (error) {
      log.error('A round failed', { error: messageOf(error) });
    }
    const now = clock.monotonic();
    next += tickMs * Math.max(1, Math.ceil((now - next) / tickMs));
    await clock.sleep(next - now, signal).catch(() => undefined);
  }
}

/** Evaluates queued policies until the queue is shut down. */
export async function evaluate(
  controller: PolicyController,
  frame: Frame,
  signal: AbortSignal,
): Promise<void> {
  const { clock, log } = frame.around;
  const { metrics, queue } = frame.parts;
  metrics.runtime.maxConcurrent.set({ controller: 'policy' }, frame.config.workers);
  const options = {
    queue,
    concurrency: frame.config.workers,
    reconcile: (key: string, aborted: AbortSignal) => controller.reconcile(key, aborted),
    clock,
    observe: ({ key, result, seconds, error }: Parameters<WorkersOptions['observe']>[0]) => {
      metrics.runtime.reconciles.inc({ controller: 'policy', result });
      metrics.runtime.reconcileSeconds.observe({ controller: 'policy' }, seconds);
      if (error === undefined) return;
      metrics.runtime.reconcileErrors.inc({ controller: 'policy' });
      log.warn('Could not evaluate a policy', { policy: key, error: messageOf(error) });
    },
  };
  await runWorkers(options, signal);
}
