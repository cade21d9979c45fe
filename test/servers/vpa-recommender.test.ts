import { ensureTools } from '../../hack/tools/tools.ts';
import { SHAPE_NAMES, usageOf, type Usage } from '../support/usage-shapes.ts';
import { historyOf, portAnswers, realAnswers, type History } from '../support/vpa-histories.ts';

const MIB = 1024 ** 2;

/** Made-up containers of all shapes in each of these circumstances. */
const CIRCUMSTANCES: readonly [string, (shape: (typeof SHAPE_NAMES)[number]) => History][] = [
  ['ten days', (shape) => historyOf(usageOf(shape))],
  [
    'killed above a limit',
    (shape) => historyOf(usageOf(shape, { stepMinutes: 1, days: 6 }), { limit: 1000 * MIB }),
  ],
  [
    'pods that are replaced, of three containers',
    (shape) => historyOf(usageOf(shape, { seed: 3 }), { replaceHours: 7.3, containers: 3 }),
  ],
  ['one sample of thirty arrives', (shape) => historyOf(usageOf(shape, { kept: 0.03, days: 30, seed: 5 }))],
  [
    '140 days, so that old weights are scaled',
    (shape) => historyOf(usageOf(shape, { days: 140, stepMinutes: 15 })),
  ],
];

describe("the real vertical pod autoscaler's recommender", () => {
  let program: string;

  beforeAll(async () => {
    program = (await ensureTools())['vpa-recommender'];
  });

  test.each(CIRCUMSTANCES)('recommends the same at every time: %s', async (_, history) => {
    const histories = SHAPE_NAMES.map(history);
    const real = await realAnswers(program, histories);
    expect(real.every((answers) => answers.length > 100)).toBe(true);
    for (const [index, name] of SHAPE_NAMES.entries()) {
      expect([name, portAnswers(histories[index]!)]).toEqual([name, real[index]]);
    }
  });

  test('recommends the same from samples that are doubled, late and out of order', async () => {
    const usage = usageOf('daily', { days: 3 });
    const disorder = usage.flatMap((sample, index): Usage[] =>
      index % 7 === 0
        ? [sample, sample, { ...sample, at: sample.at - 3 * 86_400_000, memory: 3e9 }]
        : [sample],
    );
    const history = historyOf(disorder, { limit: 2.5e9 });
    expect(await realAnswers(program, [history])).toEqual([portAnswers(history)]);
  });

  test('has no opinion without samples but the minimum', async () => {
    const history: History = { containers: 2, events: [{ at: 1, kind: 'ask' }] };
    const [[answer]] = (await realAnswers(program, [history])) as [ReturnType<typeof portAnswers>];
    expect(answer).toEqual(portAnswers(history)[0]);
    expect(answer?.target).toEqual({ cpu: 12, memory: 125 * MIB });
  });
});
