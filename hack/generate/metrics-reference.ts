import { OperatorMetrics } from '../../src/adapters/http/operator-metrics.ts';
import { MARKDOWN_NOTICE, type Generator } from './generator.ts';
import { cell } from './schema-tables.ts';

/** What prom-client keeps of a metric; its typings leave the labels out. */
interface Described {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly labelNames: readonly string[];
}

/** The operator's own metrics, from the registry that serves them. Node's default metrics are not repeated. */
export const metricsReferenceGenerator: Generator = {
  name: 'Reference of the metrics',
  files: () => {
    const metrics = new OperatorMetrics('reference').registry.getMetricsAsArray() as unknown as Described[];
    const rows = metrics
      .filter(({ name }) => !name.startsWith('nodejs_') && !name.startsWith('process_'))
      .map(({ name, type, labelNames, help }) => {
        const labels = labelNames.map((label) => `\`${label}\``).join(', ');
        return `| \`${name}\` | ${type} | ${labels} | ${cell(help)} |`;
      });
    const content = [
      MARKDOWN_NOTICE,
      '# Metrics of the operator\n',
      'Served at `/metrics`. Names of controller-runtime and client-go are kept, so that existing dashboards work. Beside these are the',
      "process's own, `process_*` and `nodejs_*`.\n",
      '| Name | Type | Labels | Meaning |\n| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
    return [{ path: 'docs/reference/metrics.md', content }];
  },
};
