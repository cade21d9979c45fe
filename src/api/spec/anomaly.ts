import { z } from 'zod';
import { quantityField } from '../schema/fields.ts';

export const anomalySchema = z
  .object({
    mode: z
      .enum(['Hold', 'Report', 'Disabled'])
      .default('Hold')
      .describe(
        "What follows from an anomaly of this workload: 'Hold' lowers nothing until it is over; 'Report' tells of it in status, events " +
          "and metrics only; 'Disabled' does not look for any.",
      ),
    falseAlarmsPerWeek: quantityField({ moreThan: '0', atMost: '1000', examples: ['1', '500m'] })
      .prefault('1')
      .describe(
        'How many false alarms of this workload are acceptable in a week. How unusual a value must be to count as an anomaly ' +
          'follows from it, and from what all workloads of the operator usually show.',
      ),
  })
  .prefault({})
  .describe(
    'Watching the workload for what it does not usually show. An anomaly never changes the workload: it forbids decreases while it lasts, and informs people.',
  );
