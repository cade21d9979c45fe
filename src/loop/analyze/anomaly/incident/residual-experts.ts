/**
 * What is left of a value after three simple predictions, of the level, of this time of day, of this time of week, each
 * in units of its own error. The one with the least error so far is asked: chosen out of sample, so that a week's
 * pattern is used only where there is one.
 */
export interface ResidualExperts {
  readonly levelRate: number;
  readonly pointsPerDay: number;
  readonly dayProfile: Profile;
  readonly weekProfile: Profile;
  /** Of the level, day and week expert each: the level beside the profile. */
  readonly level: Float64Array;
  /** Mean absolute error, huge ones clipped. */
  readonly scale: Float64Array;
  readonly points: Float64Array;
  readonly selectionError: Float64Array;
  started: boolean;
  leastError: number;
  /** Of the latest value, in mean absolute errors: of the expert chosen, 0 while there is none. */
  selected: number;
  /** The same of the day's expert, NaN while this time of day was not seen. */
  day: number;
}

export interface Seasons {
  readonly pointsPerDay: number;
  /** Times of day that are told apart. */
  readonly daySlots: number;
}

interface Profile {
  readonly values: Float32Array;
  readonly visits: Uint8Array;
}

const LEVEL = 0;
const DAY = 1;
const WEEK = 2;
const EXPERTS = 3;

/** A profile is the mean of its first visits, then moves by this share: four days, two weeks. */
const DAY_RATE = 0.25;
const WEEK_RATE = 0.5;
const SLOWEST_SCALE_RATE = 0.002;
/** An error beyond it moves the model as if it were just that large (Huber), once the scale is known. */
const CLIP_SCALES = 4;
const POINTS_BEFORE_CLIP = 30;
/** One outlier must not undo an expert's record. */
const SELECTION_CLIP_SCALES = 6;
const SELECTION_HALF_LIFE = 288;
const SELECTION_RATE = 1 - 0.5 ** (1 / SELECTION_HALF_LIFE);
/** More than the rates above tell apart. */
const MOST_VISITS = 250;

/** @param levelRate share of an error by which a level moves, in 0…1 */
export function createResidualExperts(seasons: Seasons, levelRate: number): ResidualExperts {
  const { pointsPerDay, daySlots } = seasons;
  return {
    levelRate,
    pointsPerDay,
    dayProfile: createProfile(daySlots),
    weekProfile: createProfile(7 * daySlots),
    level: new Float64Array(EXPERTS),
    scale: new Float64Array(EXPERTS),
    points: new Float64Array(EXPERTS),
    selectionError: new Float64Array(EXPERTS),
    started: false,
    leastError: Infinity,
    selected: 0,
    day: NaN,
  };
}

function createProfile(slots: number): Profile {
  return { values: new Float32Array(slots), visits: new Uint8Array(slots) };
}

/** Answers in `selected` and `day`, then learns. @param slot number of the time-of-day slot, counted on through days. */
export function observeResiduals(experts: ResidualExperts, value: number, slot: number): void {
  if (!experts.started) experts.level[LEVEL] = value;
  experts.started = true;
  experts.leastError = Infinity;
  experts.selected = 0;
  experts.day = NaN;
  askLevel(experts, value);
  askProfile(experts, DAY, value, slot);
  askProfile(experts, WEEK, value, slot);
}

function askLevel(experts: ResidualExperts, value: number): void {
  const error = value - (experts.level[LEVEL] ?? 0);
  consider(experts, LEVEL, error);
  const rate = Math.max(experts.levelRate, 1 / ((experts.points[LEVEL] ?? 0) + 1));
  learn(experts, LEVEL, error, rate);
}

function askProfile(
  experts: ResidualExperts,
  expert: typeof DAY | typeof WEEK,
  value: number,
  slot: number,
): void {
  const { values, visits } = expert === DAY ? experts.dayProfile : experts.weekProfile;
  const place = slot % values.length;
  const visited = visits[place] ?? 0;
  if (visited < MOST_VISITS) visits[place] = visited + 1;
  if (visited === 0) {
    values[place] = value;
    return;
  }
  const usual = values[place] ?? 0;
  const error = value - usual - (experts.level[expert] ?? 0);
  const z = consider(experts, expert, error);
  if (expert === DAY) experts.day = z;
  const clipped = learn(experts, expert, error, experts.levelRate);
  const rate = Math.max(expert === DAY ? DAY_RATE : WEEK_RATE, 1 / (visited + 1));
  values[place] = usual + rate * (clipped + (experts.level[expert] ?? 0));
}

/** The error in units of the expert's scale; it is the one selected when the expert's record is the best so far. */
function consider(experts: ResidualExperts, expert: number, error: number): number {
  const scale = experts.scale[expert] ?? 0;
  if (scale <= 0) return 0;
  const z = error / scale;
  const record = experts.selectionError[expert] ?? 0;
  const eligible = expert === LEVEL || (experts.points[expert] ?? 0) >= experts.pointsPerDay;
  if (eligible && record < experts.leastError) {
    experts.leastError = record;
    experts.selected = z;
  }
  return z;
}

/** @returns the error as it was learnt */
function learn(experts: ResidualExperts, expert: number, error: number, rate: number): number {
  const { scale, points, selectionError, level } = experts;
  const before = scale[expert] ?? 0;
  const seen = points[expert] ?? 0;
  const clips = seen > POINTS_BEFORE_CLIP && before > 0;
  const learnt = clips ? clamp(error, CLIP_SCALES * before) : error;
  const record = Math.abs(before > 0 ? clamp(error, SELECTION_CLIP_SCALES * before) : error);
  const count = seen + 1;
  points[expert] = count;
  scale[expert] = before + Math.max(1 / count, SLOWEST_SCALE_RATE) * (Math.abs(learnt) - before);
  level[expert] = (level[expert] ?? 0) + rate * learnt;
  const recorded = selectionError[expert] ?? 0;
  selectionError[expert] = recorded + Math.max(1 / count, SELECTION_RATE) * (record - recorded);
  return learnt;
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
