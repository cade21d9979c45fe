// What has to be stopped before a signal ends this process. One handler for all, because the process may end only
// after the last of them.
const cleanups = new Set<() => Promise<void>>();
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `cleanup` when this process receives SIGINT, SIGTERM or SIGHUP, then lets the signal end it as usual. A second
 * signal ends it at once; leash and janitor then do the rest.
 * @returns undoes the registration.
 */
export function stopOnSignal(cleanup: () => Promise<void>): () => void {
  if (cleanups.size === 0) for (const signal of SIGNALS) process.once(signal, onSignal);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) for (const signal of SIGNALS) process.removeListener(signal, onSignal);
  };
}

function onSignal(signal: NodeJS.Signals): void {
  // Without listeners the next signal has its default effect.
  for (const one of SIGNALS) process.removeListener(one, onSignal);
  void Promise.allSettled([...cleanups].map((cleanup) => cleanup())).then(() =>
    process.kill(process.pid, signal),
  );
}
