import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recipe } from './recipes.ts';

/**
 * The version of `module` that a go.mod text requires, without the leading `v`.
 * @throws Error when the module is not required there.
 */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split('\n')) {
    const words = line
      .trim()
      .replace(/^require\s+/, '')
      .split(/\s+/);
    if (words[0] === module && words[1]?.startsWith('v') === true) return words[1].slice(1);
  }
  throw new Error(`go.mod requires no ${module}: add it with "go get -tool", or correct the recipe`);
}

export async function recipeVersion(recipe: Recipe): Promise<string> {
  const goMod = await readFile(join(recipe.directory, 'go.mod'), 'utf8');
  return requiredVersion(goMod, recipe.module);
}

/**
 * Sixteen hexadecimal digits over everything that decides what is built: go.mod, go.sum, own Go sources, flags
 * and platform. A change of any of them is another place in the cache, so a stale binary cannot be picked up.
 */
export async function recipeHash(recipe: Recipe, flags: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([process.platform, process.arch, flags]));
  const all = await readdir(recipe.directory, { recursive: true });
  const files = all.filter((name) => /(^|\/)go\.(mod|sum)$|\.go$/.test(name)).sort();
  for (const name of files) {
    const content = await readFile(join(recipe.directory, name));
    hash.update(`\n${name} ${content.length}\n`).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Whether `printed`, a tool's own version line, names exactly `version` (not 1.2.30 for 1.2.3). */
export function printsVersion(printed: string, version: string): boolean {
  return new RegExp(`(^|[^0-9.])v?${version.replaceAll('.', '\\.')}($|[^0-9.])`).test(printed);
}
