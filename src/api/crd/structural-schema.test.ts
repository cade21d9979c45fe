import { z } from 'zod';
import { quantityField } from '../schema/fields.ts';
import { atomicList, mapList, unionRules, withRules } from '../schema/rules.ts';
import { policyCrd, policySchema } from './policy-crd.ts';
import type { SchemaNode } from './schema-node.ts';
import { toStructuralSchema } from './structural-schema.ts';

const field = (schema: z.ZodType): SchemaNode | undefined =>
  toStructuralSchema(z.object({ f: schema.describe('A field.') }).describe('The root.')).properties?.['f'];

describe('toStructuralSchema', () => {
  test.each<[string, z.ZodType, SchemaNode]>([
    ['an int32', z.int32().min(1).max(9), { type: 'integer', format: 'int32', minimum: 1, maximum: 9 }],
    ['an int32 up to its end', z.int32().min(0), { type: 'integer', format: 'int32', minimum: 0 }],
    ['an int64', z.int().min(0), { type: 'integer', format: 'int64', minimum: 0 }],
    ['an enumeration', z.enum(['A', 'B']).default('A'), { type: 'string', enum: ['A', 'B'], default: 'A' }],
    ['a time', z.iso.datetime({ offset: true }), { type: 'string', format: 'date-time' }],
    [
      'a quantity',
      quantityField({ moreThan: '0', examples: ['1'] }),
      { 'x-kubernetes-int-or-string': true, maxLength: 32 },
    ],
    [
      'a list with a key',
      mapList(z.array(z.object({ k: z.string().max(3).describe('Key.') })).max(2), 'k'),
      { type: 'array', maxItems: 2, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] },
    ],
    [
      'an object with rules',
      withRules(
        z.object({ type: z.enum(['A']).describe('Kind.'), a: z.boolean().optional().describe('For A.') }),
        unionRules({ A: 'a' }),
      ),
      {
        type: 'object',
        'x-kubernetes-validations': [
          {
            rule: "(self.type == 'A') == has(self.a)",
            message: "`a` must be set when `type` is 'A' and must not be set otherwise",
            fieldPath: '.a',
          },
        ],
      },
    ],
  ])('writes %s as Kubernetes does', (_, schema, expected) => {
    expect(field(schema)).toMatchObject({ description: 'A field.', ...expected });
  });

  it('leaves a field with a default optional, also where the default is that of a quantity', () => {
    const quantity = quantityField({ atLeast: '0', examples: ['1'] });
    const schema = toStructuralSchema(
      z
        .object({ a: z.int32().min(0).default(1).describe('A.'), q: quantity.prefault('0.1').describe('Q.') })
        .describe('Root.'),
    );
    expect(schema.required).toBeUndefined();
    expect(schema.properties?.['a']?.default).toBe(1);
    expect(schema.properties?.['q']?.default).toBe('0.1');
  });

  test.each<[string, z.ZodType, string | RegExp]>([
    ['a float', z.number().min(0).max(1), "type 'number' is not allowed"],
    ['an unbounded string', z.string(), 'maxLength is missing'],
    ['an integer without a lower bound', z.int32().meta({ minimum: undefined }), 'minimum is missing'],
    ['a list without a bound', atomicList(z.array(z.string().max(1))), 'maxItems is missing'],
    [
      'a list that does not say how it is merged',
      z.array(z.string().max(1)).max(1),
      'x-kubernetes-list-type',
    ],
    [
      'a list whose key is optional',
      mapList(z.array(z.object({ k: z.string().max(3).optional().describe('Key.') })).max(2), 'k'),
      "list key 'k' must be required or have a default",
    ],
    ['a union of types', z.union([z.string().max(1), z.boolean()]), "type '' is not allowed"],
    [
      'a discriminated union',
      z.discriminatedUnion('t', [z.object({ t: z.literal('a') }), z.object({ t: z.literal('b') })]),
      "type '' is not allowed",
    ],
    ['null', z.string().max(1).nullable(), "keyword 'nullable' is not allowed"],
    ['a map', z.record(z.string(), z.string().max(1)), "keyword 'additionalProperties' is not allowed"],
    ['a strict object', z.strictObject({ a: z.boolean().describe('A.') }), "keyword 'additionalProperties'"],
    ['a read-only field', z.boolean().readonly(), "keyword 'readOnly' is not allowed"],
    ['anything', z.unknown(), "type '' is not allowed"],
    ['two patterns', z.string().max(9).regex(/^a/).regex(/b$/), "keyword 'allOf' is not allowed"],
    [
      'look-ahead',
      z
        .string()
        .max(9)
        .regex(/^(?=a)/),
      'is not RE2',
    ],
    [
      'a back-reference',
      z
        .string()
        .max(9)
        .regex(/^(a)\1/),
      'is not RE2',
    ],
    [
      'a nested field without a description',
      z.object({ a: z.boolean() }),
      'schema of f.a: description is missing',
    ],
    ['bytes in base64', z.base64().max(9), "keyword 'contentEncoding' is not allowed"],
    ['a shared definition', z.boolean().meta({ id: 'shared' }), "keyword 'definitions' is not allowed"],
  ])('refuses %s', (_, schema, message) => {
    expect(() => field(schema)).toThrow(message);
    expect(() => field(schema)).toThrow(/^schema of /);
  });
});

describe('the schema of AutonomicPolicy', () => {
  const nodes = (path: string, node: SchemaNode): [string, SchemaNode][] => [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => nodes(`${path}.${name}`, child)),
    ...(node.items === undefined ? [] : nodes(`${path}[]`, node.items)),
  ];
  const all = nodes('', policySchema());

  it('has no rule whose message does not say what must be', () => {
    const messages = all
      .flatMap(([, node]) => node['x-kubernetes-validations'] ?? [])
      .map(({ message }) => message);
    expect(messages.length).toBeGreaterThan(10);
    for (const message of messages) expect(message).toMatch(/\b(must|may) /);
  });

  it('lists allowed values for who writes a spec, and none for a newer operator that writes the status', () => {
    const { spec } = policyCrd() as {
      spec: { versions: { schema: { openAPIV3Schema: SchemaNode } }[] };
    };
    const listed = nodes('', spec.versions[0]?.schema.openAPIV3Schema ?? {})
      .filter(([, node]) => node.enum !== undefined)
      .map(([path]) => path);
    expect(listed).toContain('.spec.mode');
    expect(listed.filter((path) => path.startsWith('.status'))).toEqual([]);
  });

  it('looks at the grammar before it calls quantity(), which a hostile exponent would hang', () => {
    const rules = all.flatMap(([, node]) => node['x-kubernetes-validations'] ?? []).map(({ rule }) => rule);
    const withQuantity = rules.filter((rule) => rule.includes('uantity('));
    expect(withQuantity.length).toBeGreaterThan(3);
    for (const rule of withQuantity) expect(rule).toMatch(/^string\(self\)\.matches\(/);
  });
});
