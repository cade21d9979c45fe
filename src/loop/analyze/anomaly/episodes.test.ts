import type { Evidence } from './anomaly.ts';
import {
  byGravity,
  NEW_NORMAL_AFTER_MS,
  NO_EPISODES,
  observeEpisodes,
  QUIET_MS,
  SHIFT_AFTER_MS,
  type EpisodeChanges,
  type EpisodeFacts,
  type Episodes,
} from './episodes.ts';

const MINUTE = 60_000;
const NOW = 1_000_000 * MINUTE;

const evidence = (change: Partial<Evidence> = {}): Evidence => ({
  kind: 'Spike',
  signal: 'load',
  surprise: 5,
  onset: true,
  expected: 100,
  actual: 400,
  message: 'load is 400 where 100 is usual',
  ...change,
});

const facts = (change: Partial<EpisodeFacts> = {}): EpisodeFacts => ({
  now: NOW,
  noticedAt: NOW,
  suppressed: false,
  suffering: false,
  holds: true,
  ...change,
});

/** The same evidence, or none, at each of the minutes after NOW. */
function after(
  episodes: Episodes,
  minutes: number,
  found: (minute: number) => readonly Evidence[],
): EpisodeChanges {
  let changes: EpisodeChanges = { episodes, opened: [], closed: [] };
  for (let minute = 1; minute <= minutes; minute += 1) {
    changes = observeEpisodes(changes.episodes, found(minute), facts({ now: NOW + minute * MINUTE }));
  }
  return changes;
}

function open(change: Partial<Evidence> = {}, given: Partial<EpisodeFacts> = {}): Episodes {
  return observeEpisodes(NO_EPISODES, [evidence(change)], facts(given)).episodes;
}

describe('an anomaly', () => {
  it('begins with evidence of an onset, in the minute of the evidence or when that says', () => {
    expect(open().open[0]).toMatchObject({ kind: 'Spike', since: NOW, severity: 'Medium', holds: true });
    expect(open({ since: NOW - 5 * MINUTE }).open[0]).toMatchObject({ since: NOW - 5 * MINUTE });
    expect(open({ since: NOW + 5 * MINUTE }).open[0]).toMatchObject({ since: NOW });
  });

  it.each([
    ['what only says that it goes on', { onset: false }, {}],
    ['an onset while pods are replaced or a change was announced', {}, { suppressed: true }],
  ])('does not begin with %s', (_, change, given) => {
    expect(open(change, given).open).toEqual([]);
  });

  it('goes on while there is evidence of any strength, and keeps the gravest', () => {
    const { episodes } = after(open({ surprise: 6 }), 10, () => [evidence({ onset: false, surprise: 1 })]);
    expect(episodes.open[0]).toMatchObject({ surprise: 6, seenAt: NOW + 10 * MINUTE, kind: 'Spike' });
  });

  it('goes on through a rollout that begins after it', () => {
    const { episodes } = observeEpisodes(
      open(),
      [evidence()],
      facts({ now: NOW + MINUTE, suppressed: true }),
    );
    expect(episodes.open).toHaveLength(1);
  });

  it('is over two minutes after the last evidence', () => {
    const quiet = QUIET_MS / MINUTE;
    expect(after(open(), quiet - 1, () => []).episodes.open).toHaveLength(1);
    const { episodes, closed } = after(open(), quiet, () => []);
    expect(episodes.open).toEqual([]);
    expect(closed).toMatchObject([{ ending: 'Over', anomaly: { signal: 'load' } }]);
  });

  it('is a shift of the level when a spike has not come back for a quarter of an hour, and the new normal after an hour', () => {
    const on = () => [evidence({ onset: false })];
    expect(after(open(), SHIFT_AFTER_MS / MINUTE, on).episodes.open[0]?.kind).toBe('LevelShift');
    const { episodes, closed } = after(open(), NEW_NORMAL_AFTER_MS / MINUTE, on);
    expect(episodes.open).toEqual([]);
    expect(closed).toMatchObject([{ ending: 'NewNormal' }]);
  });

  it.each(['Missing', 'FlatLine', 'Leak', 'Cost'] as const)(
    'of kind %s never becomes normal by lasting',
    (kind) => {
      const found = evidence({ kind });
      const { episodes } = after(open({ kind }), 1 + NEW_NORMAL_AFTER_MS / MINUTE, () => [found]);
      expect(episodes.open).toMatchObject([{ kind }]);
    },
  );

  it('is one for each signal and kind, whoever sees it', () => {
    const { episodes } = observeEpisodes(
      NO_EPISODES,
      [
        evidence({ surprise: 4 }),
        evidence({ surprise: 7 }),
        evidence({ kind: 'LevelShift', surprise: 3 }),
        evidence({ kind: 'Missing', signal: 'latency' }),
      ],
      facts(),
    );
    expect(episodes.open.map(({ kind, signal, surprise }) => [kind, signal, surprise])).toEqual([
      ['Spike', 'load', 7],
      ['Missing', 'latency', 5],
    ]);
  });

  it.each([
    ['Spike', true],
    ['Degradation', true],
    ['Missing', true],
    ['Behaviour', true],
    ['Leak', false],
    ['Cost', false],
  ] as const)('of kind %s holds decreases: %s', (kind, holds) => {
    expect(open({ kind }).open[0]?.holds).toBe(holds);
    expect(open({ kind }, { holds: false }).open[0]?.holds).toBe(false);
  });

  it('that is a fall holds none: other guards follow falls', () => {
    expect(open({ actual: 10 }).open[0]).toMatchObject({ kind: 'Spike', holds: false });
  });

  it('that the plan has paid for holds none', () => {
    expect(open({ mayHold: false }).open[0]?.holds).toBe(false);
  });

  it('that has lasted for a quarter of an hour is believed, and holds no longer', () => {
    const on = () => [evidence({ onset: false })];
    const minutes = SHIFT_AFTER_MS / MINUTE;
    expect(after(open(), minutes - 1, on).episodes.open[0]?.holds).toBe(true);
    expect(after(open(), minutes, on).episodes.open[0]).toMatchObject({ kind: 'LevelShift', holds: false });
  });
});

describe('severity', () => {
  it.each([
    [2, true, 'Low'],
    [3.2, false, 'Medium'],
    [9, false, 'Medium'],
    [4, true, 'High'],
  ] as const)('of a surprise of %d with harm to the objective %s is %s', (surprise, suffering, severity) => {
    const { opened } = observeEpisodes(NO_EPISODES, [evidence({ surprise })], facts({ suffering }));
    expect(opened).toMatchObject([{ severity }]);
  });

  it('comes first, then the newest', () => {
    const { episodes } = observeEpisodes(
      NO_EPISODES,
      [
        evidence({ signal: 'a', surprise: 2 }),
        evidence({ signal: 'b', since: NOW - 5 * MINUTE }),
        evidence({ signal: 'c' }),
        evidence({ signal: 'd', kind: 'Degradation' }),
      ],
      facts(),
    );
    expect([...episodes.open].sort(byGravity).map(({ signal }) => signal)).toEqual(['d', 'c', 'b', 'a']);
  });
});
