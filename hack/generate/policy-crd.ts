import { stringify } from 'yaml';
import { policyCrd } from '../../src/api/crd/policy-crd.ts';
import type { Generator } from './generator.ts';
import { HELM_NOTICE, YAML_NOTICE } from './generator.ts';

/** Lines as they are, and no anchors: both would only surprise whoever reads the file. */
const YAML_OPTIONS = { lineWidth: 0, aliasDuplicateObjects: false } as const;

/** The definition for `kubectl apply`, and the chart's copy of it, which Helm upgrades but never deletes. */
export const policyCrdGenerator: Generator = {
  name: 'CRD of AutonomicPolicy',
  files: () => {
    const crd = policyCrd();
    return [
      {
        path: 'crds/autonomic.dev_autonomicpolicies.yaml',
        content: YAML_NOTICE + stringify(crd, YAML_OPTIONS),
      },
      { path: 'helm/autonomic/templates/crds/autonomicpolicies.yaml', content: chartTemplate(crd) },
    ];
  },
};

/**
 * A CRD in the chart's `crds/` folder would never be upgraded; as a template it is. `crds.keep` saves it, and
 * with it every policy of the cluster, from `helm uninstall`.
 */
export function chartTemplate({ metadata, spec, ...head }: Record<string, unknown>): string {
  const yaml = (value: unknown): string => {
    const text = stringify(value, YAML_OPTIONS);
    if (text.includes('{{')) throw new Error("the CRD contains '{{', which Helm would take for a template");
    return text;
  };
  return [
    HELM_NOTICE,
    '{{- if .Values.crds.enabled }}\n',
    yaml(head),
    yaml({ metadata }),
    '  {{- if .Values.crds.keep }}\n',
    '  annotations:\n',
    '    helm.sh/resource-policy: keep\n',
    '  {{- end }}\n',
    yaml({ spec }),
    '{{- end }}\n',
  ].join('');
}
