/** One operation of a JSON Patch (RFC 6902) as it was sent. */
export interface PatchOperation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

export const DECISION_ANNOTATION = 'autonomic.dev/decision';
export const PREVIOUS_ANNOTATION = 'autonomic.dev/previous-replicas';

/** The operations when `body` is a JSON Patch; null for every other kind of body. */
export function patchOperations(body: unknown): readonly PatchOperation[] | null {
  return Array.isArray(body) ? (body as PatchOperation[]) : null;
}

/** An annotation that the patch sets, whether by itself or within a whole map of annotations. */
export function annotationSet(operations: readonly PatchOperation[], name: string): unknown {
  const path = `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  for (const operation of operations) {
    if (operation.op === 'test') continue;
    if (operation.path === path) return operation.value;
    if (operation.path === '/metadata/annotations')
      return (operation.value as Record<string, unknown> | null)?.[name];
  }
  return undefined;
}

/** The value that `test path` demands, when it stands before everything that changes something. */
export function precondition(operations: readonly PatchOperation[], path: string): unknown {
  const firstChange = operations.findIndex((operation) => operation.op !== 'test');
  const tests = firstChange === -1 ? operations : operations.slice(0, firstChange);
  return tests.find((operation) => operation.path === path)?.value;
}
