import fc from 'fast-check';

import { affords, beginExploration, createLedger, endChampion, endExploration } from './ledger.ts';

describe('the ledger of exploration', () => {
  test('affords nothing at first, and a little after the champion has brought enough', () => {
    const ledger = createLedger(0.05);
    const risk = { lower: 0.8, baselineUpper: 1 };
    expect(affords(ledger, risk)).toBe(false);
    for (let window = 0; window < 4; window += 1) endChampion(ledger, 0.9);
    // 4 × 0.05 × 0.9 = 0.18 ≥ 0.95 − 0.8
    expect(affords(ledger, risk)).toBe(true);
    beginExploration(ledger, risk);
    expect(affords(ledger, risk)).toBe(false);
  });

  test('affords at any time what is surely good enough', () => {
    expect(affords(createLedger(0.05), { lower: 0.86, baselineUpper: 0.9 })).toBe(true);
  });

  test('of an arm nobody knows sets aside all that the champion may bring', () => {
    const ledger = createLedger(0.05);
    expect(beginExploration(ledger, { lower: NaN, baselineUpper: NaN })).toBeCloseTo(0.95, 12);
  });

  test('what was set aside comes back with the outcome, and is gone without one', () => {
    const ledger = createLedger(0.05);
    for (let window = 0; window < 40; window += 1) endChampion(ledger, 1);
    expect(ledger.slack).toBe(1);
    const reserve = beginExploration(ledger, { lower: 0.5, baselineUpper: 1 });
    expect(ledger.slack).toBeCloseTo(0.55, 12);
    endExploration(ledger, { reserve, reward: 0.9, baseline: 1 });
    expect(ledger.slack).toBeCloseTo(0.95, 12);
    expect(ledger).toMatchObject({ explored: 1, compared: 1, rewards: 0.9, baseline: 1 });
  });

  test('a good year does not pay for a bad day', () => {
    const ledger = createLedger(0.05);
    for (let window = 0; window < 17_520; window += 1) endChampion(ledger, 1);
    expect(ledger.slack).toBe(1);
  });

  test('keeps its promise at every moment as long as the bounds hold', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const window = fc.record({ lower: unit, above: unit, baseline: unit, more: unit, delay: fc.nat(3) });
    const property = fc.property(fc.array(window, { maxLength: 80 }), unit, (windows, alpha) => {
      const ledger = createLedger(alpha);
      const open: { reserve: number; reward: number; baseline: number; lower: number; due: number }[] = [];
      let had = 0;
      let owed = 0;
      for (const [now, { lower, above, baseline, more, delay }] of windows.entries()) {
        const reward = lower + above * (1 - lower);
        const risk = { lower, baselineUpper: baseline + more * (1 - baseline) };
        if (affords(ledger, risk)) {
          open.push({ reserve: beginExploration(ledger, risk), reward, baseline, lower, due: now + delay });
        } else {
          endChampion(ledger, baseline);
          had += baseline;
        }
        owed += baseline;
        for (const one of open.filter(({ due }) => due === now)) {
          endExploration(ledger, one);
          had += one.reward;
        }
        const pending = open.filter(({ due }) => due > now).reduce((sum, one) => sum + one.lower, 0);
        expect(had + pending).toBeGreaterThanOrEqual((1 - alpha) * owed - 1e-9);
      }
    });
    fc.assert(property);
  });

  test.each([-0.1, 1.1, NaN])('cannot be made for a share of %d', (alpha) => {
    expect(() => createLedger(alpha)).toThrow('alpha must be between 0 and 1');
  });
});
