import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { InputError } from '../verb.ts';
import { checkedPolicy } from './checked-policy.ts';
import type { TriedPolicy } from './simulated-policy.ts';
import type { PolicySource } from './source-flags.ts';

/** @throws InputError */
export async function readPolicy(source: PolicySource, version: string): Promise<TriedPolicy> {
  if (source.kind === 'file') return fromFile(source.path);
  // The Kubernetes client takes long to load.
  const { clusterPolicy } = await import('./cluster-policy.ts');
  return clusterPolicy(source, version);
}

function fromFile(path: string): TriedPolicy {
  const source = `--policy ${path}`;
  const manifest = parseYaml(path, source);
  return { source, ...checkedPolicy(named(manifest), source) };
}

function parseYaml(path: string, source: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'), { logLevel: 'error' });
  } catch (error) {
    const [line = ''] = (error as Error).message.split('\n', 1);
    throw new InputError(`${source}: cannot be read as YAML: ${line.replace(/[.:]$/, '')}`, { cause: error });
  }
}

/** What the API server adds to a manifest, so that the same check serves both. */
function named(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null) return manifest;
  const metadata = 'metadata' in manifest ? manifest.metadata : undefined;
  const added = {
    namespace: 'default',
    uid: 'backtest',
    generation: 1,
    resourceVersion: '1',
    creationTimestamp: '1970-01-01T00:00:00Z',
  };
  return { ...manifest, metadata: { ...added, ...(typeof metadata === 'object' ? metadata : {}) } };
}
