/**
 * What a series usually is at each time of a day or a week, beside a level that follows it: one value for each point of
 * the season, or fewer cells, between whose middles it is interpolated.
 */
export interface SeasonProfile {
  /** Points in one season. */
  readonly points: number;
  /** One for each cell, evenly over the season. */
  readonly values: Float32Array;
  /** Points that each cell learnt from, up to 255: later ones count by the rate. */
  readonly visits: Uint8Array;
  /** Share of the newest point in its cell. */
  readonly rate: number;
}

export interface SeasonProfileOptions {
  readonly points: number;
  /** No more than points are used. */
  readonly cells: number;
  /** Share of the newest season. */
  readonly rate: number;
}

const MOST_VISITS = 255;

export function createSeasonProfile({ points, cells, rate }: SeasonProfileOptions): SeasonProfile {
  const used = Math.min(points, cells);
  return {
    points,
    values: new Float32Array(used),
    visits: new Uint8Array(used),
    rate: (rate * used) / points,
  };
}

/** The usual value at a point of the season, or NaN where its cell never saw one. @param phase points since the season began. */
export function usualAt({ points, values, visits }: SeasonProfile, phase: number): number {
  const cells = values.length;
  const place = cells === points ? phase : ((phase + 0.5) * cells) / points;
  const cell = Math.trunc(place);
  if (visits[cell] === 0) return NaN;
  const here = values[cell] ?? NaN;
  if (cells === points) return here;
  const past = place - cell - 0.5;
  const neighbour = past < 0 ? (cell === 0 ? cells : cell) - 1 : cell + 1 === cells ? 0 : cell + 1;
  return visits[neighbour] === 0 ? here : here + Math.abs(past) * ((values[neighbour] ?? NaN) - here);
}

/** First point of a cell: it is what is usual. */
export function beginUsual({ points, values, visits }: SeasonProfile, phase: number, value: number): void {
  const cell = cellOf(points, values.length, phase);
  if (visits[cell] !== 0) return;
  values[cell] = value;
  visits[cell] = 1;
}

/** Moves the cell of a point that is not its first by a share of `error`; the share makes it the mean of the first. */
export function learnUsual(
  { points, values, visits, rate }: SeasonProfile,
  phase: number,
  error: number,
): void {
  const cell = cellOf(points, values.length, phase);
  const count = Math.min(MOST_VISITS, (visits[cell] ?? 0) + 1);
  visits[cell] = count;
  values[cell] = (values[cell] ?? 0) + Math.max(rate, 1 / count) * error;
}

function cellOf(points: number, cells: number, phase: number): number {
  return cells === points ? phase : Math.trunc((phase * cells) / points);
}
