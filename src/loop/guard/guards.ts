import { anomalyHoldGuard, threatFreezeGuard } from './anomaly.ts';
import { dataHistoryGuard, suddenDropGuard } from './belief.ts';
import { blastRadiusGuard, correlatedDropGuard } from './fleet-guards.ts';
import type { Guard } from './guard.ts';
import { manualChangeGuard, rivalGuard } from './ownership.ts';
import { actionLimitGuard, cooldownGuard, observationGuard, refusalGuard } from './pace.ts';
import { inFlightGuard, leadershipGuard, modeGuard, suspendGuard, targetStateGuard } from './permission.ts';
import { rateGuard, stabilizationGuard } from './rates.ts';
import { regretGuard, rollbackGuard } from './regret.ts';
import { headroomGuard, objectiveGuard } from './service.ts';
import { boundsGuard, dataQualityGuard, reactiveFloorGuard, rolloutGuard } from './shape.ts';

/**
 * The chain, in order. First what shapes the recommendation: what follows the bounds
 * can only answer "stay", so that no change leads out of the range. Then what may forbid to write it. The order of the
 * permits is the order in which a reason is named when several object.
 */
export const GUARDS: readonly Guard[] = [
  reactiveFloorGuard, // a forecast never goes below measured demand
  stabilizationGuard, // the highest recommendation of the window holds
  rateGuard, // the user's step limits
  suddenDropGuard, // a fall out of the blue is followed slowly
  blastRadiusGuard, // only so many workloads at once by a large step
  threatFreezeGuard, // under attack, only what measured demand needs
  rollbackGuard, // what hurt is undone, whatever the rates say
  headroomGuard, // what cannot come is not ordered again
  boundsGuard, // the user's range
  dataQualityGuard, // fewer only on proof, also when only the range asks for it
  dataHistoryGuard, // and the proof must have lasted
  rolloutGuard, // two revisions share the load: not now
  objectiveGuard, // nothing is given back while the service suffers
  regretGuard, // nor soon after that went wrong
  correlatedDropGuard, // nor while the whole fleet seems to fall silent
  anomalyHoldGuard, // nor while the workload does what it never does

  suspendGuard, // the person's switch comes before everything
  targetStateGuard,
  rivalGuard, // two owners of one field fight for ever
  manualChangeGuard, // a person wins for half an hour
  observationGuard,
  modeGuard,
  inFlightGuard,
  refusalGuard,
  cooldownGuard,
  actionLimitGuard,
  leadershipGuard,
];
