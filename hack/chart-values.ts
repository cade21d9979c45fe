import { z } from 'zod';
import { operatorConfigSchema } from '../src/operator/config.ts';

const text = z.string();
const labels = z.record(z.string(), z.string());
const anyObject = z.looseObject({});

/** What `values.yaml` may hold; the chart's values schema is made of it. A misspelt key is refused. */
export const chartValuesSchema = z.strictObject({
  global: anyObject.default({}).describe('Values shared with other charts; not used here.'),
  nameOverride: text.default('').describe('Replaces the chart name in the names of objects.'),
  fullnameOverride: text.default('').describe('Replaces the whole name of the objects.'),
  replicaCount: z
    .int()
    .min(1)
    .max(5)
    .default(1)
    .describe('Replicas of the operator: one leads, the others stand by.'),
  image: z
    .strictObject({
      repository: text.min(1).default('ghcr.io/autonomic-dev/autonomic-operator'),
      tag: text.default('').describe('Defaults to the chart version of the application.'),
      digest: text.default('').describe('sha256:…; wins over the tag.'),
      pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
    })
    .prefault({}),
  imagePullSecrets: z.array(z.strictObject({ name: text })).default([]),
  crds: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Install the custom resource definitions.'),
      keep: z.boolean().default(true).describe('Keep them, and all policies, on uninstall.'),
    })
    .prefault({}),
  serviceAccount: z
    .strictObject({
      create: z.boolean().default(true),
      name: text.default(''),
      annotations: labels.default({}),
    })
    .prefault({}),
  rbac: z.strictObject({ create: z.boolean().default(true) }).prefault({}),
  config: operatorConfigSchema
    .omit({ stateDirectory: true, http: true, leaderElection: true })
    .describe("The operator's configuration; the chart sets addresses, folders and the lease itself."),
  persistence: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Keep journal, checkpoint and knowledge store on a volume claim.'),
      size: text.default('5Gi'),
      storageClass: text.default(''),
    })
    .prefault({}),
  resources: anyObject.default({
    requests: { cpu: '100m', memory: '256Mi' },
    limits: { memory: '512Mi' },
  }),
  podAnnotations: labels.default({}),
  podLabels: labels.default({}),
  nodeSelector: labels.default({}),
  tolerations: z.array(anyObject).default([]),
  affinity: anyObject.default({}),
  topologySpreadConstraints: z.array(anyObject).default([]),
  priorityClassName: text.default(''),
  extraEnv: z
    .array(anyObject)
    .default([])
    .describe('Environment variables, such as credentials of object storage.'),
  extraVolumes: z.array(anyObject).default([]),
  extraVolumeMounts: z.array(anyObject).default([]),
  serviceMonitor: z
    .strictObject({
      enabled: z.boolean().default(false),
      interval: text.default('30s'),
      labels: labels.default({}),
    })
    .prefault({}),
  prometheusRule: z
    .strictObject({
      enabled: z
        .boolean()
        .default(false)
        .describe('Alert rules, where the Prometheus operator is installed.'),
      labels: labels.default({}).describe('By which that Prometheus selects its rules.'),
    })
    .prefault({}),
  podDisruptionBudget: z
    .strictObject({ enabled: z.boolean().default(true).describe('Takes effect with two replicas or more.') })
    .prefault({}),
  networkPolicy: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Allow only scrapes and probes to reach the pod.'),
    })
    .prefault({}),
});
