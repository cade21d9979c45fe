// Writes every generated file of the repository, or with --check only says which are not up to date.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generators } from './generate/generators.ts';
import { outdated } from './generate/outdated.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = 'usage: node hack/generate.ts [--check]';

function main(args: readonly string[]): number {
  const stranger = args.find((argument) => argument !== '--check');
  if (stranger !== undefined) {
    console.error(`unknown argument '${stranger}'; ${USAGE}`);
    return 2;
  }
  const files = generators.flatMap((generator) => generator.files());
  const stale = outdated(files, ROOT);
  if (args.includes('--check')) {
    for (const line of stale) console.error(line);
    if (stale.length > 0) console.error("run 'make generate' and commit the result");
    return stale.length > 0 ? 1 : 0;
  }
  for (const { path, content } of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), content);
  }
  console.log(`${files.length} files generated, ${stale.length} changed`);
  return 0;
}

process.exitCode = main(process.argv.slice(2));
