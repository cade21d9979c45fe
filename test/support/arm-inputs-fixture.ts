import type { RequestArmInputs } from '../../src/loop/plan/arms/arm-inputs.ts';
import { serviceModel } from '../../src/loop/plan/capacity/service-model.ts';

/** Completes ten requests per second, one at a time; one that takes longer than 0.4 s is bad. */
export const ARM_SERVICE = serviceModel({ requestsPerSecond: 10, concurrency: 1, latencySeconds: 0.4 })!;

/** 48 requests per second, and no forecast of them. */
export function requestArmInputs(change: Partial<RequestArmInputs> = {}): RequestArmInputs {
  return {
    workloadClass: 'Requests',
    minReplicas: 1,
    maxReplicas: 100,
    floor: 7,
    demand: 48,
    service: ARM_SERVICE,
    slowShare: 0.01,
    peaks: undefined,
    stock: undefined,
    ...change,
  };
}
