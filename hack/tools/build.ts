import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { withLock } from './lock.ts';
import type { Recipe, ToolName } from './recipes.ts';
import { recipeHash } from './versions.ts';

const PROGRESS_EVERY_MS = 15_000;

/** Where binaries stay between runs: `${XDG_CACHE_HOME:-~/.cache}/autonomic/tools`. */
export function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'autonomic', 'tools');
}

/** Arguments of `go` without the output path. */
function buildArguments(recipe: Recipe, version: string): string[] {
  const variables = Object.entries(recipe.variables(version)).map(([name, value]) => `-X ${name}=${value}`);
  return [
    'build',
    '-v',
    '-trimpath',
    // The version control state of this checkout is not part of the tool.
    '-buildvcs=false',
    ...(recipe.tags.length === 0 ? [] : ['-tags', recipe.tags.join(',')]),
    '-ldflags',
    ['-s -w', ...variables].join(' '),
  ];
}

/**
 * The recipe's binaries from the cache, built first when they are not there.
 * @param cache folder of all tools.
 * @param report receives progress lines without a line end.
 * @returns absolute path for each name.
 */
export async function cachedBinaries(
  recipe: Recipe,
  version: string,
  cache: string,
  report: (line: string) => void,
): Promise<Map<ToolName, string>> {
  const flags = buildArguments(recipe, version);
  const place = join(cache, `${recipe.name}-${version}-${await recipeHash(recipe, flags)}`);
  if (!(await exists(place))) {
    const waiting = (): void => report(`${recipe.name} is being built by another process: waiting for it`);
    await withLock(place, () => buildInto(place, recipe, version, report), waiting);
  }
  return new Map([...recipe.binaries, ...recipe.links].map((name) => [name, join(place, name)]));
}

async function buildInto(
  place: string,
  recipe: Recipe,
  version: string,
  report: (line: string) => void,
): Promise<void> {
  if (await exists(place)) return;
  const parent = dirname(place);
  await mkdir(parent, { recursive: true });
  // We hold the lock of this place, so what an earlier build left half-done is nobody's.
  for (const name of await readdir(parent)) {
    if (name.startsWith(`${basename(place)}.building-`)) await rm(join(parent, name), { recursive: true });
  }
  const temporary = await mkdtemp(`${place}.building-`);
  try {
    report(`building ${recipe.name} ${version} from Go modules; the first time takes ${recipe.firstBuild}`);
    await goBuild(recipe, version, temporary, report);
    for (const link of recipe.links) await symlink(recipe.binaries[0] ?? '', join(temporary, link));
    await rename(temporary, place);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function goBuild(
  recipe: Recipe,
  version: string,
  output: string,
  report: (line: string) => void,
): Promise<void> {
  const begun = performance.now();
  const elapsed = (): string => `${Math.round((performance.now() - begun) / 1000)} s`;
  const target = recipe.packages.length === 1 ? join(output, recipe.binaries[0] ?? '') : `${output}/`;
  const go = spawn('go', [...buildArguments(recipe, version), '-o', target, ...recipe.packages], {
    cwd: recipe.directory,
    env: { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let packages = 0;
  let downloads = 0;
  const tail: string[] = [];
  createInterface({ input: go.stderr }).on('line', (line) => {
    if (line.startsWith('go: downloading')) downloads++;
    else packages++;
    tail.push(line);
    if (tail.length > 20) tail.shift();
  });
  const progress = setInterval(
    () =>
      report(`  ${recipe.name}: ${downloads} modules fetched, ${packages} packages compiled, ${elapsed()}`),
    PROGRESS_EVERY_MS,
  );
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      go.on('error', (error) => reject(goMissing(recipe, error)));
      go.on('close', resolve);
    });
    if (code !== 0) throw new Error(`go build of ${recipe.name} ${version} failed:\n${tail.join('\n')}`);
    report(`built ${recipe.name} ${version} in ${elapsed()}`);
  } finally {
    clearInterval(progress);
  }
}

function goMissing(recipe: Recipe, cause: NodeJS.ErrnoException): Error {
  if (cause.code !== 'ENOENT') return cause;
  return new Error(
    `Go 1.26 or newer is needed to build ${recipe.name} and is not in PATH: install it from https://go.dev/dl`,
    { cause },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
