import type { BacktestResult, ContenderResult, TraceResult } from '../backtest-result.ts';
import { formatRatio, formatShare } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { swatch } from './summary-section.ts';
import { looksOf, type Look } from './styling.ts';

/** Cost of every contender on every trace; a miss of the objective is crossed out in words, not in colour alone. */
export function traceMatrix(result: BacktestResult): Markup {
  const looks = looksOf(result.summary);
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Every contender on every workload">
<table class="matrix">
<thead><tr><th scope="col">Workload</th>${looks.map((look) => markup`<th scope="col">${swatch(look)}${look.name}</th>`)}</tr></thead>
<tbody>
${result.traces.map((trace, index) => matrixRow(trace, index, looks))}
</tbody></table></div>
<p class="hint">Cost over the oracle. ✗ and the share of slow requests: the objective was missed. Choose a workload to see it below.</p>`;
}

function matrixRow({ name, group, contenders }: TraceResult, index: number, looks: readonly Look[]): Markup {
  return markup`<tr><th scope="row"><a href="#explorer" data-trace="${index}">${name}</a>${group === name ? undefined : markup`<small>${group}</small>`}</th>${looks.map(
    (look) => matrixCell(contenders.find((one) => one.name === look.name)),
  )}</tr>
`;
}

function matrixCell(result: ContenderResult | undefined): Markup {
  if (result === undefined) return markup`<td>–</td>`;
  const { costOverOracle, meetsTarget, badRequestShare } = result;
  return meetsTarget
    ? markup`<td>${formatRatio(costOverOracle)}</td>`
    : markup`<td class="missed">${formatRatio(costOverOracle)} <span>✗ ${formatShare(badRequestShare)}</span></td>`;
}
