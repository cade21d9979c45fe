/** A Kubernetes label selector that cannot be read; the message quotes the part. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** Commas between requirements, not those inside parentheses. */
const BETWEEN = /,(?![^(]*\))/;
const SET = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/;
const EQUALITY = /^([^\s=!]+)\s*(==|=|!=)\s*([^\s=!]*)$/;
const EXISTS = /^(!?)\s*([^\s=!,()]+)$/;

/**
 * The `labelSelector` of a list request (k8s.io/apimachinery, labels.Parse): `a=b`, `a!=b`, `a in (b,c)`,
 * `a notin (b)`, `a`, `!a`, joined by commas. Negative requirements also match where the label is not there.
 */
export function parseLabelSelector(text: string): Test {
  const tests = text.trim() === '' ? [] : text.split(BETWEEN).map((part) => requirement(part.trim()));
  return (labels) => tests.every((test) => test(labels));
}

function requirement(part: string): Test {
  const [, setKey, operator, list] = SET.exec(part) ?? [];
  if (setKey !== undefined && list !== undefined) {
    const values = new Set(list.split(',').map((value) => value.trim()));
    return membership(setKey, values, operator === 'in');
  }
  const [, key, sign, value] = EQUALITY.exec(part) ?? [];
  if (key !== undefined && value !== undefined) return membership(key, new Set([value]), sign !== '!=');
  const [, not, name] = EXISTS.exec(part) ?? [];
  if (name === undefined)
    throw new SelectorError(`label selector: '${part}' is not a requirement such as a=b or a in (b,c)`);
  return (labels) => Object.hasOwn(labels, name) === (not === '');
}

function membership(key: string, values: ReadonlySet<string>, wanted: boolean): Test {
  return (labels) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? !wanted : values.has(value) === wanted;
  };
}
