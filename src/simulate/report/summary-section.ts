import type { BacktestResult, Comparison, ContenderSummary } from '../backtest-result.ts';
import {
  formatCostChange,
  formatCostChanges,
  formatCount,
  formatInterval,
  formatOf,
  formatPValue,
  formatRatio,
  formatShare,
} from './format.ts';
import { chosenKnobs, type ChosenKnobs } from './chosen-knobs.ts';
import { markup, type Markup } from './markup.ts';
import { pointShape } from './point-shape.ts';
import { looksOf, type Look } from './styling.ts';

/** All contenders over all traces. */
export function summaryTable(result: BacktestResult): Markup {
  const looks = looksOf(result.summary);
  const rows = result.summary.map((row, index) => summaryRow(row, looks[index], result));
  return markup`<div class="scroll" tabindex="0" role="region" aria-label="Summary of all contenders">
<table class="summary">
<thead><tr><th scope="col">Contender</th><th scope="col">Cost, oracle = 1</th><th scope="col">Objective kept</th><th scope="col">Slow requests</th><th scope="col">Bad 5-minute windows</th><th scope="col">Changes a day</th><th scope="col" class="words">Setting</th><th scope="col" class="words">Autonomic costs</th></tr></thead>
<tbody>
${rows}
</tbody></table></div>`;
}

/** The little mark by which a contender is known on the whole page. */
export function swatch(look: Pick<Look, 'colour' | 'variant'>): Markup {
  return markup`<svg class="swatch" viewBox="0 0 16 16" aria-hidden="true">${pointShape(look, { x: 8, y: 8 })}</svg>`;
}

function summaryRow(row: ContenderSummary, look: Look | undefined, { traces }: BacktestResult): Markup {
  const missed = row.shareMeetingTarget < 1;
  return markup`<tr data-contender="${row.name}">
<th scope="row">${look === undefined ? undefined : swatch(look)}${row.title}<small>${row.name}</small></th>
<td><b>${formatRatio(row.medianCostOverOracle)}</b> <span class="interval">${formatInterval(row.interval95)}</span></td>
<td class="${missed ? 'missed' : 'met'}">${missed ? '' : '✓ '}${formatOf(row.shareMeetingTarget, row.traces)}</td>
<td>${formatShare(row.medianBadRequestShare)}</td>
<td>${formatShare(row.medianBadWindowShare)}</td>
<td>${formatCount(row.medianActionsPerDay)}</td>
<td class="words">${knobCell(chosenKnobs(traces, row.name))}</td>
<td class="words">${row.comparison === undefined ? '–' : comparisonCell(row.comparison)}</td>
</tr>
`;
}

function knobCell(knobs: ChosenKnobs | undefined): Markup {
  return knobs === undefined ? markup`–` : markup`${knobs.range} <span class="interval">${knobs.name}</span>`;
}

function comparisonCell({ costRatio, interval95, pValue }: Comparison): Markup {
  const details = [
    interval95 === undefined ? [] : [formatCostChanges(interval95)],
    pValue === undefined ? [] : [formatPValue(pValue)],
  ].flat();
  return markup`<b>${formatCostChange(costRatio)}</b> <span class="interval">${details.join('; ')}</span>`;
}
