import { z } from 'zod';
import { checkStructural } from './check-structural.ts';
import type { SchemaNode } from './schema-node.ts';

/**
 * Order in which a person reads a field. Also makes the generated files independent of the order in which zod
 * happens to emit keywords.
 */
const KEYWORD_ORDER = [
  'description',
  'type',
  'format',
  'x-kubernetes-int-or-string',
  'enum',
  'default',
  'pattern',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
  'properties',
  'items',
  'x-kubernetes-list-type',
  'x-kubernetes-list-map-keys',
  'x-kubernetes-validations',
];

const MAX_INT32 = 2_147_483_647;

/**
 * Turns a zod schema into the structural OpenAPI v3 schema of a CustomResourceDefinition.
 * @throws Error naming the field and the keyword when the result is not structural or breaks a rule of this
 *   project (a bound on everything, a description on everything, no floats).
 */
export function toStructuralSchema(schema: z.ZodType): SchemaNode {
  const emitted = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    override: ({ jsonSchema }) => toKubernetes(jsonSchema as SchemaNode),
  }) as SchemaNode;
  const structural = JSON.parse(JSON.stringify(ordered(emitted))) as SchemaNode;
  checkStructural(structural);
  return structural;
}

/** What zod says in JSON Schema and Kubernetes says differently. */
function toKubernetes(node: SchemaNode): void {
  if (node['x-kubernetes-int-or-string'] === true) {
    // The type is implied. The bound goes up to the node, or the API server reckons with a text of 3 MB when it
    // estimates what the node's rules cost, and refuses the definition.
    const text = node.anyOf?.find(({ type }) => type === 'string');
    if (text?.maxLength !== undefined) node.maxLength = text.maxLength;
    delete node.anyOf;
  }
  if (node.type === 'integer') {
    node.format = fitsInt32(node) ? 'int32' : 'int64';
    // Bounds that the format already says.
    if (node.maximum === MAX_INT32 || node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
  }
  if (node.format === 'date-time') {
    // The API server knows the format; zod's own pattern is a screenful.
    delete node.pattern;
  }
}

function fitsInt32({ minimum, maximum }: SchemaNode): boolean {
  return minimum !== undefined && maximum !== undefined && minimum >= -MAX_INT32 - 1 && maximum <= MAX_INT32;
}

function ordered(node: SchemaNode): SchemaNode {
  const rank = (keyword: string): number => {
    const index = KEYWORD_ORDER.indexOf(keyword);
    return index < 0 ? KEYWORD_ORDER.length : index;
  };
  const sorted = Object.fromEntries(Object.entries(node).sort(([a], [b]) => rank(a) - rank(b))) as SchemaNode;
  if (node.items !== undefined) sorted.items = ordered(node.items);
  if (node.properties !== undefined) {
    sorted.properties = Object.fromEntries(
      Object.entries(node.properties).map(([name, child]) => [name, ordered(child)]),
    );
  }
  return sorted;
}
