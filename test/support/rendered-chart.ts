import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { ensureTools } from '../../hack/tools/tools.ts';

export const CHART = join(import.meta.dirname, '../../helm/autonomic');

/** An object as the chart makes it; each test reads the fields of the kinds that it is about. */
export interface Rendered {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

/** What `helm template` makes of the chart in the namespace `default`. */
export async function renderChart<Of extends Rendered = Rendered>(...args: string[]): Promise<Of[]> {
  const { helm } = await ensureTools();
  const { stdout } = await promisify(execFile)(helm, ['template', 'autonomic', CHART, ...args], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return parseAllDocuments(stdout)
    .map((document) => document.toJS() as Of | null)
    .filter((object) => object !== null);
}
