/** A part of a document that is found and shown as a whole. */
export interface Passage {
  /** Headings that it stands under, the document's title first. */
  readonly headings: readonly string[];
  readonly text: string;
}

/** What fits into a screen of a terminal, and is still about one thing. */
const LONGEST_PASSAGE = 1200;

/** More text than this in one document is no runbook: it is cut. */
const MOST_PASSAGES = 200;

/**
 * Splits Markdown or plain text at its headings, and what is longer than a passage between paragraphs, lines or words. The
 * marks of fenced code stay: a command is what people look for. At most 200 passages of at most 1,200 characters.
 */
export function passagesOf(title: string, text: string): readonly Passage[] {
  const passages: Passage[] = [];
  for (const { headings, body } of sectionsOf(title, text)) {
    for (const part of partsOf(body)) {
      passages.push({ headings, text: part });
      if (passages.length === MOST_PASSAGES) return passages;
    }
  }
  return passages.length === 0 ? [{ headings: [title], text: title }] : passages;
}

interface Section {
  readonly headings: readonly string[];
  readonly body: string;
}

function sectionsOf(title: string, text: string): readonly Section[] {
  const sections: Section[] = [];
  let levels: readonly { readonly level: number; readonly name: string }[] = [];
  let body: string[] = [];
  let fence: string | undefined;
  const end = (): void => {
    const names = levels.map(({ name }) => name).filter((name) => name !== title);
    sections.push({ headings: [title, ...names], body: body.join('\n') });
    body = [];
  };
  for (const line of withoutFrontMatter(text)) {
    fence = fenceAfter(line, fence);
    const heading = fence === undefined ? headingOf(line) : undefined;
    if (heading === undefined) {
      body.push(line);
      continue;
    }
    end();
    levels = [...levels.filter(({ level }) => level < heading.level), heading];
  }
  end();
  return sections;
}

function withoutFrontMatter(text: string): readonly string[] {
  const lines = text.replaceAll('\r\n', '\n').split('\n');
  const end = lines[0] === '---' ? lines.indexOf('---', 1) : -1;
  return end > 0 ? lines.slice(end + 1) : lines;
}

/** The fence that is open after this line: a `#` inside is a comment and no heading. */
function fenceAfter(line: string, open: string | undefined): string | undefined {
  const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(line)?.[1]?.slice(0, 3);
  if (open === undefined) return mark;
  return mark === open ? undefined : open;
}

function headingOf(line: string): { readonly level: number; readonly name: string } | undefined {
  const [, marks, name] = /^ {0,3}(#{1,6})\s+(.+?)\s*#*\s*$/.exec(line) ?? [];
  return marks === undefined || name === undefined ? undefined : { level: marks.length, name };
}

/** The finest of these at which a part can be cut is the last: in the middle of a word. */
const CUTS = ['\n\n', '\n', '. ', ' '] as const;

function partsOf(body: string): readonly string[] {
  const parts: string[] = [];
  let rest = body.trim();
  while (rest.length > LONGEST_PASSAGE) {
    const at = cutOf(rest);
    parts.push(rest.slice(0, at).trim());
    rest = rest.slice(at).trim();
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Where to cut: as late as it fits, but not so early that a crumb is left. */
function cutOf(text: string): number {
  for (const cut of CUTS) {
    const at = text.lastIndexOf(cut, LONGEST_PASSAGE - cut.length);
    if (at > LONGEST_PASSAGE / 4) return at + cut.length;
  }
  // Not between the two halves of a character.
  return /[\uD800-\uDBFF]/.test(text.charAt(LONGEST_PASSAGE - 1)) ? LONGEST_PASSAGE - 1 : LONGEST_PASSAGE;
}
