import { parseChoice, parseDecimal, parseShare } from '../../backtest/flag-values.ts';
import { rawFlags } from '../../raw-flags.ts';
import { UsageError } from '../../verb.ts';

const FORMATS = ['table', 'json'] as const;
export const DETECTORS = ['auto', 'incident', 'indicator'] as const;

export type DetectorChoice = (typeof DETECTORS)[number];

export interface AnomalyFlags {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
  readonly detector: DetectorChoice;
  /** A week, of each series; undefined for fixed thresholds. */
  readonly falseAlarms: number | undefined;
  /** Share of each series from which thresholds are set. */
  readonly calibration: number;
  readonly labels: string | undefined;
  readonly emit: string | undefined;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const OPTIONS = {
  input: { type: 'string', multiple: true },
  'skip-bad-rows': yes,
  detector: text,
  'false-alarms': text,
  calibration: text,
  labels: text,
  emit: text,
  output: { type: 'string', short: 'o' },
  progress: yes,
} as const;

const DEFAULTS = { detector: 'auto', calibration: '50%', output: 'table' } as const;

/** @throws UsageError */
export function parseAnomalyFlags(args: readonly string[]): AnomalyFlags {
  const given = rawFlags(args, { options: OPTIONS }).values;
  const values = { ...DEFAULTS, ...given };
  const { input: paths = [], emit, labels } = values;
  if (paths.length === 0) throw new UsageError('nothing to look at: name CSV files or folders with --input');
  if (paths.includes('')) throw new UsageError('--input is empty: name a file or folder');
  if (emit === '') throw new UsageError('--emit is empty: name a file or folder');
  if (labels === '') throw new UsageError('--labels is empty: name a file');
  const accepted = values['false-alarms'];
  if (given.calibration !== undefined && accepted === undefined) {
    throw new UsageError('--calibration says what --false-alarms sets thresholds from: give both or neither');
  }
  return {
    paths,
    skipBadRows: values['skip-bad-rows'] ?? false,
    detector: parseChoice('--detector', values.detector, DETECTORS),
    falseAlarms:
      accepted === undefined
        ? undefined
        : parseDecimal('--false-alarms', accepted, { least: 0.01, most: 1000 }),
    calibration: parseShare('--calibration', values.calibration, { least: 0.05, most: 0.95 }),
    labels,
    emit,
    format: parseChoice('--output', values.output, FORMATS),
    progress: values.progress ?? false,
  };
}
