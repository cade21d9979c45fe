import { Accounts, sumTotals, type AccountsOptions } from './accounts.ts';

const options: AccountsOptions = { tickSeconds: 5, slowShare: 0.01, withNodes: false, withMemory: false };
const tick = { existing: 5, ready: 3, needed: 3, requests: 100, slowRequests: 0, nodes: 2 };

describe('the accounts of a phase', () => {
  it('multiply replicas by time', () => {
    const accounts = new Accounts(options);
    accounts.add(tick);
    accounts.add({ ...tick, existing: 7, ready: 1 });
    accounts.add({ ...tick, ready: 5 });
    accounts.addAction();
    expect(accounts.totals()).toEqual({
      seconds: 15,
      replicaSeconds: 85,
      requests: 300,
      slowRequests: 0,
      windows: 0,
      badWindows: 0,
      actions: 1,
      shortReplicaSeconds: 10,
      shortSeconds: 5,
      spareReplicaSeconds: 10,
      spareSeconds: 5,
      neededReplicaSeconds: 45,
    });
  });

  it.each([
    [59, 60, 0, 0, 'no window is whole'],
    [60, 60, 1, 0, 'one window with exactly the accepted share'],
    [60, 61, 1, 1, 'one window with more'],
    [119, 61, 1, 1, 'the second is not whole'],
  ])(
    'over %d ticks with %d slow requests at first count %d windows, %d bad: %s',
    (ticks, slow, windows, bad) => {
      const accounts = new Accounts(options);
      for (let i = 0; i < ticks; i += 1) accounts.add({ ...tick, slowRequests: i === 3 ? slow : 0 });
      expect(accounts.totals()).toMatchObject({ windows, badWindows: bad });
    },
  );

  it('call no window bad in which nobody asked', () => {
    const accounts = new Accounts(options);
    for (let i = 0; i < 60; i += 1) accounts.add({ ...tick, requests: 0 });
    expect(accounts.totals()).toMatchObject({ windows: 1, badWindows: 0 });
  });

  it('have nodes and memory only when these are simulated', () => {
    const accounts = new Accounts({ ...options, withNodes: true, withMemory: true });
    accounts.add(tick);
    accounts.addOutOfMemory(3);
    expect(accounts.totals()).toMatchObject({ nodeSeconds: 10, outOfMemory: 3 });
  });

  it('add up', () => {
    const accounts = new Accounts({ ...options, withNodes: true });
    const none = accounts.totals();
    for (let i = 0; i < 60; i += 1) accounts.add({ ...tick, ready: 1, slowRequests: 2 });
    const day = accounts.totals();
    const both = sumTotals([day, day], none);
    expect(both).toEqual(Object.fromEntries(Object.entries(day).map(([field, value]) => [field, 2 * value])));
    expect(sumTotals([], none)).toEqual(none);
  });

  it('refuse a tick that does not divide the window', () => {
    expect(() => new Accounts({ ...options, tickSeconds: 7 })).toThrow(
      /300 s must be a whole number of ticks/,
    );
  });
});
