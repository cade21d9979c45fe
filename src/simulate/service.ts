import type { Physics } from './queue.ts';
import type { SimulationConfig } from './simulation-config.ts';

/** The part of a configuration that the queue's physics depend on. */
export function physicsOf({ service, objective }: Pick<SimulationConfig, 'service' | 'objective'>): Physics {
  return {
    waitThresholdSeconds: objective.waitSeconds,
    queueSeconds: service.queueSeconds,
    maxUtilization: service.maxUtilization,
    discipline: service.discipline,
    squaredVariation: service.squaredVariation,
  };
}
