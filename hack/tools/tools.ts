import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory, cachedBinaries } from './build.ts';
import { RECIPES, TOOL_NAMES, type Recipe, type ToolName } from './recipes.ts';
import { printsVersion, recipeVersion } from './versions.ts';

/** Absolute path of each tool. */
export type Tools = Readonly<Record<ToolName, string>>;

/**
 * Finds every tool of the development control plane: in PATH or KUBEBUILDER_ASSETS at exactly the pinned version,
 * else in the cache, else built into the cache from the pinned modules with progress on standard error.
 */
export async function ensureTools(): Promise<Tools> {
  if (process.platform !== 'linux') {
    throw new Error(`the development control plane runs on Linux only, found ${process.platform}`);
  }
  const found = new Map<ToolName, string>();
  // One after the other: a Go build already uses all cores.
  for (const recipe of RECIPES) {
    const version = await recipeVersion(recipe);
    const paths =
      (await installed(recipe, version)) ??
      (await cachedBinaries(recipe, version, cacheDirectory(), reportToStderr));
    for (const [name, path] of paths) found.set(name, path);
  }
  return Object.fromEntries(TOOL_NAMES.map((name) => [name, pathOf(found, name)])) as Record<
    ToolName,
    string
  >;
}

function reportToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}

function pathOf(found: ReadonlyMap<ToolName, string>, name: ToolName): string {
  const path = found.get(name);
  if (path === undefined) throw new Error(`no recipe makes ${name}`);
  return path;
}

/** All binaries of the recipe where the machine has them at this version, null otherwise. */
async function installed(recipe: Recipe, version: string): Promise<Map<ToolName, string> | null> {
  if (recipe.versionArguments === null) return null;
  const printed = recipe.printedVersion(version);
  const paths = new Map<ToolName, string>();
  for (const name of recipe.binaries) {
    const path = await executableInPath(name);
    if (path === null || !(await reportsVersion(path, recipe.versionArguments, printed))) return null;
    paths.set(name, path);
  }
  return paths;
}

async function executableInPath(name: string): Promise<string | null> {
  const directories = [process.env['KUBEBUILDER_ASSETS'], ...(process.env['PATH'] ?? '').split(delimiter)];
  for (const directory of directories) {
    // A relative entry would mean another file after a change of folder.
    if (directory === undefined || !isAbsolute(directory)) continue;
    const path = join(directory, name);
    const executable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (executable) return path;
  }
  return null;
}

async function reportsVersion(
  path: string,
  versionArguments: readonly string[],
  version: string,
): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(path, [...versionArguments], { timeout: 10_000 });
    return printsVersion(stdout, version);
  } catch {
    // A tool that cannot even say its version is not the one that is looked for.
    return false;
  }
}

async function printPaths(): Promise<void> {
  const tools = await ensureTools();
  for (const name of TOOL_NAMES) console.log(`${name.padEnd(24)} ${tools[name]}`);
}

// No top-level await: jest loads its global setup with require(), which refuses modules that have one.
if (import.meta.main) {
  printPaths().catch((error: unknown) => {
    process.exitCode = 1;
    console.error(error instanceof Error ? error.message : error);
  });
}
