import { runCheckpoints, writeCheckpoint } from './checkpoints.ts';
import type { LeaderElector } from '../runtime/leader-election.ts';
import type { OperatorConfig } from './config.ts';
import { createMemory } from './memory.ts';
import { connectParts, type Surroundings } from './parts.ts';
import { evaluate, runRounds, untilLeading } from './rounds.ts';
import { planShutdown } from './shutdown.ts';
import { createThreats } from './threats.ts';
import {
  createController,
  createElector,
  createMirror,
  createOutlooks,
  createServer,
  type Frame,
} from './wiring.ts';

/** A running operator. */
export interface Operator {
  /** Resolves when it has ended. A lost lease ends the process: what it knows may be old. */
  readonly done: Promise<'stopped' | 'lost the lease'>;
  /** The first call drains in order; a second one ends the process. */
  readonly stop: () => Promise<void>;
  readonly httpPort: number;
}

/** Watches first, then leadership, then the rounds. A standby keeps its caches warm and decides nothing. */
export async function startOperator(config: OperatorConfig, around: Surroundings): Promise<Operator> {
  const frame: Frame = { config, around, parts: await connectParts(config, around) };
  const mirror = createMirror(frame);
  const elector = createElector(frame);
  const alone = !config.leaderElection.enabled;
  const leadership = { isLeader: () => alone || elector.isLeader(), epoch: () => elector.term };
  const threats = await createThreats(frame, mirror, leadership);
  const outlooks = createOutlooks(frame, mirror);
  const memory = createMemory(frame, mirror);
  const controller = createController(frame, {
    mirror,
    leadership,
    outlooks,
    threats: threats?.watch,
    memory,
  });
  const learned = { controller, mirror, leadership };
  const server = createServer(frame, mirror);
  const httpPort = await server.listen(config.http.host, config.http.port);

  const sources = new AbortController();
  const lease = new AbortController();
  const ended = Promise.withResolvers<'stopped' | 'lost the lease'>();
  const watching = Promise.all([
    mirror.run(sources.signal),
    frame.parts.recorder.run(sources.signal),
    threats?.follow(sources.signal),
  ]);
  const lost = (): void => {
    ended.resolve('lost the lease');
  };
  const leading = alone ? Promise.resolve() : lead(elector, lease.signal, lost);
  const deciding = async (): Promise<void> => {
    await mirror.whenSynced();
    around.log.info('Filled the caches', { policies: mirror.policies.size });
    await untilLeading(leadership, frame, sources.signal);
    const { signal } = sources;
    await Promise.all([
      memory.run(signal),
      runRounds(controller, frame, signal),
      evaluate(controller, frame, signal),
      // Whoever wants no history read gets no week ahead either.
      config.historyDays === 0 ? undefined : outlooks.run(signal),
      runCheckpoints(learned, frame, signal),
      threats?.run(signal),
    ]);
  };
  deciding().catch((error: unknown) => {
    if (!sources.signal.aborted) ended.reject(error);
  });
  leading.catch(ended.reject);

  const lifecycle = planShutdown(frame, {
    server,
    stopSources: () => {
      sources.abort();
      return Promise.all([watching, threats?.close(), memory.close()]);
    },
    writeCheckpoint: () => writeCheckpoint(learned, frame),
    releaseLease: () => {
      lease.abort();
      return leading;
    },
  });
  return {
    done: ended.promise,
    stop: async () => {
      await lifecycle.stop();
      ended.resolve('stopped');
    },
    httpPort,
  };
}

async function lead(elector: LeaderElector, signal: AbortSignal, lost: () => void): Promise<void> {
  if ((await elector.run(signal)) === 'lost') lost();
}
