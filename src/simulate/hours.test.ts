import { Hours } from './hours.ts';

test('whole hours are added up, and one that has not ended is left out', () => {
  const hours = new Hours(5);
  for (let tick = 0; tick < 1500; tick += 1) hours.add({ existing: tick < 720 ? 2 : 3, slowRequests: 0.5 });
  expect(hours.totals()).toEqual({ replicaSeconds: [7200, 10_800], slowRequests: [360, 360] });
});
