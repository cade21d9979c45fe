import {
  autonomic,
  autonomicCalm,
  autonomicLight,
  autonomicScrape,
  autonomicScrapeCalm,
  autonomicTarget,
} from './autonomic/autonomic.ts';
import { crane } from './rivals/crane.ts';
import { hpa, hpaUntuned } from './rivals/hpa.ts';
import { keda } from './rivals/keda.ts';
import { kpa } from './rivals/kpa.ts';
import { pacedNewsvendor, pacedNewsvendorCalm } from './rivals/paced-newsvendor.ts';
import { autopilot72h, peak1h, peak24h, peak5m, peak5mErlang, peak5mFresh } from './rivals/peak-window.ts';
import { phpaHoltWinters, phpaLinear } from './rivals/phpa.ts';
import { seasonal } from './rivals/seasonal.ts';
import { fixed, staticUntuned } from './rivals/static.ts';
import type { Contender } from './scaler.ts';

/** Ours and the rivals, in the order of the tables; the oracle is made for each trace and comes last. */
export const CONTENDERS: readonly Contender[] = [
  autonomic,
  autonomicTarget,
  hpa,
  keda,
  phpaLinear,
  phpaHoltWinters,
  peak5m,
  peak1h,
  peak24h,
  autopilot72h,
  crane,
  kpa,
  fixed,
];

/** Rows that check this simulator against published ones, and what is being developed; not rivals. */
export const REFERENCE_CONTENDERS: readonly Contender[] = [
  autonomicCalm,
  autonomicLight,
  autonomicScrape,
  autonomicScrapeCalm,
  pacedNewsvendor,
  pacedNewsvendorCalm,
  hpaUntuned,
  staticUntuned,
  peak5mFresh,
  peak5mErlang,
  seasonal,
];
