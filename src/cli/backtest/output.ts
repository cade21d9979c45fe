import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BacktestResult } from '../../simulate/backtest-result.ts';
import { InputError, type Terminal } from '../verb.ts';
import type { BacktestFlags } from './flags.ts';

/** Fails before the work, not after it. @throws InputError */
export function checkOutput({ outputFile }: Pick<BacktestFlags, 'outputFile'>): void {
  if (outputFile === undefined) return;
  try {
    accessSync(dirname(outputFile), constants.W_OK);
  } catch (error) {
    throw new InputError(`--output-file ${outputFile}: ${(error as Error).message}`, { cause: error });
  }
}

export async function writeResult(
  result: BacktestResult,
  { format, outputFile }: Pick<BacktestFlags, 'format' | 'outputFile'>,
  terminal: Terminal,
): Promise<void> {
  const text = await render(result, format);
  if (outputFile === undefined) terminal.out(text);
  else writeFileSync(outputFile, text);
}

async function render(result: BacktestResult, format: BacktestFlags['format']): Promise<string> {
  switch (format) {
    case 'json':
      return `${JSON.stringify(result, null, 2)}\n`;
    case 'html': {
      // Plots and styles are read from files that no other format needs.
      const { renderPage } = await import('./page.ts');
      return renderPage(result);
    }
    case 'table':
    case 'wide': {
      const { summaryTable } = await import('./summary-table.ts');
      return summaryTable(result, format);
    }
  }
}
