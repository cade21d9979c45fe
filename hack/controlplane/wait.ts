import { setTimeout as sleep } from 'node:timers/promises';
import type { LeashedProcess } from './process.ts';

const POLL_MS = 50;

export interface ReadyOptions {
  readonly timeoutMs: number;
  /** Programs that must stay alive meanwhile; the end of one is reported at once with the tail of its log. */
  readonly alive: readonly LeashedProcess[];
}

/** A program could not listen because somebody else has the port. */
export class PortTakenError extends Error {}

/**
 * Asks `probe` until it says true.
 * @throws PortTakenError when a program ended because its port was taken.
 * @throws Error with the tail of the log when a program ended, or with `what` when the time is up.
 */
export async function untilReady(
  what: string,
  probe: () => Promise<boolean>,
  options: ReadyOptions,
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  let lastError = '';
  for (;;) {
    const ready = await probe().catch((error: unknown) => {
      lastError = ` (last error: ${String(error)})`;
      return false;
    });
    // Looked at after the probe: an answer may have come from somebody else's server on the same port.
    for (const program of options.alive) await failIfEnded(program);
    if (ready) return;
    if (performance.now() > deadline) {
      const tails = await Promise.all(
        options.alive.map(async (one) => `--- ${one.name}\n${await one.tail()}`),
      );
      throw new Error(
        `${what}: not ready after ${options.timeoutMs / 1000} s${lastError}\n${tails.join('\n')}`,
      );
    }
    await sleep(POLL_MS);
  }
}

async function failIfEnded(program: LeashedProcess): Promise<void> {
  if (program.status === null) return;
  const tail = await program.tail();
  const message = `${program.name} ended with ${JSON.stringify(program.status)}; the end of its log:\n${tail}`;
  throw tail.includes('address already in use') ? new PortTakenError(message) : new Error(message);
}
