import type { PathTier } from '../../loop/analyze/path/path-shape.ts';
import { parseChoice, parseShare, parseWhole } from '../backtest/flag-values.ts';
import { rawFlags } from '../raw-flags.ts';
import { UsageError } from '../verb.ts';

const FORMATS = ['table', 'wide', 'json'] as const;
const TIERS: Readonly<Record<'full' | 'light', PathTier>> = { full: 'Full', light: 'Light' };

/** A week, in steps of five minutes: as far as the forecaster goes. */
const MAX_HORIZON = 2016;

export interface ForecastFlags {
  readonly paths: readonly string[];
  readonly skipBadRows: boolean;
  /** Share of each series that is only learned from. */
  readonly history: number;
  readonly origins: number;
  /** Rising, in steps. */
  readonly horizons: readonly number[];
  readonly tier: PathTier;
  readonly floors: boolean;
  readonly emit?: string;
  readonly format: (typeof FORMATS)[number];
  readonly progress: boolean;
}

const text = { type: 'string' } as const;
const yes = { type: 'boolean' } as const;
const OPTIONS = {
  input: { type: 'string', multiple: true },
  'skip-bad-rows': yes,
  history: text,
  origins: text,
  horizons: text,
  tier: text,
  floors: yes,
  emit: text,
  output: { type: 'string', short: 'o' },
  progress: yes,
} as const;

const DEFAULTS = {
  history: '60%',
  origins: '25',
  horizons: '12,72,288',
  tier: 'full',
  output: 'table',
} as const;

/** @throws UsageError */
export function parseForecastFlags(args: readonly string[]): ForecastFlags {
  const values = { ...DEFAULTS, ...rawFlags(args, { options: OPTIONS }).values };
  const { input: paths = [], emit } = values;
  if (paths.length === 0) throw new UsageError('nothing to forecast: name CSV files or folders with --input');
  if (paths.includes('')) throw new UsageError('--input is empty: name a file or folder');
  if (emit === '') throw new UsageError('--emit is empty: name a file');
  return {
    paths,
    skipBadRows: values['skip-bad-rows'] ?? false,
    history: parseShare('--history', values.history, { least: 0.1, most: 0.95 }),
    origins: parseWhole('--origins', values.origins, { least: 1, most: 100_000 }),
    horizons: parseHorizons(values.horizons),
    tier: TIERS[parseChoice('--tier', values.tier, ['full', 'light'])],
    floors: values.floors ?? false,
    ...(emit === undefined ? {} : { emit }),
    format: parseChoice('--output', values.output, FORMATS),
    progress: values.progress ?? false,
  };
}

function parseHorizons(list: string): number[] {
  const horizons = list
    .split(',')
    .map((word) => parseWhole('--horizons', word.trim(), { least: 1, most: MAX_HORIZON }));
  return [...new Set(horizons)].toSorted((a, b) => a - b);
}
