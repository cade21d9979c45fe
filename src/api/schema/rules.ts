import type { z } from 'zod';

/**
 * One rule of the API in both languages that enforce it: CEL in the API server, a predicate wherever the
 * operator or its command line reads an object. They are written side by side so that neither can be
 * forgotten; test/servers/crd.test.ts proves that both give the same answer.
 */
export interface Rule<Value> {
  /** CEL, with `self` bound to the value after defaults. */
  readonly cel: string;
  /** Follows the API conventions: "must …", fields in back-quotes, values in single quotes. */
  readonly message: string;
  readonly holds: (value: Value) => boolean;
  /** Field inside the value that the error is about; the value itself when left out. */
  readonly field?: string;
}

const VALIDATIONS = 'x-kubernetes-validations';

/** Adds rules that both zod and the API server enforce. */
export function withRules<Schema extends z.ZodType>(
  schema: Schema,
  rules: readonly Rule<z.output<Schema>>[],
): Schema {
  const checked = rules.reduce<Schema>(
    (current, { holds, message, field }) =>
      current.refine(holds, { message, path: field === undefined ? [] : [field] }),
    schema,
  );
  const validations = rules.map(({ cel, message, field }) => ({
    rule: cel,
    message,
    ...(field === undefined ? {} : { fieldPath: `.${field}` }),
  }));
  return checked.meta({ ...schema.meta(), [VALIDATIONS]: validations });
}

/**
 * The rules of a union: the discriminator `type` names the one member that must be set.
 * @param members value of `type` → name of its member field.
 */
export function unionRules<Value extends { type: string }>(
  members: Readonly<Record<Value['type'], keyof Value & string>>,
): Rule<Value>[] {
  const entries = Object.entries<keyof Value & string>(members);
  return entries.map(([type, member]) => ({
    cel: `(self.type == '${type}') == has(self.${member})`,
    message: `\`${member}\` must be set when \`type\` is '${type}' and must not be set otherwise`,
    holds: (value) => (value.type === type) === (value[member] !== undefined),
    field: member,
  }));
}

/**
 * A list whose items are merged and addressed by a key field (`x-kubernetes-list-type: map`). The API server
 * refuses a repeated key by itself; zod is told here.
 */
export function mapList<Item extends Record<string, unknown>, Schema extends z.ZodType<Item[]>>(
  schema: Schema,
  ...keys: (keyof Item & string)[]
): Schema {
  const message = `must not repeat a value of ${keys.map((key) => `\`${key}\``).join(' with ')}`;
  const keyOf = (item: Item): string => JSON.stringify(keys.map((key) => item[key]));
  return schema
    .superRefine((items, context) => {
      const seen = new Set<string>();
      items.forEach((item, index) => {
        const key = keyOf(item);
        if (seen.has(key)) context.addIssue({ code: 'custom', path: [index], message, input: item });
        seen.add(key);
      });
    })
    .meta({ ...schema.meta(), 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
}

/** A list that is always replaced as a whole (`x-kubernetes-list-type: atomic`). */
export function atomicList<Schema extends z.ZodType<unknown[]>>(schema: Schema): Schema {
  return schema.meta({ ...schema.meta(), 'x-kubernetes-list-type': 'atomic' });
}
