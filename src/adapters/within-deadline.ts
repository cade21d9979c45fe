/**
 * Runs `work` with a signal that aborts after `deadlineMs` or when `outer` does, with the reason of what came first, and lets
 * go of both when the work is over. A signal of `AbortSignal.any` hangs on its sources until it is collected, and each
 * collection walks all that hang on them: beside one that lives as long as the process, the longer the more.
 */
export async function withinDeadline<T>(
  deadlineMs: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const follow = (): void => controller.abort(outer?.reason);
  const late = (): void => {
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  };
  const timer = setTimeout(late, deadlineMs).unref();
  if (outer?.aborted === true) follow();
  else outer?.addEventListener('abort', follow, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', follow);
  }
}
