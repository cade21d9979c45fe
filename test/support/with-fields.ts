/**
 * A copy of an object with some fields changed, for tables of cases.
 * @param changes path → value, such as `'spec.metrics[0].type': 'Resource'`. `undefined` removes the field.
 */
export function withFields(
  object: object,
  changes: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const copy = structuredClone(object) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(/[.[\]]+/).filter((key) => key !== '');
    const last = keys.pop();
    if (last === undefined) throw new Error(`'${path}' names no field`);
    const parent = keys.reduce((node, key) => child(node, key, path), copy);
    if (value !== undefined) parent[last] = value;
    else if (Array.isArray(parent)) parent.splice(Number.parseInt(last, 10), 1);
    else Reflect.deleteProperty(parent, last);
  }
  return copy;
}

function child(node: Record<string, unknown>, key: string, path: string): Record<string, unknown> {
  const next = node[key];
  if (typeof next !== 'object' || next === null) throw new Error(`nothing at '${key}' of '${path}'`);
  return next as Record<string, unknown>;
}
