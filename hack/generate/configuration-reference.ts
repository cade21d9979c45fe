import { z } from 'zod';
import type { SchemaNode } from '../../src/api/crd/schema-node.ts';
import { operatorConfigSchema } from '../../src/operator/config.ts';
import { MARKDOWN_NOTICE, type Generator } from './generator.ts';
import { objectSections } from './schema-tables.ts';

/** What an administrator may set, from the schema that checks it. */
export const configurationReferenceGenerator: Generator = {
  name: 'Reference of the configuration',
  files: () => {
    const schema = z.toJSONSchema(operatorConfigSchema, { target: 'openapi-3.0', io: 'input' }) as SchemaNode;
    const content = [
      MARKDOWN_NOTICE,
      '# Configuration of the operator\n',
      'A YAML file, named by `--config`; in the chart it is `config` in `values.yaml`. What is not listed here is refused.\n',
      objectSections('config', schema),
    ].join('\n');
    return [{ path: 'docs/reference/configuration.md', content }];
  },
};
