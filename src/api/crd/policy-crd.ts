import { z } from 'zod';
import { API_GROUP, API_VERSION, POLICY_KIND, POLICY_PLURAL } from '../names.ts';
import { policySpecSchema } from '../policy-spec.ts';
import { policyStatusSchema } from '../policy-status.ts';
import type { SchemaNode } from './schema-node.ts';
import { toStructuralSchema } from './structural-schema.ts';

/** A column of `kubectl get apol`; priority 1 shows with `-o wide` only. */
export interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'date';
  readonly jsonPath: string;
  readonly description: string;
  readonly priority?: 1;
}

/** Of a status field that is one of several words; as long as a condition's reason may be is long enough. */
const MAX_WORD_LENGTH = 256;

const READY = '.status.conditions[?(@.type=="Ready")]';
const WORKLOAD = '.status.workloads[0]';

export const PRINTER_COLUMNS: readonly PrinterColumn[] = [
  {
    name: 'Target',
    type: 'string',
    jsonPath: '.spec.targetRef.name',
    description: 'Workload that the policy scales.',
  },
  {
    name: 'Mode',
    type: 'string',
    jsonPath: '.spec.mode',
    description: 'Whether decisions are carried out.',
  },
  {
    name: 'Replicas',
    type: 'integer',
    jsonPath: `${WORKLOAD}.currentReplicas`,
    description: 'Replicas that the workload is set to.',
  },
  {
    name: 'Recommended',
    type: 'integer',
    jsonPath: `${WORKLOAD}.recommendedReplicas`,
    description: 'Replicas that the operator wants.',
  },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: `${READY}.status`,
    description: 'Whether the policy works.',
  },
  {
    name: 'Reason',
    type: 'string',
    jsonPath: `${READY}.reason`,
    description: 'Why it works or does not.',
    priority: 1,
  },
  {
    name: 'Forecast',
    type: 'string',
    jsonPath: `${WORKLOAD}.forecast.upper`,
    description: 'Value that the forecast peak stays below with the configured confidence.',
    priority: 1,
  },
  {
    name: 'Age',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: 'Time since the policy was created.',
  },
];

/** The whole object's schema, as the CustomResourceDefinition carries it. */
export function policySchema(): SchemaNode {
  const { properties } = toStructuralSchema(
    z
      .object({ spec: policySpecSchema, status: policyStatusSchema.optional() })
      .describe('Spec and status; what every object has is added below.'),
  );
  return {
    description:
      'AutonomicPolicy scales one workload ahead of its load, within bounds, and records why and with what result.',
    type: 'object',
    required: ['spec'],
    properties: {
      apiVersion: { description: 'API group and version of this object.', type: 'string' },
      kind: { description: 'Kind of this object.', type: 'string' },
      metadata: { type: 'object' },
      ...properties,
    },
  };
}

/**
 * Lists of allowed values bind who writes a spec. In the status they would bind a newer operator to an older definition,
 * which then refuses the whole status for one word that it does not know, and without status nothing may be changed.
 */
function withOpenStatus({ properties = {}, ...schema }: SchemaNode): SchemaNode {
  const { status } = properties;
  return {
    ...schema,
    properties: status === undefined ? properties : { ...properties, status: open(status) },
  };
}

function open({ enum: words, properties, items, ...node }: SchemaNode): SchemaNode {
  return {
    ...node,
    ...(words && { maxLength: MAX_WORD_LENGTH }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, child]) => [name, open(child)])),
    }),
    ...(items && { items: open(items) }),
  };
}

/** The CustomResourceDefinition of AutonomicPolicy, as applied to a cluster. */
export function policyCrd(): Record<string, unknown> {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${POLICY_PLURAL}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      scope: 'Namespaced',
      names: {
        kind: POLICY_KIND,
        listKind: `${POLICY_KIND}List`,
        plural: POLICY_PLURAL,
        singular: POLICY_KIND.toLowerCase(),
        shortNames: ['apol'],
        categories: ['autonomic'],
      },
      versions: [
        {
          name: API_VERSION,
          served: true,
          storage: true,
          additionalPrinterColumns: PRINTER_COLUMNS,
          schema: { openAPIV3Schema: withOpenStatus(policySchema()) },
          subresources: { status: {} },
        },
      ],
    },
  };
}
