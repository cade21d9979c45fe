import { byGravity } from '../analyze/anomaly/episodes.ts';
import { clamp, PASS, veto, type Guard } from './guard.ts';

/** A number that is hard to believe is no reason to give something back; it is none to take more either. */
export const anomalyHoldGuard: Guard = {
  name: 'AnomalyHold',
  stage: 'Shape',
  check: (value, { current, anomalies }) => {
    if (value >= current) return PASS;
    const [worst] = anomalies.filter(({ holds }) => holds).sort(byGravity);
    return worst === undefined ? PASS : veto('AnomalyHold', `no decrease now: ${worst.message}`);
  },
};

/**
 * Where an attack is suspected, nothing is done on the operator's own account: nothing is given back, and nothing is ordered
 * ahead of demand. What the load just measured needs is still ordered, or a burst of refused log-ins would be a way to starve
 * the service (docs/adr/0009-what-a-threat-freezes.md).
 */
export const threatFreezeGuard: Guard = {
  name: 'ThreatFreeze',
  stage: 'Shape',
  check: (value, { current, reactive, threat }) => {
    if (threat?.freeze !== true || value === current) return PASS;
    const why = threat.reason;
    if (value < current) return veto('ThreatFreeze', `no decrease now: ${why}`);
    const needed = Math.max(current, reactive ?? current);
    return value <= needed
      ? PASS
      : clamp(needed, 'ThreatFreeze', `no more than the measured load needs: ${why}`);
  },
};
