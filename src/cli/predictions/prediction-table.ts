import { formatTable } from '../table.ts';
import type { Prediction } from './prediction.ts';
import { highest, total, type Range, type ResourceView, type Span } from './resource-view.ts';
import { amount, unitOf, type Unit } from './units.ts';

/** Days or hours of each resource, and what is remarkable about them in a sentence each. */
export function predictionTable(
  { policy, target, from, historyDays, resources }: Prediction,
  { hourly, wide }: { readonly hourly: boolean; readonly wide: boolean },
): string {
  const found = resources.filter((each): each is ResourceView => !('absent' in each));
  const header = ['RESOURCE', hourly ? 'HOUR (UTC)' : 'DAY (UTC)', 'MEAN', '80 %', 'PEAK', '80 %'];
  const rows = found.flatMap((view) => (hourly ? view.hours : view.days).map(rowOf(view, hourly)));
  const parts = [
    `${policy} (${target}): seven days from ${timeText(from)} UTC, by ${historyDays} days of history\n`,
    formatTable(header, rows),
    ...(wide ? [weekTable(found)] : []),
    `${resources.map((each) => ('absent' in each ? `${each.resource}: no forecast: ${each.absent}` : sentence(each))).join('\n')}\n`,
  ];
  return parts.join('\n');
}

function rowOf(view: ResourceView, hourly: boolean): (span: Span) => string[] {
  const unit = unitFor(view);
  return ({ at, mean, peak }) => [
    view.resource,
    hourly ? timeText(at) : dayText(at),
    withUnit(mean.median, unit),
    interval(mean, unit),
    ...(peak === undefined ? [] : [withUnit(peak.median, unit), interval(peak, unit)]),
  ];
}

function sentence(view: ResourceView): string {
  const unit = unitFor(view);
  const top = highest(view.hours);
  const said =
    top === undefined
      ? `${amount(total(view.days).median, unit)} in ${view.days.length} days (${interval(total(view.days), unit)})`
      : `peak on ${timeText(top.at)} UTC: ${withUnit(top.peak.median, unit)} (${interval(top.peak, unit)})`;
  return `${view.resource}: ${said}; confidence ${view.confidence}: ${pastText(view)}`;
}

function pastText({ weeks }: ResourceView): string {
  const [last] = weeks;
  if (last === undefined) return 'no week of the past could be forecast and compared yet';
  const accuracy = percent(last.accuracy);
  return `last week's forecast was ${accuracy} accurate, and ${percent(last.coverage)} of the hours lay within its interval`;
}

function weekTable(views: readonly ResourceView[]): string {
  const rows = views.flatMap(({ resource, weeks }) =>
    weeks.map(({ firstHour, accuracy, coverage, skill }) => [
      resource,
      dayText(firstHour * 3_600_000),
      percent(accuracy),
      percent(coverage),
      skill === undefined ? '<none>' : percent(skill),
    ]),
  );
  return formatTable(['RESOURCE', 'PAST WEEK FROM', 'ACCURACY', 'WITHIN 80 %', 'BETTER THAN NAIVE'], rows);
}

function unitFor({ resource, days, hours }: ResourceView): Unit {
  const means = [...days, ...hours].map(({ mean }) => mean.median);
  return unitOf(resource, Math.max(0, ...means));
}

function withUnit(value: number, unit: Unit): string {
  return unit.name === '' ? amount(value, unit) : `${amount(value, unit)} ${unit.name}`;
}

function interval({ lower, upper }: Range, unit: Unit): string {
  return `${amount(lower, unit)}-${amount(upper, unit)}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  weekday: 'short',
  day: '2-digit',
  month: 'short',
});

/** `Tue 24 Nov` */
function dayText(at: number): string {
  return DAY.format(at).replace(',', '');
}

/** `Tue 24 Nov 18:00` */
function timeText(at: number): string {
  return `${dayText(at)} ${new Date(at).toISOString().slice(11, 16)}`;
}
