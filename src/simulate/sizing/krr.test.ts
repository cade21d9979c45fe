import { krr } from './krr.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);
const PROVISIONED = { cpu: 8, memory: 8e9 };

/** A sample a minute, with the cores and bytes of that minute. */
function after(minutes: number, use: (minute: number) => readonly [number, number]) {
  const sizer = krr.create();
  for (let minute = 0; minute < minutes; minute++) {
    const [cpu, memory] = use(minute);
    sizer.observe({ at: START + minute * MINUTE, seconds: 60, cpu, memory });
  }
  return sizer.recommend(START + minutes * MINUTE, PROVISIONED);
}

describe('KRR', () => {
  test('recommends the 95th percentile of CPU and the largest memory with 15 %, rounded up', () => {
    // 97 has no divisor in common with the four points that there are in five minutes. Memory peaks once.
    const { cpu, memory } = after(14 * 1440, (minute) => [
      (minute % 97) / 97,
      minute === 777 ? 1_000_000_001 : 5e8,
    ]);
    expect(cpu).toBeCloseTo(0.95, 2);
    expect(memory).toBe(1_151e6);
  });

  test.each([
    ['less than three hours', 179],
    ['no samples', 0],
  ])('leaves the requests as they are after %s', (_, minutes) => {
    expect(after(minutes, () => [1, 1e9])).toBe(PROVISIONED);
  });

  test('needs a hundred points', () => {
    const sizer = krr.create();
    // Ten samples of which each is current for five minutes: 40 points, though over a day.
    for (let hour = 0; hour < 20; hour += 2) {
      sizer.observe({ at: START + hour * 60 * MINUTE, seconds: 60, cpu: 1, memory: 1e9 });
    }
    expect(sizer.recommend(START + DAY, PROVISIONED)).toBe(PROVISIONED);
  });

  test('never goes below 10 millicores and 100 MB', () => {
    expect(after(300, () => [0.0001, 1e6])).toEqual({ cpu: 0.01, memory: 100e6 });
  });

  test('forgets what is older than fourteen days', () => {
    const { memory } = after(15 * 1440, (minute) => [0.1, minute < 1000 ? 9e9 : 1e9]);
    expect(memory).toBe(1150e6);
  });
});
