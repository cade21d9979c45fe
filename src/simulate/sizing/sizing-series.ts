/** What was provisioned for one container and what it used of it: columns of equal length, at least two rows. */
export interface SizingSeries {
  readonly name: string;
  /** Ms since the epoch, strictly rising. */
  readonly times: Float64Array;
  /** Cores. */
  readonly cpuUsed: Float64Array;
  readonly cpuRequested: Float64Array;
  /** Bytes. */
  readonly memoryUsed: Float64Array;
  readonly memoryRequested: Float64Array;
}

/** One row: both resources, and for how long it stands. */
export interface SizingRow {
  readonly at: number;
  readonly seconds: number;
  readonly used: { readonly cpu: number; readonly memory: number };
  readonly provisioned: { readonly cpu: number; readonly memory: number };
}

/**
 * The rows of a series. Each stands for the time until the next; before a gap, which is more than twice the median
 * step, and at the end it stands for one median step.
 * @throws RangeError for columns of unequal length, fewer than two rows, times that do not rise, uses that are negative
 *   or no number, requests that are not above 0.
 */
export function sizingRows(series: SizingSeries): SizingRow[] {
  const { name, times } = series;
  const columns = [series.cpuUsed, series.memoryUsed, series.cpuRequested, series.memoryRequested];
  if (times.length < 2 || columns.some((column) => column.length !== times.length)) {
    throw new RangeError(
      `${name}: columns must be of one length, at least 2, found ${times.length} times and ` +
        columns.map((column) => column.length).join(', '),
    );
  }
  const step = medianStep(times);
  return Array.from(times, (at, index) => {
    const [cpu, memory, cpuRequest, memoryRequest] = columns.map((column) => column[index] ?? NaN) as [
      number,
      number,
      number,
      number,
    ];
    const until = times[index + 1] ?? at + step;
    if (!(until > at)) throw new RangeError(`${name}: times must rise, found ${until} after ${at}`);
    checkAmounts(`${name}: ${new Date(at).toISOString()}`, [cpu, memory], [cpuRequest, memoryRequest]);
    const ms = until - at > 2 * step ? step : until - at;
    return {
      at,
      seconds: ms / 1000,
      used: { cpu, memory },
      provisioned: { cpu: cpuRequest, memory: memoryRequest },
    };
  });
}

function checkAmounts(where: string, used: readonly number[], requested: readonly number[]): void {
  if (!used.every((amount) => amount >= 0 && amount < Infinity)) {
    throw new RangeError(
      `${where}: uses must be finite and at least 0, found ${used.join(' cores, ')} bytes`,
    );
  }
  if (!requested.every((amount) => amount > 0 && amount < Infinity)) {
    throw new RangeError(
      `${where}: requests must be finite and above 0, found ${requested.join(' cores, ')} bytes`,
    );
  }
}

function medianStep(times: Float64Array): number {
  const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  return steps.sort()[Math.floor(steps.length / 2)] ?? 0;
}
