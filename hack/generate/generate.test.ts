import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { policyCrd } from '../../src/api/crd/policy-crd.ts';
import { generators } from './generators.ts';
import { outdated } from './outdated.ts';
import { chartTemplate } from './policy-crd.ts';
import { anchor } from './schema-tables.ts';

const ROOT = join(import.meta.dirname, '../..');
const files = generators.flatMap((generator) => generator.files());
const contentOf = (path: string): string => files.find((file) => file.path === path)?.content ?? '';

it('every generated file in the repository is up to date', () => {
  expect(outdated(files, ROOT)).toEqual([]);
});

it('no two generators write the same file, and each says that it is generated, where the format has comments', () => {
  expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  for (const { path, content } of files) {
    expect(path.endsWith('.json') || content.slice(0, 300).includes('do not edit')).toBe(true);
  }
});

describe('outdated', () => {
  const root = mkdtempSync(join(tmpdir(), 'generate-'));
  afterAll(() => rmSync(root, { recursive: true }));
  writeFileSync(join(root, 'a.md'), 'one\ntwo\n');

  test.each([
    ['nothing of a file that is the same', 'a.md', 'one\ntwo\n', []],
    ['a file that is missing', 'b.md', '', ['b.md: missing']],
    ['the first line that differs', 'a.md', 'one\n2\n', ['a.md: line 2 is "two", should be "2"']],
    ['lines too many', 'a.md', 'one', ['a.md: line 2 is "two", should be "end of file"']],
  ])('reports %s', (_, path, content, expected) => {
    expect(outdated([{ path, content }], root)).toEqual(expected);
  });
});

describe("the chart's copy of the CRD", () => {
  const template = contentOf('helm/autonomic/templates/crds/autonomicpolicies.yaml');

  it('is the CRD but for the lines of the template', () => {
    const plain = template
      .split('\n')
      .filter((line) => !line.includes('{{'))
      .join('\n');
    const { metadata, ...rest } = policyCrd();
    expect(parse(plain)).toEqual({
      ...rest,
      metadata: { ...(metadata as object), annotations: { 'helm.sh/resource-policy': 'keep' } },
    });
  });

  it('refuses text that Helm would take for a template', () => {
    expect(() => chartTemplate({ metadata: {}, spec: { description: '{{ x }}' } })).toThrow("contains '{{'");
  });
});

describe('the reference page', () => {
  const page = contentOf('docs/reference/autonomicpolicy.md');

  it('has a heading for each link within it', () => {
    const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, text = '']) =>
      anchor(text.replaceAll(' ', '-')),
    );
    const links = [...page.matchAll(/\]\(#([^)]*)\)/g)].map(([, target]) => target);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((target) => !headings.includes(target ?? ''))).toEqual([]);
    expect(new Set(headings).size).toBe(headings.length);
  });

  test.each([
    ['a default', '| `mode` | string | `Preview` | `Preview`, `Apply` |'],
    ['a range', '| `minReplicas` | integer | `1` | 0 to 100000 |'],
    ['a required field', '| `maxReplicas` | integer | required | 1 to 100000 |'],
    ['a rule between fields', '* `minReplicas` must not be greater than `maxReplicas`'],
    ['a rule of a list', '* `metrics` must not contain two metrics of the same name'],
    ['the key of a list', '* `indicators` must not repeat a value of `name`'],
    ['a condition and its reason', '| True | `SuspendedBySpec` |'],
  ])('shows %s', (_, text) => {
    expect(page).toContain(text);
  });

  it('has tables whose rows all have as many cells as their head', () => {
    const cells = (row: string): number => row.replaceAll('\\|', '').split('|').length;
    for (const table of page.split('\n\n').filter((block) => block.startsWith('|'))) {
      const rows = table.split('\n').filter((line) => line.startsWith('|'));
      expect(new Set(rows.map(cells)).size).toBe(1);
    }
  });
});
