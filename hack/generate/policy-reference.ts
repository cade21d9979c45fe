import { CONDITION_STATUSES, CONDITION_TYPES, CONDITIONS } from '../../src/api/conditions.ts';
import { policySchema, PRINTER_COLUMNS } from '../../src/api/crd/policy-crd.ts';
import { API_GROUP, API_VERSION, POLICY_KIND, SUSPEND_ANNOTATION } from '../../src/api/names.ts';
import type { Generator } from './generator.ts';
import { MARKDOWN_NOTICE } from './generator.ts';
import { cell, objectSections } from './schema-tables.ts';

/** The page that answers "what may I write here, and what does it mean". */
export const policyReferenceGenerator: Generator = {
  name: 'Reference of AutonomicPolicy',
  files: () => [{ path: 'docs/reference/autonomicpolicy.md', content: page() }],
};

function page(): string {
  const { description = '', properties = {} } = policySchema();
  const sections = Object.entries(properties)
    .filter(([, node]) => node.properties !== undefined)
    .map(([name, node]) => objectSections(name, node));
  return [
    MARKDOWN_NOTICE,
    `# ${POLICY_KIND}\n`,
    `\`apiVersion: ${API_GROUP}/${API_VERSION}\`, \`kind: ${POLICY_KIND}\`, namespaced, short name \`apol\`, category \`autonomic\`.\n`,
    `${description}\n`,
    'The same text is in `kubectl explain apol.spec --recursive`. Whole policies to start from are in [docs/examples](../examples).\n',
    QUANTITIES,
    `The annotation \`${SUSPEND_ANNOTATION}: "true"\` on a policy suspends it, as \`spec.suspend\` does.\n`,
    columns(),
    ...sections,
    conditions(),
  ].join('\n');
}

const QUANTITIES = `A *quantity* is a number written as Kubernetes writes it: \`2\`, \`'1.5'\`, \`250m\` (0.25), \`10k\`, \`512Mi\`. A fraction must be a string.
A *time* is an instant such as \`2026-05-01T12:00:00Z\`.
`;

function columns(): string {
  const rows = PRINTER_COLUMNS.map(
    ({ name, description, priority }) =>
      `| ${name.toUpperCase()} | ${priority === undefined ? '' : '`-o wide`'} | ${cell(description)} |`,
  );
  return [
    '## Columns of `kubectl get apol`\n',
    '| Column | Shown | Meaning |\n| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

function conditions(): string {
  const sections = CONDITION_TYPES.map((type) => {
    const catalogue = CONDITIONS[type];
    const rows = CONDITION_STATUSES.flatMap((status) =>
      Object.entries<string>(catalogue[status]).map(
        ([reason, meaning]) => `| ${status} | \`${reason}\` | ${cell(meaning)} |`,
      ),
    );
    return `### ${type}\n\n${catalogue.meaning}\n\n| Status | Reason | Meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return ['## Conditions\n', ...sections].join('\n');
}
