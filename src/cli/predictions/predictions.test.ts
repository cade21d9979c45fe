import type { Outlook } from '../../loop/analyze/outlook/outlook.ts';
import { outlook } from '../../loop/analyze/outlook/outlook.ts';
import { run } from '../program.ts';
import type { Prediction } from './prediction.ts';
import { predictionDocument } from './prediction-document.ts';
import { predictionTable } from './prediction-table.ts';
import { costView, highest, resourceView } from './resource-view.ts';
import { amount, unitOf } from './units.ts';

/** A Monday, 00:00 UTC. */
const MONDAY = Date.UTC(2026, 4, 4) / 3_600_000;

/** Two weeks of one core, and two of the day's hours of four. */
function outlookOf(level: number): Outlook {
  const values = Float64Array.from({ length: 336 }, (_, hour) => (hour % 24 === 18 ? 4 : 1) * level);
  const past = { firstHour: MONDAY - 336, values };
  const made = outlook({ means: past, maxima: past }, MONDAY);
  if ('absent' in made) throw new Error(made.absent);
  return made;
}

const prediction: Prediction = {
  policy: 'shop/web',
  target: 'Deployment web',
  from: MONDAY * 3_600_000,
  historyDays: 14,
  resources: [
    resourceView('cpu', outlookOf(1), MONDAY),
    resourceView('memory', outlookOf(2 ** 30), MONDAY),
    { resource: 'network', absent: 'no value is known' },
    costView(outlookOf(2), 0.5, MONDAY),
  ],
};

async function predictions(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const terminal = { out: (text: string) => void (out += text), err: (text: string) => void (err += text) };
  return { code: await run(['predictions', ...args], terminal), out, err };
}

describe('the table', () => {
  const lines = predictionTable(prediction, { hourly: false, wide: false }).split('\n');

  test('has a row with units for each day of each resource', () => {
    expect(lines[0]).toBe(
      'shop/web (Deployment web): seven days from Mon 04 May 00:00 UTC, by 14 days of history',
    );
    expect(lines.filter((line) => line.startsWith('cpu  '))).toHaveLength(7);
    expect(lines.find((line) => line.startsWith('cpu  '))).toMatch(
      /^cpu +Mon 04 May +1\.1\d cores +1\.1\d-1\.1\d +4\.00 cores +4\.00-4\.00$/,
    );
    expect(lines.find((line) => line.startsWith('memory  '))).toMatch(/ 4\.00 GiB /);
    expect(lines.find((line) => line.startsWith('cost  '))).toMatch(
      /^cost +Mon 04 May +27\.0\d +2\d\.\d\d-2\d\.\d\d$/,
    );
  });

  test('says in a sentence when the peak is, what it costs together, and what is missing', () => {
    const text = lines.join('\n');
    expect(text).toMatch(
      /^cpu: peak on \w{3} \d\d May 18:00 UTC: 3\.9\d cores \(3\.9\d-3\.9\d\); confidence Medium: last week's forecast was 96 % accurate, and 96 % of/m,
    );
    expect(text).toMatch(/^cost: 189\.\d\d in 7 days \(1\d\d\.\d\d-1\d\d\.\d\d\); /m);
    expect(text).toContain('network: no forecast: no value is known');
  });

  test('by the hour has a row for each of 168 hours', () => {
    const hours = predictionTable(prediction, { hourly: true, wide: false }).split('\n');
    expect(hours.filter((line) => line.startsWith('cpu  '))).toHaveLength(168);
    expect(hours.some((line) => /^cpu +Sun 10 May 18:00 +3\.9\d cores /.test(line))).toBe(true);
  });

  test('with everything has the past weeks', () => {
    const wide = predictionTable(prediction, { hourly: false, wide: true });
    expect(wide).toMatch(/^cpu +Mon 27 Apr +96 % +96 % +/m);
  });
});

test('the document has base units, days and hours, and no number longer than four digits', () => {
  const text = JSON.stringify(predictionDocument(prediction));
  expect(JSON.parse(text)).toMatchObject({
    policy: 'shop/web',
    from: '2026-05-04T00:00:00Z',
    resources: [
      { resource: 'cpu', unit: 'cores', days: [{ date: '2026-05-04' }, {}, {}, {}, {}, {}, {}] },
      { resource: 'memory', unit: 'bytes' },
      { resource: 'network', absent: 'no value is known' },
      { resource: 'cost', total: { median: expect.closeTo(189, 0) as number } },
    ],
  });
  expect(text).not.toMatch(/\d\.\d{5}/);
});

test('the highest hour is the one with the largest peak; money has none', () => {
  const range = (median: number): { median: number; lower: number; upper: number } => ({
    median,
    lower: 0,
    upper: 9,
  });
  const hours = [3, 7, 7, 5].map((peak, at) => ({ at, mean: range(1), peak: range(peak) }));
  expect(highest(hours)?.at).toBe(1);
  expect(highest([{ at: 0, mean: range(1) }])).toBeUndefined();
});

test.each([
  ['cpu', 12.345, 12.345, '12.3 cores'],
  ['cpu', 0.25, 0.25, '0.25 cores'],
  ['cpu', 0.001, 1, '<0.01 cores'],
  ['cpu', 0, 1, '0 cores'],
  ['memory', 2 ** 20 * 1.5, 2 ** 29, '1.50 MiB'],
  ['memory', 2 ** 31, 2 ** 40, '<0.01 TiB'],
  ['network', 5e6, 2e8, '5.00 MB/s'],
  ['network', 12, 500, '0.01 kB/s'],
  ['replicas', 123.4, 200, '123 replicas'],
] as const)('%s of %d where most is %d is shown as %s', (resource, value, most, text) => {
  const unit = unitOf(resource, most);
  expect(`${amount(value, unit)} ${unit.name}`).toBe(text);
});

const SERVER = ['--prometheus', 'http://localhost:9'];

test.each([
  [[], 'name an AutonomicPolicy'],
  [['web', 'shop'], 'unexpected argument "shop" after the name of the policy'],
  [['web'], '--prometheus is missing'],
  [['web', '--prometheus', 'localhost'], '--prometheus must be a URL'],
  [
    ['web', ...SERVER, '--resource', 'disk'],
    '--resource must be cpu, memory, network, replicas or cost, found "disk"',
  ],
  [['web', ...SERVER, '-o', 'html'], '--output must be table, wide or json, found "html"'],
  [['web', ...SERVER, '--days', '3'], "Unknown option '--days'"],
  [['web', ...SERVER, '--kubeconfig', '/nowhere'], '/nowhere'],
])('%j is refused with exit code 2 and one line', async (args, message) => {
  const { code, out, err } = await predictions(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(message);
  expect(err.trimEnd().split('\n')).toHaveLength(1);
});

test('--help explains every flag and column', async () => {
  const { code, out } = await predictions('--help');
  expect(code).toBe(0);
  for (const word of ['--prometheus', '--resource', '--hourly', '--output', 'MEAN', 'PEAK', '80 %']) {
    expect(out).toContain(word);
  }
});
