import { RUNBOOKS, runbookDocument } from '../../../../test/support/runbooks.ts';
import { runbookIndex } from '../../../../test/support/runbook-search.ts';
import type { AnomalyKind } from '../../analyze/anomaly/anomaly.ts';
import { passageFor } from './anomaly-passage.ts';
import { createTextIndex, putDocument, type TextIndex } from './text-index.ts';

const LOAD = { kind: 'Spike', signal: 'load', actual: 9000, expected: 400 } as const;

const ANOMALIES: readonly [string, AnomalyKind, string, string][] = [
  ['traffic-flood', 'Spike', 'load', 'the load is 9000 where 400 is usual'],
  [
    'error-burn',
    'Degradation',
    'errors',
    'the share of bad requests is 20 % where 0.1 % is usual at this load',
  ],
  [
    'oom-killed',
    'Leak',
    'memory',
    'the memory of a pod grows by 20 MiB an hour and is at its limit in 3 h (2 h to 5 h)',
  ],
  ['scrape-missing', 'Missing', 'load', 'the load does not come any more'],
  ['cpu-throttling', 'Spike', 'cpu', 'the CPU in use is 9 cores where 1 cores is usual'],
  ['cost-rise', 'Cost', 'cost', 'the workloads of shop cost 20 an hour where 10 is usual, this one 15'],
  ['queue-lag', 'LevelShift', 'queue', 'the queue is 5000 where 10 is usual'],
];

function indexOf(...texts: readonly string[]): TextIndex {
  const index = createTextIndex();
  texts.forEach((text, number) => {
    putDocument(index, { id: `note-${number}`, namespace: 'shop', title: 'Notes', text });
  });
  return index;
}

describe('the passage that fits an anomaly', () => {
  const index = runbookIndex();

  it.each(ANOMALIES)('is one of %s for a %s of %s', (runbook, kind, signal, message) => {
    const anomaly = { kind, signal, message, actual: 2, expected: 1 };
    expect(passageFor(index, { namespace: 'shop', anomaly })?.documentId).toBe(runbook);
  });

  // Errors are spoken of in more than one of the twelve.
  it.each(ANOMALIES.filter(([runbook]) => runbook !== 'error-burn'))(
    'is none without the runbook %s for a %s of %s',
    (runbook, kind, signal, message) => {
      const others = createTextIndex();
      for (const id of Object.keys(RUNBOOKS)) if (id !== runbook) putDocument(others, runbookDocument(id));
      const anomaly = { kind, signal, message, actual: 2, expected: 1 };
      expect(passageFor(others, { namespace: 'shop', anomaly })).toBeUndefined();
    },
  );

  it('is found in a long text by the heading that names the signal', () => {
    const filler = 'Call whoever is on duty, write down what was seen, then compare with last week. '.repeat(
      12,
    );
    const long = indexOf(`# Latency\n${filler}The usual response time is 200 ms.`);
    const anomaly = {
      kind: 'LevelShift',
      signal: 'latency',
      message: 'the latency is 2',
      actual: 2,
      expected: 1,
    } as const;
    expect(passageFor(long, { namespace: 'shop', anomaly })?.headings).toEqual(['Notes', 'Latency']);
    const unnamed = indexOf(`# Night shift\n${filler}The usual response time is 200 ms.`);
    expect(passageFor(unnamed, { namespace: 'shop', anomaly })).toBeUndefined();
  });

  it("is found where words and an embedder's vectors agree, and the signal is spoken of", () => {
    const filler = 'Call whoever is on duty, write down what was seen, then compare with last week. '.repeat(
      12,
    );
    const about = indexOf(`${filler} Requests come from partners.`);
    const vector = Float32Array.of(1, 0);
    const [shelf] = about.shelves.values();
    shelf!.embedded = { space: 'm/2', table: { dimensions: 2, values: Float32Array.of(1, 0) } };
    const anomaly = { ...LOAD, message: 'the load is 9000' };
    expect(passageFor(about, { namespace: 'shop', anomaly })).toBeUndefined();
    const embedded = { space: 'm/2', vector };
    expect(passageFor(about, { namespace: 'shop', anomaly, embedded })?.documentId).toBe('note-0');
  });
});
