import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startControlPlane, type ControlPlane } from '../../hack/controlplane/control-plane.ts';
import { checkAuditLog } from '../oracle/oracle.ts';
import { CLUSTER_VARIABLE, OPERATORS } from './cluster.ts';
import { waitFor } from './wait-for.ts';

const CRD_DIRECTORY = join(import.meta.dirname, '../../crds');

let shared: ControlPlane | null = null;

/** Starts the control plane that all integration tests of this run share, with this project's CRDs in it. */
export async function startShared(): Promise<void> {
  // The HPA reacts within seconds, so that tests beside it need not wait for minutes.
  const hpa = { syncPeriodSeconds: 2, cpuInitializationSeconds: 5, initialReadinessDelaySeconds: 1 };
  shared = await startControlPlane({ hpa });
  try {
    await applyCrds(shared);
    const file = join(shared.dir, 'coordinates.json');
    await writeFile(file, JSON.stringify(shared.coordinates));
    process.env[CLUSTER_VARIABLE] = file;
  } catch (error) {
    // No teardown follows a setup that failed.
    await shared.stop();
    throw error;
  }
}

/**
 * Stops it and lets the oracle judge every mutation that an operator made in any test.
 * @throws Error with each violation.
 */
export async function stopShared(): Promise<void> {
  if (shared === null) return;
  const controlPlane = shared;
  shared = null;
  try {
    // The API server writes an entry after it has answered; its exit makes the log complete.
    await controlPlane.halt();
    const journalDirectories = await journalsOf(controlPlane);
    const { violations, targetWrites } = await checkAuditLog(controlPlane.auditLog, { journalDirectories });
    process.stderr.write(
      `oracle: ${targetWrites} operator writes to targets, ${journalDirectories.length} journals, ` +
        `${violations.length} violations\n`,
    );
    if (violations.length > 0) {
      const lines = violations.map(
        ({ invariant, auditId, message }) => `${invariant} ${message} (audit ${auditId})`,
      );
      throw new Error(`the oracle found violations of the safety invariants:\n${lines.join('\n')}`);
    }
  } finally {
    await controlPlane.stop();
  }
}

/** Journals of the operators that tests started, living or dead: see `stateDirectory`. */
async function journalsOf({ dir }: ControlPlane): Promise<string[]> {
  const operators = join(dir, OPERATORS);
  const folders = existsSync(operators) ? await readdir(operators) : [];
  // An operator that did not get as far as its journal has changed nothing.
  return folders.map((name) => join(operators, name, 'journal')).filter((path) => existsSync(path));
}

/** Installs the CRDs of this repository and waits until the server serves them. */
export async function applyCrds(controlPlane: Pick<ControlPlane, 'kubectl'>): Promise<void> {
  const files = (await readdir(CRD_DIRECTORY)).filter((name) => name.endsWith('.yaml'));
  if (files.length === 0) return;
  await controlPlane.kubectl(['apply', '--server-side', '-f', CRD_DIRECTORY]);
  // `kubectl wait` fails at once on a definition that has no conditions yet.
  await waitFor('the definitions to be established', async () =>
    controlPlane.kubectl(['wait', '--for=condition=Established', '--timeout=60s', '-f', CRD_DIRECTORY]),
  );
}
