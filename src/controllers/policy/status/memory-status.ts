import type { PolicyStatus } from '../../../api/policy-status.ts';
import { clip, MAX_MESSAGE_LENGTH } from '../../../api/schema/text.ts';
import type { DecisionMemory } from '../../../loop/execute/decision.ts';
import { timeText } from './time-text.ts';

type MemoryStatus = NonNullable<NonNullable<PolicyStatus['workloads']>[number]['memory']>;

/** What is remembered of similar situations, as the API tells it. */
export function memoryStatus(memory: DecisionMemory): MemoryStatus {
  const { similar, succeeded, confidence, bestArm, message, neighbours } = memory;
  return {
    similar,
    succeeded,
    confidence,
    ...(bestArm === undefined ? {} : { bestArm }),
    message: clip(message, MAX_MESSAGE_LENGTH),
    neighbours: neighbours.map((neighbour) => ({
      time: timeText(neighbour.at),
      policy: neighbour.policy,
      workload: neighbour.workload,
      similarityPercent: Math.round(100 * neighbour.similarity),
      from: neighbour.from,
      to: neighbour.to,
      result: neighbour.result,
      message: clip(neighbour.message, MAX_MESSAGE_LENGTH),
    })),
  };
}
