import { UsageError } from '../../verb.ts';
import { parseAnomalyFlags } from './anomaly-flags.ts';

const INPUT = ['--input', 'a.csv'];

it('a file alone has every default', () => {
  expect(parseAnomalyFlags(INPUT)).toEqual({
    paths: ['a.csv'],
    skipBadRows: false,
    detector: 'auto',
    falseAlarms: undefined,
    calibration: 0.5,
    labels: undefined,
    emit: undefined,
    format: 'table',
    progress: false,
  });
});

it('every flag is read', () => {
  const args = [
    '--input',
    'a.csv',
    '--input',
    'b/',
    '--skip-bad-rows',
    '--detector',
    'indicator',
    '--progress',
  ];
  const more = [
    '--false-alarms',
    '0.5',
    '--calibration',
    '30%',
    '--labels',
    'l.json',
    '--emit',
    'out/',
    '-o',
    'json',
  ];
  expect(parseAnomalyFlags([...args, ...more])).toEqual({
    paths: ['a.csv', 'b/'],
    skipBadRows: true,
    detector: 'indicator',
    falseAlarms: 0.5,
    calibration: 0.3,
    labels: 'l.json',
    emit: 'out/',
    format: 'json',
    progress: true,
  });
});

it.each([
  ['nothing to look at', [], 'nothing to look at: name CSV files or folders with --input'],
  ['an empty name of a file', ['--input', ''], '--input is empty: name a file or folder'],
  ['an empty name to write to', [...INPUT, '--emit', ''], '--emit is empty: name a file or folder'],
  ['an empty name of labels', [...INPUT, '--labels', ''], '--labels is empty: name a file'],
  [
    'a number that is none',
    [...INPUT, '--false-alarms', 'few'],
    '--false-alarms must be a number from 0.01 to 1000',
  ],
  [
    'too many false alarms',
    [...INPUT, '--false-alarms', '1001'],
    '--false-alarms must be a number from 0.01 to 1000',
  ],
  ['a share of everything', [...INPUT, '--false-alarms', '1', '--calibration', '100%'], '--calibration'],
  ['a share that nothing is set from', [...INPUT, '--calibration', '30%'], 'give both or neither'],
  ['a format that is none', [...INPUT, '-o', 'yaml'], '--output must be table or json'],
  [
    'a detector that is none',
    [...INPUT, '--detector', 'magic'],
    '--detector must be auto, incident or indicator',
  ],
  ['an argument without a flag', ['a.csv'], "Unexpected argument 'a.csv'"],
  ['a flag without its value', ['--input'], '--input'],
])('refuses %s', (_, args, message) => {
  const parse = (): unknown => parseAnomalyFlags(args);
  expect(parse).toThrow(UsageError);
  expect(parse).toThrow(message);
});
