import { chartValuesGenerator } from './chart-values.ts';
import { configurationReferenceGenerator } from './configuration-reference.ts';
import type { Generator } from './generator.ts';
import { metricsReferenceGenerator } from './metrics-reference.ts';
import { policyCrdGenerator } from './policy-crd.ts';
import { policyReferenceGenerator } from './policy-reference.ts';
import { rbacGenerator } from './rbac.ts';

export const generators: readonly Generator[] = [
  policyCrdGenerator,
  policyReferenceGenerator,
  rbacGenerator,
  chartValuesGenerator,
  configurationReferenceGenerator,
  metricsReferenceGenerator,
];
