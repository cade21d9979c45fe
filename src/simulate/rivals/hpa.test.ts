import { contextFixture, viewFixture } from '../../../test/support/scaler-fixtures.ts';
import { behaviorSchema } from '../../api/spec/behavior.ts';
import { hpa, hpaContender, hpaUntuned } from './hpa.ts';

describe('HPA on CPU', () => {
  it('proposes by its target and is held back by its behavior', () => {
    const scaler = hpa.create(50, contextFixture());
    expect(scaler.decide(viewFixture({ ready: 4, cpu: 3.6 }))).toBe(8);
    expect(scaler.decide(viewFixture({ index: 1, ready: 8, cpu: 0.8 }))).toBe(8);
  });

  it('holds its replicas while CPU is not measured, and says so', () => {
    const scaler = hpa.create(50, contextFixture());
    expect(scaler.decide(viewFixture({ ready: 9 }))).toBe(9);
    expect(scaler.explain?.()).toBe('CPU is not measured');
  });

  it('says what it compared', () => {
    const scaler = hpa.create(50, contextFixture());
    scaler.decide(viewFixture({ ready: 4, cpu: 3.6 }));
    expect(scaler.explain?.()).toBe('CPU at 90 % of the request, target 50 %');
  });

  it('is not tuned as most people run it', () => {
    expect(hpaUntuned.knob.values).toEqual([70]);
    expect(hpaUntuned.create(70, contextFixture()).decide(viewFixture({ ready: 10, cpu: 10 }))).toBe(15);
  });

  it("can be somebody's own: bounds, behavior and tolerance", () => {
    const own = hpaContender({
      name: 'own',
      title: 'HPA/web',
      targets: [50],
      minReplicas: 3,
      maxReplicas: 5,
      behavior: behaviorSchema.parse({
        scaleUp: { tolerance: '0.5' },
        scaleDown: { stabilizationWindowSeconds: 0 },
      }),
    });
    const decide = (cpu: number) => own.create(50, contextFixture()).decide(viewFixture({ ready: 4, cpu }));
    expect([decide(2.9), decide(3.2), decide(0.2)]).toEqual([4, 5, 3]);
  });

  it('can be one without behavior: from one replica to four, not to five', () => {
    const decide = (behavior: null | undefined) =>
      hpaContender({
        name: 'own',
        title: 'HPA/web',
        targets: [10],
        ...(behavior === null ? { behavior } : {}),
      })
        .create(10, contextFixture())
        .decide(viewFixture({ ready: 1, cpu: 1 }));
    expect([decide(null), decide(undefined)]).toEqual([4, 5]);
  });
});
