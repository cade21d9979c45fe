import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { BacktestResult } from '../../simulate/backtest-result.ts';
import { renderPage as render, type PageAssets } from '../../simulate/report/page.ts';

/** The HTML page of a backtest, complete in one file. */
export function renderPage(result: BacktestResult): string {
  return render(result, readAssets());
}

function readAssets(): PageAssets {
  const require = createRequire(import.meta.url);
  const folder = new URL('../../simulate/report/page/', import.meta.url);
  const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
  return {
    plotScript: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    plotStyle: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    scripts: scripts.sort().map((name) => readFileSync(new URL(name, folder), 'utf8')),
  };
}
