import { EmbeddingsClient } from '../adapters/embeddings/embeddings-client.ts';
import { PassageEmbedder } from '../controllers/knowledge/runbooks/passage-embedder.ts';
import { PassageLedger } from '../controllers/knowledge/runbooks/passage-ledger.ts';
import { RunbookFinder } from '../controllers/knowledge/runbooks/runbook-finder.ts';
import { RunbookLibrary } from '../controllers/knowledge/runbooks/runbook-library.ts';
import { RunbookMirror } from '../controllers/knowledge/runbooks/runbook-mirror.ts';
import type { FindRunbook } from '../controllers/knowledge/policy-memory.ts';
import { noteReflector, type Frame } from './wiring.ts';

/** What people have written for the hour in which something is wrong. */
export interface Runbooks {
  readonly find: FindRunbook;
  /** Reads and stores runbooks until the signal aborts; of the leader. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  /** When the signal has aborted: waits for what is under way. */
  readonly close: () => Promise<void>;
}

/** Undefined where they are not to be read. */
export function createRunbooks(frame: Frame): Runbooks | undefined {
  const { config, around, parts } = frame;
  if (!config.knowledge.runbooks.enabled) return undefined;
  const { clock, random, log } = around;
  const { memory: metrics } = parts.metrics;
  const onProblem = (problem: string): void => {
    metrics.problems.inc();
    log.warn('Has trouble with the runbooks', { problem });
  };
  const ledger = new PassageLedger({
    store: parts.knowledge,
    journal: parts.journal,
    now: () => clock.now(),
    onProblem,
  });
  const library = new RunbookLibrary({
    ledger,
    log,
    onDocument: (documentId) => embeddings?.embedder.add(documentId),
    onSize: (passages, refused) => {
      metrics.runbookPassages.set(passages);
      metrics.runbooksRefused.set(refused);
    },
  });
  const embeddings = createEmbeddings(frame, library, onProblem);
  const mirror = new RunbookMirror({
    client: parts.client,
    clock,
    random,
    log,
    library,
    operatorNamespace: config.leaderElection.namespace,
    observe: (kind, note) => {
      noteReflector(log, kind, note);
    },
  });
  const finder = new RunbookFinder({ library, vectorOf: (query) => embeddings?.embedder.vectorOf(query) });
  let running: Promise<unknown> = Promise.resolve();
  return {
    find: (namespace, anomaly) => finder.find(namespace, anomaly),
    run: async (signal) => {
      const reading = ledger.load().then(() => mirror.run(signal));
      running = Promise.all([reading, embeddings?.embedder.run(signal)]);
      await running;
    },
    close: async () => {
      await running;
      await embeddings?.client.close();
    },
  };
}

interface Embeddings {
  readonly client: EmbeddingsClient;
  readonly embedder: PassageEmbedder;
}

function createEmbeddings(
  { config, around }: Frame,
  library: RunbookLibrary,
  onProblem: (problem: string) => void,
): Embeddings | undefined {
  const { embeddings: options } = config.knowledge;
  if (options === undefined) return undefined;
  const { clock, random, environment } = around;
  const client = new EmbeddingsClient(options, {
    environment,
    random,
    sleep: (ms, signal) => clock.sleep(ms, signal),
  });
  return { client, embedder: new PassageEmbedder({ embedder: client, library, clock, onProblem }) };
}
