import { z } from 'zod';
import { quantityField } from '../schema/fields.ts';
import { atomicList } from '../schema/rules.ts';

const scalingPolicy = z.object({
  type: z
    .enum(['Pods', 'Percent'])
    .describe("Unit of `value`: pods, or percent of the replicas at the period's start."),
  value: z.int32().min(1).max(1_000_000).describe('Largest change within the period.'),
  periodSeconds: z.int32().min(1).max(1800).describe('Length of the sliding period.'),
});

type ScalingPolicy = z.output<typeof scalingPolicy>;

const stabilizationWindow = z.int32().min(0).max(3600);

const LOOKS_BACK = (direction: string): string =>
  `How far back proposals are looked at before scaling ${direction}; the most cautious one of the window counts.`;

function scalingRules(direction: string, defaults: { readonly policies: readonly ScalingPolicy[] }) {
  return z.object({
    selectPolicy: z
      .enum(['Max', 'Min', 'Disabled'])
      .default('Max')
      .describe(
        `Which of the policies counts when several allow different changes: the largest change, the smallest one, or 'Disabled' to never scale ${direction}.`,
      ),
    policies: atomicList(z.array(scalingPolicy).min(1).max(8))
      .default([...defaults.policies])
      .describe(`Limits on how fast to scale ${direction}.`),
    tolerance: quantityField({ atLeast: '0', atMost: '1', examples: ['0.1', '50m'] })
      .prefault('0.1')
      .describe(
        `Relative distance between use and target below which nothing is scaled ${direction}: '0.1' is ten percent.`,
      ),
  });
}

/** A HorizontalPodAutoscaler's own default for the window before scaling down. */
export const USUAL_SCALE_DOWN_WINDOW_SECONDS = 300;

// The numbers are those of a HorizontalPodAutoscaler (pkg/apis/autoscaling/v2/defaults.go), here in plain sight.
const scaleUpRules = z.object({
  stabilizationWindowSeconds: stabilizationWindow.default(0).describe(LOOKS_BACK('up')),
  ...scalingRules('up', {
    policies: [
      { type: 'Pods', value: 4, periodSeconds: 15 },
      { type: 'Percent', value: 100, periodSeconds: 15 },
    ],
  }).shape,
});
const scaleDownRules = z.object({
  stabilizationWindowSeconds: stabilizationWindow
    .optional()
    .describe(
      `${LOOKS_BACK('down')} ${USUAL_SCALE_DOWN_WINDOW_SECONDS} when not set; where \`objective.requests\` and a forecast decide, the profile says instead when replicas are given back.`,
    ),
  ...scalingRules('down', { policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] }).shape,
});

export const behaviorSchema = z
  .object({
    scaleUp: scaleUpRules.prefault({}).describe('Rules for adding replicas.'),
    scaleDown: scaleDownRules.prefault({}).describe('Rules for removing replicas.'),
  })
  .prefault({})
  .describe('How fast replicas may change; the vocabulary and the defaults of a HorizontalPodAutoscaler.');

export type ScalingRules = z.output<typeof scaleDownRules>;
