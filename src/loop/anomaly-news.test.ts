import type { Anomaly, AnomalyEnding } from './analyze/anomaly/anomaly.ts';
import type { AnomalyReport } from './analyze/anomaly/observe-anomalies.ts';
import { anomalyNews } from './anomaly-news.ts';

const anomaly = (change: Partial<Anomaly> = {}): Anomaly => ({
  kind: 'Spike',
  signal: 'load',
  severity: 'Medium',
  since: 0,
  seenAt: 0,
  surprise: 5,
  expected: 100,
  actual: 400,
  message: 'the load is 400 where 100 is usual',
  holds: true,
  openedAt: 0,
  told: true,
  fleetWide: false,
  ...change,
});

const news = (report: Partial<AnomalyReport>) =>
  anomalyNews({ open: [], opened: [], closed: [], surprises: [], baseline: 1, ...report });
const ended = (ending: AnomalyEnding, change: Partial<Anomaly> = {}) => ({
  anomaly: anomaly(change),
  ending,
});

describe('what people hear', () => {
  it('is nothing while nothing begins or ends', () => {
    expect(news({ open: [anomaly()] })).toEqual([]);
  });

  it.each([
    ['Low', 'Normal'],
    ['Medium', 'Warning'],
    ['High', 'Warning'],
  ] as const)('of severity %s is %s', (severity, level) => {
    expect(news({ opened: [anomaly({ severity })] })).toEqual([
      {
        type: 'Announce',
        level,
        reason: 'AnomalyDetected',
        note: `Spike (${severity}): the load is 400 where 100 is usual, nothing is lowered until it is over`,
      },
    ]);
  });

  it('does not speak of holding where nothing is held', () => {
    const [{ note } = { note: '' }] = news({ opened: [anomaly({ holds: false })] });
    expect(note).toBe('Spike (Medium): the load is 400 where 100 is usual');
  });

  it('is one piece about what began together, the gravest first', () => {
    const opened = [
      anomaly({ severity: 'Low', holds: false, message: 'a' }),
      anomaly({ kind: 'Degradation', severity: 'High', holds: false, message: 'b' }),
    ];
    expect(news({ opened })).toMatchObject([
      { level: 'Warning', note: 'Degradation (High): b; Spike (Low): a' },
    ]);
  });

  it.each([
    ['Over', 'Spike of load is over'],
    ['NewNormal', 'Spike of load has lasted for an hour and counts as usual now'],
    ['Unknown', 'Spike of load cannot be told any more'],
  ] as const)('of an end (%s) is how it ended', (ending, note) => {
    expect(news({ closed: [ended(ending)] })).toEqual([
      { type: 'Announce', level: 'Normal', reason: 'AnomalyOver', note },
    ]);
  });

  it('is no end of what nobody was told of, nor of what was the whole fleet', () => {
    expect(news({ closed: [ended('Over', { told: false }), ended('Over', { fleetWide: true })] })).toEqual(
      [],
    );
  });

  it('is both when one ends as another begins', () => {
    const reasons = news({ opened: [anomaly()], closed: [ended('Over', { signal: 'cpu' })] }).map(
      ({ reason }) => reason,
    );
    expect(reasons).toEqual(['AnomalyDetected', 'AnomalyOver']);
  });
});

test('what may be behind an anomaly is told with it, in short', () => {
  const attribution = {
    surprises: { load: 5 },
    firstMoved: { signal: 'queue', at: 0, leadMs: 240_000 },
    similar: { at: 0, durationMs: 720_000, ending: 'Over' },
    suspects: [{ workload: 'db', signal: 'latency', at: 0, leadMs: 60_000, path: undefined }],
  } as const;
  expect(news({ opened: [anomaly({ holds: false, attribution })] })).toMatchObject([
    {
      note:
        'Spike (Medium): the load is 400 where 100 is usual, the queue moved first, 4 min before, ' +
        'suspected is db: the latency became unusual 1 min before, ' +
        'like that of 1970-01-01 00:00 UTC, which was over after 12 min',
    },
  ]);
});
