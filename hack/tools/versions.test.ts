import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RECIPES, type Recipe } from './recipes.ts';
import { printsVersion, recipeHash, recipeVersion, requiredVersion } from './versions.ts';

describe('requiredVersion', () => {
  const goMod = `module x

go 1.26.0

require k8s.io/kubernetes v1.36.3

require (
	k8s.io/kubectl v0.0.0
	sigs.k8s.io/kwok v0.8.0 // indirect
)
`;

  test.each([
    ['a single require line', 'k8s.io/kubernetes', '1.36.3'],
    ['an entry of a require block', 'k8s.io/kubectl', '0.0.0'],
    ['an indirect entry, as tool lines make them', 'sigs.k8s.io/kwok', '0.8.0'],
  ])('reads %s', (_, module, version) => {
    expect(requiredVersion(goMod, module)).toBe(version);
  });

  test('names a module that is not required', () => {
    expect(() => requiredVersion(goMod, 'k8s.io/kube')).toThrow('go.mod requires no k8s.io/kube');
  });

  test('finds the version of every recipe in its own go.mod, and the way its tool prints it', async () => {
    for (const recipe of RECIPES) {
      const version = await recipeVersion(recipe);
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(recipe.printedVersion(version)).toMatch(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('printsVersion', () => {
  test.each([
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0', true],
    ['prometheus, version 3.15.0 (branch: , revision: unknown)', '3.15.0', true],
    ['v4.3.1+g1b2c3d4', '4.3.1', true],
    ['v4.3.10', '4.3.1', false],
    ['v14.3.1', '4.3.1', false],
    ['kwok version v0.8x0', '0.8.0', false],
  ])('%s is %s: %s', (printed, version, expected) => {
    expect(printsVersion(printed, version)).toBe(expected);
  });
});

describe('recipeHash', () => {
  let directory: string;
  let recipe: Recipe;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'recipe-'));
    recipe = { ...RECIPES[0]!, directory };
    await mkdir(join(directory, 'keeper'));
    await writeFile(join(directory, 'go.sum'), 'sums');
    await writeFile(join(directory, 'keeper/main.go'), 'package main');
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('changes with go.sum, with a source in a folder below and with a flag, but not with other files', async () => {
    const before = await recipeHash(recipe, ['-v']);
    await writeFile(join(directory, 'README.md'), 'words');
    expect(await recipeHash(recipe, ['-v'])).toBe(before);
    const hashes = [before, await recipeHash(recipe, ['-x'])];
    await writeFile(join(directory, 'keeper/main.go'), 'package main // more');
    hashes.push(await recipeHash(recipe, ['-v']));
    await writeFile(join(directory, 'go.sum'), 'other sums');
    hashes.push(await recipeHash(recipe, ['-v']));
    expect(new Set(hashes).size).toBe(4);
  });
});
