import type { Generator } from './generator.ts';
import { policyCrdGenerator } from './policy-crd.ts';
import { policyReferenceGenerator } from './policy-reference.ts';

export const generators: readonly Generator[] = [policyCrdGenerator, policyReferenceGenerator];
