/** Prometheus' text exposition format, version 0.0.4. */

export interface Family {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly family: Family;
  /** What a histogram adds to the family's name. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
  readonly labels: Labels;
  readonly value: number;
  /** ms since the epoch; Prometheus takes the time of the scrape when it is not there. */
  readonly at?: number;
}

/** The answer to a scrape: samples grouped by family, in the order in which families first appear. */
export function exposition(samples: readonly Sample[]): string {
  const blocks = new Map<Family, string[]>();
  for (const sample of samples) {
    const lines = blocks.get(sample.family) ?? [];
    blocks.set(sample.family, lines);
    const time = sample.at === undefined ? '' : ` ${sample.at}`;
    lines.push(`${seriesText(sample)} ${numberText(sample.value)}${time}`);
  }
  let text = '';
  for (const [{ name, type, help }, lines] of blocks) {
    text += `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`;
    text += `${lines.join('\n')}\n`;
  }
  return text;
}

/** `name{label="value",…}`, as in both text formats. */
export function seriesText({ family, suffix, labels }: Omit<Sample, 'value' | 'at'>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return `${family.name}${suffix ?? ''}{${pairs.join(',')}}`;
}

/** JavaScript writes Infinity where the format wants +Inf. */
export function numberText(value: number): string {
  if (value === Infinity) return '+Inf';
  return value === -Infinity ? '-Inf' : String(value);
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
