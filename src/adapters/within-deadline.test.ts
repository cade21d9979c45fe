import { getEventListeners } from 'node:events';
import { withinDeadline } from './within-deadline.ts';

/** Ends when its signal aborts, with the reason. */
const untilAborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(signal.reason);
    signal.addEventListener('abort', () => resolve(signal.reason));
  });

const HOUR = 3_600_000;

test('gives back what the work came to', async () => {
  await expect(withinDeadline(HOUR, undefined, () => Promise.resolve(7))).resolves.toBe(7);
});

test('fails as the work does', async () => {
  const failed = withinDeadline(HOUR, undefined, () => Promise.reject(new Error('no')));
  await expect(failed).rejects.toThrow('no');
});

test('aborts the work when the time is up', async () => {
  await expect(withinDeadline(1, undefined, untilAborted)).resolves.toMatchObject({ name: 'TimeoutError' });
});

test.each([
  ['while the work is under way', (outer: AbortController) => setTimeout(() => outer.abort('enough'), 1)],
  ['before it began', (outer: AbortController) => outer.abort('enough')],
])('aborts the work with the reason of the outer signal, %s', async (_name, abort) => {
  const outer = new AbortController();
  abort(outer);
  await expect(withinDeadline(HOUR, outer.signal, untilAborted)).resolves.toBe('enough');
});

test('leaves nothing on the outer signal, however the work ended', async () => {
  const { signal } = new AbortController();
  await withinDeadline(HOUR, signal, () => Promise.resolve());
  await withinDeadline(HOUR, signal, () => Promise.reject(new Error('no'))).catch(() => undefined);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
