import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 200;

export interface WaitOptions {
  /** Default 60 s: far above what a busy machine needs, because waiting ends as soon as it can. */
  readonly timeoutMs?: number;
}

/**
 * Asks `probe` until it answers with something else than undefined, null or false, and returns that. A probe that
 * throws is asked again.
 * @throws Error with the description and the last thing that the probe threw, when the time is up.
 */
export async function waitFor<T>(
  description: string,
  probe: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { timeoutMs = 60_000 }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const { answer, problem } = await ask(probe);
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    if (performance.now() > deadline)
      throw new Error(`waited ${timeoutMs / 1000} s for ${description}${problem}`);
    await sleep(POLL_MS);
  }
}

async function ask<T>(probe: () => Promise<T> | T): Promise<{ answer?: T; problem: string }> {
  try {
    return { answer: await probe(), problem: '' };
  } catch (error) {
    return { problem: `; the last attempt said: ${String(error)}` };
  }
}
