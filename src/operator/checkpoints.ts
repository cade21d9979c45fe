import type { ClusterMirror } from '../controllers/policy/cluster-mirror.ts';
import type { PolicyController } from '../controllers/policy/policy-controller.ts';
import type { Leadership } from '../controllers/policy/session-ports.ts';
import type { Frame } from './wiring.ts';

/** Whose learned states are written, and who may write them. */
export interface CheckpointSource {
  readonly controller: PolicyController;
  readonly mirror: Pick<ClusterMirror, 'policies'>;
  readonly leadership: Leadership;
}

/** One checkpoint of everything that was learned. A standby has learned nothing, and leaves the file as it is. */
export async function writeCheckpoint(
  { controller, mirror, leadership }: CheckpointSource,
  { around, parts }: Frame,
): Promise<void> {
  if (!leadership.isLeader()) return;
  const alive = new Set([...mirror.policies.values()].map(({ uid }) => uid));
  const report = await parts.checkpoint.write(controller.learned(), (uid) => alive.has(uid));
  if (report === undefined) {
    parts.metrics.checkpointFailures.inc();
    return;
  }
  const { policies, bytes, blockedMs, longestSliceMs } = report;
  around.log.debug('Wrote a checkpoint', {
    policies,
    bytes,
    blockedMs: Math.round(blockedMs),
    longestSliceMs: Math.round(longestSliceMs),
  });
}

/** A checkpoint every `checkpointSeconds`, counted from the end of the one before. */
export async function runCheckpoints(
  source: CheckpointSource,
  frame: Frame,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = frame.around;
  const sleep = (): Promise<boolean> =>
    clock.sleep(1000 * frame.config.checkpointSeconds, signal).then(
      () => true,
      () => false,
    );
  while (await sleep()) await writeCheckpoint(source, frame);
}
