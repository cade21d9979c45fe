import { z } from 'zod';
import { MAX_QUANTITY_LENGTH, QUANTITY_PATTERN, parseQuantity } from '../quantity.ts';
import { withRules } from './rules.ts';

/** Largest quantity that a policy may contain, far above any sensible value and far below 2^63. */
const LARGEST = '1E';

export interface QuantityBounds {
  /** Smallest value, as a quantity. */
  readonly atLeast?: string;
  /** Smallest value, itself not allowed. */
  readonly moreThan?: string;
  /** Largest value; one exa when left out. */
  readonly atMost?: string;
  /** Shown in the error. */
  readonly examples: readonly [string, ...string[]];
}

/**
 * A quantity written as a string ('250m') or as an integer (100), as everywhere in Kubernetes; read as a string.
 *
 * The CEL rule looks at the grammar before it calls `quantity()`, and may not be written otherwise: an exponent
 * such as '1e999999999999' passes a `pattern`'s error on to the rules and keeps an API server's core busy for
 * minutes inside `isQuantity()`.
 *
 * Give it a default with `.prefault()`: zod leaves `.default()` of a transformed value out of the schema.
 */
export function quantityField(bounds: QuantityBounds): z.ZodType<string, number | string> {
  const { moreThan, atMost = LARGEST } = bounds;
  const atLeast = bounds.atLeast ?? `-${LARGEST}`;
  const smallest = moreThan ?? atLeast;
  const range =
    moreThan === undefined
      ? `from '${atLeast}' to '${atMost}'`
      : `greater than '${moreThan}' and at most '${atMost}'`;
  const message = `must be a quantity ${range}, such as ${bounds.examples.map((text) => `'${text}'`).join(' or ')}`;
  const text = z.union([z.number().refine(Number.isInteger), z.string().max(MAX_QUANTITY_LENGTH)], message);

  return withRules(text.transform(String).meta({ 'x-kubernetes-int-or-string': true }), [
    {
      cel:
        `string(self).matches(r'${QUANTITY_PATTERN.source}')` +
        ` && quantity(string(self)).compareTo(quantity('${smallest}')) ${moreThan === undefined ? '>=' : '>'} 0` +
        ` && quantity(string(self)).compareTo(quantity('${atMost}')) <= 0`,
      message,
      holds: (value) => {
        const number = quantityOrNaN(value);
        const above = parseQuantity(smallest);
        return (moreThan === undefined ? number >= above : number > above) && number <= parseQuantity(atMost);
      },
    },
  ]);
}

/** NaN, which is in no range, for what is no quantity. */
function quantityOrNaN(text: string): number {
  try {
    return parseQuantity(text);
  } catch {
    return Number.NaN;
  }
}

/** Text whose later checks do not run when it is too long: they may be slow on a megabyte. */
export function boundedText(maxLength: number): z.ZodString {
  return z.string().min(1).max(maxLength, { abort: true });
}

/** A quantity in the status: always the operator's own canonical text. */
export const statusQuantity = boundedText(MAX_QUANTITY_LENGTH).regex(QUANTITY_PATTERN);

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const OBJECT_NAME = new RegExp(`^${DNS_LABEL}([.]${DNS_LABEL})*$`);

/** Name of an object of this namespace. It becomes part of a request path, so nothing else may pass. */
export const objectName = withRules(boundedText(253), [
  {
    cel: `self.matches('${OBJECT_NAME.source}')`,
    message:
      "must be an object's name: lower-case letters, digits, '-' and '.', beginning and ending with a letter or digit",
    holds: (name) => OBJECT_NAME.test(name),
  },
]);

const SHORT_NAME = /^[a-z][a-z0-9]*([-_][a-z0-9]+)*$/;

/** Name that the user gives to a metric or an indicator; it appears in status, events and series. */
export const shortName = withRules(boundedText(63), [
  {
    cel: `self.matches('${SHORT_NAME.source}')`,
    message:
      "must be lower-case words of letters and digits, joined by '-' or '_' and beginning with a letter, such as 'requests-per-second'",
    holds: (name) => SHORT_NAME.test(name),
  },
]);

const NOT_BLANK = /[^ \t\r\n]/;

/** A PromQL expression. Whether it parses is for the operator to say: CEL cannot know. */
export const promql = withRules(boundedText(4096), [
  {
    cel: `self.matches('${NOT_BLANK.source.replaceAll('\\', '\\\\')}')`,
    message: 'must be a PromQL expression, and must not be blank',
    holds: (query) => NOT_BLANK.test(query),
  },
]);

/** An instant, RFC 3339 in UTC, as `metav1.Time`. */
export const time = z.iso.datetime({ offset: true });

/** A number of things. */
export const count = z.int32().min(0);

/** A number that may pass 2^31: generations, sums over time. Every int64 here is one that a double holds. */
export const largeCount = z.int().min(0);
