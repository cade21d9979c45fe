import { chartValuesGenerator } from './chart-values.ts';
import type { Generator } from './generator.ts';
import { policyCrdGenerator } from './policy-crd.ts';
import { policyReferenceGenerator } from './policy-reference.ts';
import { rbacGenerator } from './rbac.ts';

export const generators: readonly Generator[] = [
  policyCrdGenerator,
  policyReferenceGenerator,
  rbacGenerator,
  chartValuesGenerator,
];
