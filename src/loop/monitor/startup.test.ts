import { HOUR, MINUTE, NOW, podsFixture, SECOND } from '../../../test/support/loop-fixtures.ts';
import type { PodView } from './observation.ts';
import { createStartupEstimate, observeStartups, startupSeconds, type StartupEstimate } from './startup.ts';

function started(name: string, seconds: number, createdAt = NOW): PodView {
  const [pod] = podsFixture(1);
  return { ...pod!, name, createdAt, readyChangedAt: createdAt + seconds * SECOND };
}

const pods = (...seconds: number[]): PodView[] => seconds.map((s, index) => started(`web-${index}`, s));

function learned(...looks: (readonly PodView[])[]): StartupEstimate {
  const estimate = createStartupEstimate();
  for (const look of looks) observeStartups(estimate, look);
  return estimate;
}

const estimateOf = (...looks: (readonly PodView[])[]): number => startupSeconds(learned(...looks), undefined);

describe('the start-up time', () => {
  test.each([
    ['is the user’s own where the policy says it', learned(pods(10, 10, 10)), 45, 45],
    ['is a minute before anything is known', learned(), undefined, 60],
    ['is a minute still with two pods', learned(pods(10, 12)), undefined, 60],
    ['is the slowest of three', learned(pods(10, 40, 12)), undefined, 40],
    [
      'leaves out the slowest tenth of many',
      learned(pods(...new Array<number>(19).fill(20), 600)),
      undefined,
      20,
    ],
    ['is at least a second', learned(pods(0, 0, 0)), undefined, 1],
  ])('%s', (_name, estimate, override, seconds) => {
    expect(startupSeconds(estimate, override)).toBe(seconds);
  });

  test('counts each pod once, however often it is seen', () => {
    const estimate = learned(pods(10, 12), pods(10, 12), pods(10, 12));
    expect(estimate.count).toBe(2);
  });

  test('does not take a pod that became ready again for one that started slowly', () => {
    const before = pods(10, 12, 14);
    const failing = before.map((pod) => ({ ...pod, ready: false, readyChangedAt: NOW + 20 * MINUTE }));
    const again = before.map((pod) => ({ ...pod, readyChangedAt: NOW + 25 * MINUTE }));
    expect(estimateOf(before, failing, again)).toBe(14);
  });

  test('counts the next pod of the same name, as a StatefulSet makes them', () => {
    expect(
      estimateOf(
        [started('web-0', 10)],
        [started('web-0', 20, NOW + HOUR)],
        [started('web-0', 30, NOW + 2 * HOUR)],
      ),
    ).toBe(30);
  });

  test.each([
    ['not ready', { ready: false }],
    ['ready at no known time', { readyChangedAt: undefined }],
    ['ready before it was made', { readyChangedAt: NOW - SECOND }],
    ['ready for the last time more than an hour after it was made', { readyChangedAt: NOW + HOUR + SECOND }],
  ])('learns nothing from a pod that is %s', (_name, change) => {
    const [pod] = pods(10);
    const { readyChangedAt, ...rest } = { ...pod!, ...change };
    const seen = readyChangedAt === undefined ? rest : { ...rest, readyChangedAt };
    expect(learned([seen]).count).toBe(0);
  });

  test('forgets what is longer ago than 32 starts, and which pods are gone', () => {
    const estimate = createStartupEstimate();
    for (let i = 0; i < 100; i++) observeStartups(estimate, [started(`web-${i}`, i < 60 ? 500 : 20)]);
    expect(startupSeconds(estimate, undefined)).toBe(20);
    expect(estimate.started.size).toBe(1);
  });
});
