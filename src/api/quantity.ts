/**
 * Kubernetes' `resource.Quantity`: the API's way to write a number that is not an integer.
 *
 * Grammar and limits are those of k8s.io/apimachinery (pkg/api/resource/quantity.go): a signed decimal with an
 * optional suffix (n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or a decimal exponent), nothing finer than 10^-9
 * (finer digits are rounded away from zero) and a magnitude below 2^63. Two differences, both on purpose: Go
 * silently lowers what is too large to 2^63-1, and reads a lone `.` or suffix as 0; here both are errors.
 */

/** As text that people may write; also the CRD's pattern, so it must stay within RE2. */
export const QUANTITY_PATTERN =
  /^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$/;

/** Longest text that is looked at; the API's quantity fields have the same bound. */
export const MAX_QUANTITY_LENGTH = 32;

const ALLOWED =
  'allowed is a decimal number with an optional suffix: n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent such as e3; ' +
  `below 2^63 and at most ${MAX_QUANTITY_LENGTH} characters`;

/** The text is not a quantity, or the number cannot be one. `message` says what was found and what is allowed. */
export class QuantityError extends Error {
  override readonly name = 'QuantityError';
  readonly found: string;

  constructor(found: string, reason: string) {
    super(`${reason}: found '${found}'; ${ALLOWED}`);
    this.found = found;
  }
}

const DECIMAL_SUFFIXES = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'] as const;
const BINARY_SUFFIXES = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
/** Digits after the point that a quantity keeps. */
const NANO_DIGITS = 9;
const LIMIT = 2n ** 63n;

interface Scale {
  /** Power of ten. */
  readonly exponent: number;
  /** Factor besides the power of ten. */
  readonly factor: bigint;
}

function scaleOf(suffix: string): Scale {
  const decimal = (DECIMAL_SUFFIXES as readonly string[]).indexOf(suffix);
  if (decimal >= 0) return { exponent: (decimal - 3) * 3, factor: 1n };
  const binary = (BINARY_SUFFIXES as readonly string[]).indexOf(suffix);
  if (binary >= 0) return { exponent: 0, factor: 1024n ** BigInt(binary) };
  return { exponent: Number.parseInt(suffix.slice(1), 10), factor: 1n };
}

/** Divides two non-negative numbers, rounding up. */
function divideUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator + denominator - 1n) / denominator;
}

/**
 * Reads a quantity as a plain number in the base unit (cores, bytes, requests per second …).
 * The result is the double nearest to what was written.
 * @throws QuantityError with the text and what is allowed.
 */
export function parseQuantity(text: string): number {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const value = parseAnew(text);
  if (parsed.size >= MOST_REMEMBERED) parsed.clear();
  parsed.set(text, value);
  return value;
}

/** The quantities of a spec are read again with every turn of the loop; there are few, and parsing is a tenth of the turn. */
const parsed = new Map<string, number>();
const MOST_REMEMBERED = 1024;

function parseAnew(text: string): number {
  if (text.length > MAX_QUANTITY_LENGTH) {
    throw new QuantityError(`${text.slice(0, MAX_QUANTITY_LENGTH)}…`, 'quantity is too long');
  }
  if (!QUANTITY_PATTERN.test(text)) throw new QuantityError(text, 'not a quantity');
  const negative = text.startsWith('-');
  const [number, suffix] = splitSuffix(text.replace(/^[+-]/, ''));
  const [whole = '', fraction = ''] = number.split('.');
  const { exponent, factor } = scaleOf(suffix);

  const digits = BigInt(whole + fraction) * factor;
  const shift = exponent - fraction.length + NANO_DIGITS;
  const nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : divideUp(digits, 10n ** BigInt(-shift));
  if (nanos >= LIMIT * 10n ** BigInt(NANO_DIGITS)) throw new QuantityError(text, 'quantity is too large');
  const value = Number.parseFloat(decimalText(nanos));
  return negative && value !== 0 ? -value : value;
}

function splitSuffix(unsigned: string): [string, string] {
  const at = unsigned.search(/[^0-9.]/);
  return at < 0 ? [unsigned, ''] : [unsigned.slice(0, at), unsigned.slice(at)];
}

function decimalText(nanos: bigint): string {
  const padded = nanos.toString().padStart(NANO_DIGITS + 1, '0');
  return `${padded.slice(0, -NANO_DIGITS)}.${padded.slice(-NANO_DIGITS)}`;
}

/**
 * Writes a number in Kubernetes' canonical decimal form: an integer with the largest suffix that loses nothing
 * (0.25 → "250m", 1.5 → "1500m", 2 → "2", 1000 → "1k").
 * @param decimals digits kept after the point, 0 to 9; 3 is easier to read in a status than nine. What is not
 *   zero is never written as zero.
 * @throws QuantityError when the number is not finite or its magnitude is 2^63 or more.
 */
export function formatQuantity(value: number, decimals: number = NANO_DIGITS): string {
  if (!Number.isFinite(value)) throw new QuantityError(String(value), 'only a finite number is a quantity');
  if (Math.abs(value) >= Number(LIMIT)) throw new QuantityError(String(value), 'quantity is too large');
  const rounded = BigInt(Math.abs(value).toFixed(decimals).replace('.', ''));
  let mantissa = rounded === 0n && value !== 0 ? 1n : rounded;
  if (mantissa === 0n) return '0';
  let exponent = -decimals;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent += 1;
  }
  const step = Math.floor(exponent / 3);
  const digits = mantissa * 10n ** BigInt(exponent - step * 3);
  return `${value < 0 ? '-' : ''}${digits}${DECIMAL_SUFFIXES[step + 3] ?? ''}`;
}
