import { short } from '../../../loop/short.ts';
import type { ValueEstimate } from '../../../loop/knowledge/off-policy/estimate-value.ts';
import { formatTable } from '../../table.ts';
import type { StrategyValue } from './selection-result.ts';

const HEADER = [
  'RECORD',
  'STRATEGY',
  'CHOICES',
  'EFFECTIVE',
  'UNSUPPORTED',
  'LOGGED',
  'IPS',
  'SNIPS',
  'DOUBLY ROBUST',
  'ANY TIME',
];

export function selectionTable(values: readonly StrategyValue[]): string {
  const truth = values.some((value) => value.truth !== undefined);
  return formatTable(
    truth ? [...HEADER, 'TRUTH'] : HEADER,
    values.map((value) => [
      value.record,
      value.strategy,
      String(value.choices),
      short(value.effective),
      `${short(100 * value.unsupported)} %`,
      short(value.logged.value),
      estimateText(value.ips),
      estimateText(value.snips),
      value.doublyRobust === undefined ? '-' : estimateText(value.doublyRobust),
      intervalText(value.anyTime),
      ...(truth ? [value.truth === undefined ? '-' : short(value.truth)] : []),
    ]),
  );
}

function estimateText({ value, interval }: ValueEstimate): string {
  return Number.isNaN(value) ? '-' : `${short(value)} ${intervalText(interval)}`;
}

function intervalText([low, high]: readonly [number, number]): string {
  return `[${short(low)}, ${short(high)}]`;
}
