import type { z } from 'zod';
import { clip } from './schema/text.ts';

/** One thing that is wrong with an object. */
export interface Problem {
  /** Field as `kubectl` writes it: `spec.metrics[0].resource.target`. Empty for the object as a whole. */
  readonly path: string;
  /** What is there, as JSON, clipped; `nothing` when the field is not set. */
  readonly found: string;
  /** What is allowed. */
  readonly message: string;
}

/** Longest rendering of a wrong value: enough to recognise it, not enough to fill a condition. */
const MAX_FOUND_LENGTH = 80;

/**
 * Translates what zod found.
 * @param value the object that was parsed.
 * @param root path of that object.
 */
export function problemsOf(error: z.ZodError, value: unknown, root: string): Problem[] {
  return error.issues.map((issue) => ({
    path: pathText(root, issue.path),
    found: describe(valueAt(value, issue.path)),
    message: issue.message,
  }));
}

/** One line for a condition or a terminal. */
export function problemText({ path, found, message }: Problem): string {
  return `${path === '' ? 'the object' : path}: ${message}; found ${found}`;
}

function pathText(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, root);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((current, key) => {
    if (typeof current !== 'object' || current === null) return undefined;
    return (current as Record<PropertyKey, unknown>)[key];
  }, value);
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'nothing';
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `a list of ${value.length}` : 'an object';
    case 'string':
      return clip(JSON.stringify(clip(value, MAX_FOUND_LENGTH)), MAX_FOUND_LENGTH);
    case 'number':
    case 'boolean':
    case 'bigint':
      return value.toString();
    case 'symbol':
    case 'function':
      return `a ${typeof value}`;
  }
}
