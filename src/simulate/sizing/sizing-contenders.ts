import { autopilot } from './autopilot.ts';
import { krr } from './krr.ts';
import type { SizingContender } from './sizing-contender.ts';
import { vpa } from './vpa.ts';

/** Everybody who chooses requests, in the order of the table. */
export const SIZING_CONTENDERS: readonly SizingContender[] = [vpa, krr, autopilot];
