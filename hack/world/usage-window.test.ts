import { UsageWindow, type Meter } from './usage-window.ts';

const meter = (id: string, cpuSeconds: number): Meter => ({
  id,
  namespace: 'shop',
  name: id,
  labels: {},
  cpuSeconds,
  memoryBytes: 1,
});

describe('use over a window', () => {
  it('is the mean between the two newest readings', () => {
    const window = new UsageWindow(15_000);
    window.read(() => [meter('a', 5)], 1_000_000);
    expect(window.usages()).toEqual([]);
    window.read(() => [meter('a', 20)], 1_015_000);
    expect(window.usages()).toMatchObject([{ at: 1_015_000, windowMs: 15_000, cores: 1 }]);
  });

  it('does not move between readings', () => {
    const window = new UsageWindow(15_000);
    window.read(() => [meter('a', 0)], 1_000_000);
    window.read(() => [meter('a', 15)], 1_015_000);
    window.read(() => [meter('a', 99)], 1_029_999);
    expect(window.usages()).toMatchObject([{ cores: 1 }]);
  });

  it('has nothing for a pod that was read once, and forgets one that is gone', () => {
    const window = new UsageWindow(15_000);
    window.read(() => [meter('a', 0), meter('b', 0)], 1_000_000);
    window.read(() => [meter('b', 3), meter('c', 9)], 1_015_000);
    expect(window.usages().map((usage) => usage.meter.id)).toEqual(['b']);
  });
});
