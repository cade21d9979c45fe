import type { SchemaNode } from '../../src/api/crd/schema-node.ts';

/**
 * Writes one section for an object of the API: a table of its fields, its rules, and then a section for each
 * object inside it.
 * @param path of the object, such as `spec.metrics[]`.
 */
export function objectSections(path: string, node: SchemaNode): string {
  const fields = Object.entries(node.properties ?? {});
  const rows = fields.map(([name, field]) =>
    fieldRow(path, name, field, node.required?.includes(name) === true),
  );
  const inner = fields.flatMap(([name, field]) => {
    const object = objectIn(field);
    return object === undefined ? [] : [objectSections(pathOf(path, name, field), object)];
  });
  return [
    `${path.includes('.') ? '###' : '##'} ${path}\n`,
    ...(node.description === undefined ? [] : [`${cell(node.description)}\n`]),
    '| Field | Type | Default | Allowed | Meaning |\n| --- | --- | --- | --- | --- |',
    ...rows,
    ...rulesOf(node),
    '',
    ...inner,
  ].join('\n');
}

/** The anchor that GitHub gives to the heading of a path. */
export function anchor(path: string): string {
  return path.toLowerCase().replace(/[^a-z0-9-]/g, '');
}

/** Text that cannot break out of a table's cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/\s+/g, ' ').trim();
}

function fieldRow(path: string, name: string, field: SchemaNode, required: boolean): string {
  const fallback = required ? 'required' : defaultText(field.default);
  const columns = [
    `\`${name}\``,
    typeText(pathOf(path, name, field), field),
    fallback,
    allowedText(field),
    cell(field.description ?? ''),
  ];
  return `| ${columns.join(' | ')} |`;
}

function pathOf(path: string, name: string, field: SchemaNode): string {
  return `${path}.${name}${field.type === 'array' ? '[]' : ''}`;
}

function objectIn(field: SchemaNode): SchemaNode | undefined {
  const node = field.items ?? field;
  return node.properties === undefined ? undefined : { ...node, description: field.description ?? '' };
}

function typeText(path: string, field: SchemaNode): string {
  if (field['x-kubernetes-int-or-string'] === true)
    return isQuantity(field) ? 'quantity' : 'integer or string';
  if (field.format === 'date-time') return 'time';
  if (field.type === 'array') return `list of [objects](#${anchor(path)})`;
  if (field.type === 'object') return `[object](#${anchor(path)})`;
  return field.type ?? '';
}

function isQuantity(field: SchemaNode): boolean {
  return (field['x-kubernetes-validations'] ?? []).some(({ rule }) => rule.includes('quantity('));
}

function defaultText(value: unknown): string {
  // An object's own default only makes the defaults inside it take effect; they have their own rows.
  if (value === undefined || JSON.stringify(value) === '{}') return '';
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

function allowedText(field: SchemaNode): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.type === 'integer') return range(field.minimum, field.maximum, '');
  if (field.type === 'array') return range(field.minItems, field.maxItems, ' items');
  const rules = field.properties === undefined ? (field['x-kubernetes-validations'] ?? []) : [];
  const said = rules.map(({ message }) => cell(message.replace(/^must be (an? )?/, '')));
  const hasLength = field.type === 'string' && field.format !== 'date-time';
  return [...said, ...(hasLength ? [range(field.minLength, field.maxLength, ' characters')] : [])].join('; ');
}

function range(least: number | undefined, most: number | undefined, unit: string): string {
  if (most === undefined) return least === undefined ? '' : `at least ${least}${unit}`;
  return least === undefined ? `at most ${most}${unit}` : `${least} to ${most}${unit}`;
}

/** Rules between the fields of an object, and those of its lists as a whole. */
function rulesOf(node: SchemaNode): string[] {
  const own = (node['x-kubernetes-validations'] ?? []).map(({ message }) => `* ${cell(message)}`);
  const lists = Object.entries(node.properties ?? {}).flatMap(([name, field]) => {
    if (field.type !== 'array') return [];
    const keys = field['x-kubernetes-list-map-keys']?.map((key) => `\`${key}\``).join(' with ');
    return [
      ...(keys === undefined ? [] : [`* \`${name}\` must not repeat a value of ${keys}`]),
      ...(field['x-kubernetes-validations'] ?? []).map(({ message }) => `* \`${name}\` ${cell(message)}`),
    ];
  });
  const rules = [...own, ...lists];
  return rules.length === 0 ? [] : ['\nRules:\n', ...rules];
}
