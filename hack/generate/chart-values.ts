import { z } from 'zod';
import { chartValuesSchema } from '../chart-values.ts';
import type { Generator } from './generator.ts';

/** Helm checks every install, upgrade, lint and template against this. */
export const chartValuesGenerator: Generator = {
  name: 'schema of the chart values',
  files: () => [
    {
      path: 'helm/autonomic/values.schema.json',
      content: `${JSON.stringify(z.toJSONSchema(chartValuesSchema, { target: 'draft-7', io: 'input' }), null, 2)}\n`,
    },
  ],
};
