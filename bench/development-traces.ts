import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The traces that everything here was developed and tuned on, named before any of it was run: whoever repeats a table
 * gets it from the same bytes. A claim about other loads needs other traces.
 */
const DEVELOPMENT_TRACES: Readonly<Record<string, string>> = {
  'cloudcluster/cluster2_1min.csv.gz': '4edc79020c63f2259dca95ab4bfd6b6ea40d796a7d6ec6ba3190e24036e40f22',
  'cloudcluster/cluster4_1min.csv.gz': '4dad9fcc5be309a2613e18351ab19bd4e6a55edd2f4da78bf5a3a3b1c1db9da8',
  'cloudcluster/cluster5_1min.csv.gz': '6e79474be22ed2afd501d5dc34c77d2149955dc1774aa0b5e2ec7967a09fa788',
  'cloudcluster/cluster6_1min.csv.gz': '9a835e926fbf51b012f1c6734a350fe8b5ca378ccaf6c82a5d1f3f0f49e24498',
  'cloudcluster/cluster7_1min.csv.gz': '51006160a60cc047fc20190ad8810d90ab51ed98f0c41eb396af258dfc572309',
  'cloudcluster/cluster9_1min.csv.gz': 'ef55f2ae98bc49d1b35ff53af0533d7886eebe7702468afd7b30fa6cd5accb13',
  'crane/input0.csv.gz': '448cec58092fad12fc4307d253f54a87b53b72cc9d05f8ead455c9a51b39356c',
  'crane/input1.csv.gz': '7c415806d5368edf3cf5bca24a2992eaffd87058759e8c9edd7f8a6c12e56e07',
  'crane/input2.csv.gz': '856a4dcc405da2b1cd4959832d5b729a1c0e8cde12fa794fdf6c44639ea8d61f',
  'crane/input3.csv.gz': '5c90f5cfe51d1f98e4857bfbf58e2db4b010cf087c20928266b432aaa9b0fb8f',
  'crane/input4.csv.gz': '1fb34716c2324e936acd6eb4a962e132212f0ffd647371f634310a15db991592',
  'crane/input5.csv.gz': '3d2f8b9e1e696335ed00f3ab698a0868e88e03bf31d81307459c030ab89f1813',
  'crane/input6.csv.gz': 'e0e949bda83f4de71b9eb6fcf87e6e91dabc96cf9e1848c4efe1e4894b59cec2',
  'crane/input7.csv.gz': '40c7b7c7cac87b3f4326f4abda1d71a65b8ec72a8fd3c47e52b69ad73275b1aa',
};

/** Paths of the development traces, or why they cannot be used. */
export function developmentTraces(data: string): readonly string[] | { readonly problem: string } {
  const entries = Object.entries(DEVELOPMENT_TRACES).map(([name, digest]) => ({
    path: join(data, name),
    digest,
  }));
  const absent = entries.filter(({ path }) => !existsSync(path)).map(({ path }) => path);
  if (absent.length > 0) return { problem: `not here: ${absent.join(', ')}; name their folder with --data` };
  const changed = entries.filter(({ path, digest }) => sha256(path) !== digest).map(({ path }) => path);
  if (changed.length > 0) return { problem: `other bytes than registered: ${changed.join(', ')}` };
  return entries.map(({ path }) => path);
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
