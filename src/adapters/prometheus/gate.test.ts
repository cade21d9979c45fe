import { Gate } from './gate.ts';

test('no more than the limit run at once, all run, in the order they came', async () => {
  const gate = new Gate(2);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const task = (id: number) => async (): Promise<number> => {
    order.push(id);
    running += 1;
    most = Math.max(most, running);
    await new Promise(setImmediate);
    running -= 1;
    return id;
  };
  const ids = [0, 1, 2, 3, 4, 5, 6];
  await expect(Promise.all(ids.map((id) => gate.run(task(id))))).resolves.toEqual(ids);
  expect(order).toEqual(ids);
  expect(most).toBe(2);
});

test('a task that throws gives its place to the next', async () => {
  const gate = new Gate(1);
  const broken = gate.run(() => Promise.reject(new Error('broken')));
  const next = gate.run(() => Promise.resolve('done'));
  await expect(broken).rejects.toThrow('broken');
  await expect(next).resolves.toBe('done');
});
