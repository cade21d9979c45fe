// String literals of PromQL, by the rules of util/strutil/quote.go and promql/parser/lex.go in Prometheus.

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

const HEX_ESCAPE_LENGTH: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Largest byte that means the same as a code point and as a byte of UTF-8; above it `\x` makes broken text. */
const MAX_ASCII = 0x7f;

/**
 * The text that a quoted PromQL literal stands for; undefined when it is not a complete, valid literal.
 * Narrower than Prometheus in one point: escapes that make bytes rather than characters (`\xff`) are refused.
 */
export function unquotePromql(literal: string): string | undefined {
  const quote = literal[0];
  if (literal.length < 2 || literal.at(-1) !== quote) return undefined;
  const body = literal.slice(1, -1);
  if (!body.isWellFormed()) return undefined;
  if (quote === '`') return body.includes('`') ? undefined : body;
  if (quote !== '"' && quote !== "'") return undefined;
  return unescapeBody(body, quote);
}

function unescapeBody(body: string, quote: string): string | undefined {
  let text = '';
  let at = 0;
  while (at < body.length) {
    const char = body.charAt(at);
    if (char === quote || char === '\n') return undefined;
    if (char !== '\\') {
      text += char;
      at += 1;
      continue;
    }
    const escape = readEscape(body, at + 1, quote);
    if (escape === undefined) return undefined;
    text += escape.text;
    at += 1 + escape.length;
  }
  return text;
}

/** Reads one escape whose letter is at `at`; `length` counts from that letter. */
function readEscape(body: string, at: number, quote: string): { text: string; length: number } | undefined {
  const letter = body.charAt(at);
  if (letter === quote) return { text: quote, length: 1 };
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { text: simple, length: 1 };
  const hexLength = HEX_ESCAPE_LENGTH.get(letter);
  if (hexLength !== undefined) {
    const digits = body.slice(at + 1, at + 1 + hexLength);
    if (digits.length !== hexLength || !/^[0-9a-fA-F]+$/.test(digits)) return undefined;
    return fromCode(Number.parseInt(digits, 16), letter === 'x', 1 + hexLength);
  }
  const octal = body.slice(at, at + 3);
  return /^[0-7]{3}$/.test(octal) ? fromCode(Number.parseInt(octal, 8), true, 3) : undefined;
}

function fromCode(
  code: number,
  isByte: boolean,
  length: number,
): { text: string; length: number } | undefined {
  const surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code > (isByte ? MAX_ASCII : 0x10ffff) || surrogate) return undefined;
  return { text: String.fromCodePoint(code), length };
}

/** Writes `text` as a double-quoted literal on one line, without any control character in it. */
export function quotePromql(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else if (isPlain(code)) quoted += char;
    else quoted += code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
  }
  return `${quoted}"`;
}

/** Not a control character and not one of Unicode's own line ends, which some lexers end a line at. */
function isPlain(code: number): boolean {
  return (
    code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code <= 0x9f) && code !== 0x2028 && code !== 0x2029
  );
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Escapes what has a meaning in RE2, so that `text` matches only itself inside a `=~` matcher. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
