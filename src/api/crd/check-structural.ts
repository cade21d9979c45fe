import type { SchemaNode } from './schema-node.ts';

/** Keywords that a structural schema may carry and that this API uses; anything else is an error. */
const COMMON = ['description', 'type', 'default', 'x-kubernetes-validations'];
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  object: [...COMMON, 'properties', 'required'],
  array: [...COMMON, 'items', 'minItems', 'maxItems', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'],
  string: [...COMMON, 'enum', 'format', 'pattern', 'minLength', 'maxLength'],
  integer: [...COMMON, 'format', 'minimum', 'maximum'],
  boolean: COMMON,
  intOrString: [...COMMON.filter((keyword) => keyword !== 'type'), 'x-kubernetes-int-or-string', 'maxLength'],
};

/** JavaScript's additions to regular expressions that RE2 has not: look-around and back-references. */
const NOT_RE2 = /\(\?[=!<]|\\[1-9]|\\k</;

/**
 * Throws unless the schema is one that an API server takes as structural and that keeps this project's rules:
 * every node has a type, a description and bounds; lists say how they are merged; nothing is a float, nullable,
 * or open to unknown fields.
 */
export function checkStructural(node: SchemaNode, path = ''): void {
  const problem = problemOf(node, isItem(path));
  if (problem !== undefined) throw new Error(`schema of ${path === '' ? 'the root' : path}: ${problem}`);

  for (const [name, child] of Object.entries(node.properties ?? {})) {
    checkStructural(child, path === '' ? name : `${path}.${name}`);
  }
  if (node.items !== undefined) checkStructural(node.items, `${path}[]`);
}

function problemOf(node: SchemaNode, isListItem: boolean): string | undefined {
  const kind = node['x-kubernetes-int-or-string'] === true ? 'intOrString' : (node.type ?? '');
  const allowed = ALLOWED[kind];
  if (allowed === undefined) {
    return `type '${kind}' is not allowed; allowed are ${Object.keys(ALLOWED).join(', ')}`;
  }
  const stranger = Object.keys(node).find((keyword) => !allowed.includes(keyword));
  if (stranger !== undefined) return `keyword '${stranger}' is not allowed with ${kind}`;
  if (!isListItem && (node.description ?? '').trim() === '') return 'description is missing';
  return BOUNDS[kind]?.(node);
}

/** An item is described by its list. */
function isItem(path: string): boolean {
  return path.endsWith('[]');
}

const BOUNDS: Readonly<Record<string, (node: SchemaNode) => string | undefined>> = {
  object: objectProblem,
  array: listProblem,
  string: stringProblem,
  intOrString: stringProblem,
  integer: (node) => {
    if (node.minimum === undefined) return 'minimum is missing';
    return node.maximum === undefined && node.format === undefined
      ? 'maximum and format are missing'
      : undefined;
  },
};

function objectProblem({ properties, required = [] }: SchemaNode): string | undefined {
  if (properties === undefined) return 'properties are missing';
  const defaulted = required.find((name) => properties[name]?.default !== undefined);
  return defaulted === undefined
    ? undefined
    : `'${defaulted}' has a default and is required: only an optional field may have a default`;
}

function stringProblem(node: SchemaNode): string | undefined {
  if (node.pattern !== undefined && NOT_RE2.test(node.pattern)) return `pattern ${node.pattern} is not RE2`;
  const bounded = node.maxLength !== undefined || node.enum !== undefined || node.format === 'date-time';
  return bounded ? undefined : 'maxLength is missing';
}

function listProblem(node: SchemaNode): string | undefined {
  if (node.items === undefined) return 'items are missing';
  if (node.maxItems === undefined) return 'maxItems is missing';
  const type = node['x-kubernetes-list-type'];
  if (type === 'atomic' || type === 'set') return undefined;
  if (type !== 'map') return 'x-kubernetes-list-type is missing';
  const { required = [], properties = {} } = node.items;
  const keys = node['x-kubernetes-list-map-keys'] ?? [];
  if (keys.length === 0) return 'x-kubernetes-list-map-keys are missing';
  const loose = keys.find((key) => !required.includes(key) && properties[key]?.default === undefined);
  return loose === undefined ? undefined : `list key '${loose}' must be required or have a default`;
}
