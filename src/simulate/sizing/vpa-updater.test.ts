import { vpaReplaces } from './vpa-updater.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const GIB = 1024 ** 3;
const recommended = {
  lower: { cpu: 500, memory: GIB },
  target: { cpu: 1000, memory: 2 * GIB },
  upper: { cpu: 2000, memory: 4 * GIB },
};
const asTarget = recommended.target;

describe("the vertical pod autoscaler's updater", () => {
  test.each([
    ['leaves a young pod within the bounds', { cpu: 600, memory: 2 * GIB }, 11, false],
    ['replaces it after twelve hours', { cpu: 600, memory: 2 * GIB }, 12, true],
    [
      'leaves it for good when CPU and memory together are less than a tenth off',
      { cpu: 950, memory: 1.95 * GIB },
      99,
      false,
    ],
    ['adds up what both are off', { cpu: 950, memory: 1.9 * GIB }, 99, true],
    ['replaces a pod with too little CPU at once', { cpu: 499, memory: 2 * GIB }, 0, true],
    ['replaces a pod with too much CPU at once', { cpu: 2001, memory: 2 * GIB }, 0, true],
    ['replaces a pod with too little memory at once', { cpu: 1000, memory: GIB - 1 }, 0, true],
    ['replaces a pod with too much memory at once', { cpu: 1000, memory: 4 * GIB + 1 }, 0, true],
  ])('%s', (_, request, hours, replaces) => {
    expect(vpaReplaces({ request, startedAt: 0 }, recommended, hours * HOUR)).toBe(replaces);
  });

  const request = { cpu: 900, memory: 2 * GIB };
  test.each([
    ['minutes after the start', { request, lived: 9, ago: 1 }, true],
    ['long after the start', { request, lived: 10, ago: 1 }, false],
    ['minutes after the start, but a while ago', { request, lived: 9, ago: 10 }, false],
    [
      'minutes after the start of a pod that has what is recommended',
      { request: asTarget, lived: 9, ago: 1 },
      false,
    ],
  ])('after a kill %s', (_, kill, replaces) => {
    const at = HOUR + kill.lived * MINUTE;
    const pod = { request: kill.request, startedAt: 0, kill: { startedAt: HOUR, at } };
    expect(vpaReplaces(pod, recommended, at + kill.ago * MINUTE)).toBe(replaces);
  });
});
