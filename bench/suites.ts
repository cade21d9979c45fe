import { anomalyCauseSuite } from './anomaly-cause.ts';
import { anomalyIncidentSuite } from './anomaly-incident.ts';
import { anomalyKpiSuite } from './anomaly-kpi.ts';
import { anomalyLeakSuite } from './anomaly-leak.ts';
import { anomalyLoopSuite } from './anomaly-loop.ts';
import { autoscalingAblationsSuite, autoscalingWorldsSuite } from './autoscaling-worlds.ts';
import { autoscalingSuite } from './autoscaling.ts';
import { checkpointSuite } from './checkpoint.ts';
import { decisionsSuite } from './decisions.ts';
import { featuresSuite } from './features.ts';
import { liveSuite } from './live.ts';
import { loopSuite } from './loop.ts';
import { peakSuite } from './peak.ts';
import { memoryTextSuite } from './memory-text.ts';
import { memoryRetrievalSuite } from './memory-retrieval.ts';
import { memorySelectionSuite } from './memory-selection.ts';
import { memoryStoreSuite } from './memory-store.ts';
import { outlookSuite } from './outlook.ts';
import { pathSuite } from './paths.ts';
import { policiesSuite } from './policies.ts';
import { processSuite } from './process.ts';
import { offPolicySuite } from './off-policy.ts';
import { selectionSpeedSuite } from './selection-speed.ts';
import { selectionSuite } from './selection.ts';
import type { Suite } from './suite.ts';

/** In the order in which they run: the short ones first. */
export const SUITES: readonly Suite[] = [
  loopSuite,
  decisionsSuite,
  policiesSuite,
  pathSuite,
  featuresSuite,
  memoryTextSuite,
  checkpointSuite,
  memoryRetrievalSuite,
  peakSuite,
  outlookSuite,
  anomalyIncidentSuite,
  anomalyKpiSuite,
  anomalyCauseSuite,
  anomalyLeakSuite,
  anomalyLoopSuite,
  memorySelectionSuite,
  selectionSpeedSuite,
  offPolicySuite,
  selectionSuite,
  autoscalingSuite,
  memoryStoreSuite,
  processSuite,
  liveSuite,
  autoscalingWorldsSuite,
  autoscalingAblationsSuite,
];
