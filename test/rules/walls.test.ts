import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** Runs the real rules on a tiny tree; returns the names of the rules that were broken. */
function brokenRules(files: Record<string, string>): string[] {
  const tree = mkdtempSync(join(tmpdir(), 'autonomic-walls-'));
  try {
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, name), join(tree, name));
    symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
    }
    const cruise = join(ROOT, 'node_modules/.bin/depcruise');
    const args = [cruise, '--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src'];
    const output = execFileSync(process.execPath, args, { cwd: tree, encoding: 'utf8' });
    const { summary } = JSON.parse(output) as { summary: { violations: { rule: { name: string } }[] } };
    return [...new Set(summary.violations.map((violation) => violation.rule.name))].sort();
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

const a = 'export const a = 1;\n';
const importing = (path: string): string => `import { a } from '${path}';\nexport const b = a;\n`;

describe('the walls between the rooms', () => {
  const cases: [string, Record<string, string>, string[]][] = [
    [
      'let the guards read what is monitored',
      { 'src/loop/monitor/a.ts': a, 'src/loop/guard/b.ts': importing('../monitor/a.ts') },
      [],
    ],
    [
      'stop monitoring from reading a guard',
      { 'src/loop/guard/a.ts': a, 'src/loop/monitor/b.ts': importing('../guard/a.ts') },
      ['loop-one-way-monitor'],
    ],
    [
      'stop the API from reading the loop',
      { 'src/loop/a.ts': a, 'src/api/b.ts': importing('../loop/a.ts') },
      ['walls-of-src-api'],
    ],
    [
      'stop the loop from reading an adapter',
      { 'src/adapters/a.ts': a, 'src/loop/b.ts': importing('../adapters/a.ts') },
      ['walls-of-src-loop'],
    ],
    [
      'stop the loop from reading the file system',
      { 'src/loop/b.ts': `import { readFileSync } from 'node:fs';\nexport const b = readFileSync;\n` },
      ['loop-is-pure'],
    ],
    [
      'stop two files from importing each other',
      {
        'src/api/a.ts': `import { b } from './b.ts';\nexport const a = (): unknown => b;\n`,
        'src/api/b.ts': `import { a } from './a.ts';\nexport const b = (): unknown => a;\n`,
      },
      ['no-cycles'],
    ],
  ];

  test.each(cases)('%s', (_name, files, expected) => {
    const found = brokenRules(files).filter((rule) => rule !== 'no-orphans');
    expect(found).toEqual(expected);
  });
});
