/** Text that is HTML already. Everything else is escaped on its way into a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Content = string | number | Markup | readonly Markup[] | undefined;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * HTML or SVG with values in it: names of traces come from file names, reasons from whoever wrote a contender, so that
 * every value is escaped unless it is `Markup`. Attributes stand in double quotes.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.map((part, index) => part + textOf(values[index])).join(''));
}

/** A JSON document within a page, for its script to read by `id`. */
export function embeddedJson(id: string, value: unknown): Markup {
  // "<" cannot end the element or open a comment when it is written as an escape of JSON's own.
  const json = JSON.stringify(value).replaceAll('<', '\\u003c');
  return markup`<script type="application/json" id="${id}">${new Markup(json)}</script>`;
}

/** A program within a page, from a source that is trusted. */
export function embeddedScript(source: string, type: 'module' | 'text/javascript'): Markup {
  return markup`<script type="${type}">${new Markup(source.replaceAll('</script', '<\\/script'))}</script>`;
}

function textOf(value: Content): string {
  if (value === undefined) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return (value as readonly Markup[]).map(({ text }) => text).join('');
  return `${value as string | number}`.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}
