import { podItems, type PodFact } from './pod-powers.ts';

const POD: PodFact = {
  namespace: 'shop',
  lineage: 'agent',
  createdAt: 5,
  powers: ['HostPath'],
  acknowledged: true,
};

test('pods of one origin are one thing: as old as the oldest, with the powers of all', () => {
  const items = [
    ...podItems([POD, { ...POD, createdAt: 3, powers: ['Privileged'] }, { ...POD, lineage: 'other' }]),
  ];
  expect(items).toMatchObject([
    { key: 'Pods/shop/agent', createdAt: 3, acknowledged: true, elsewhere: 0 },
    { key: 'Pods/shop/other', createdAt: 5 },
  ]);
  expect([...(items[0]?.powers.keys() ?? [])]).toEqual(['HostPath', 'Privileged']);
  expect(items[0]?.message).toBe('pods of shop/agent reach their nodes (HostPath, Privileged)');
});

test('one pod that nobody acknowledged is enough', () => {
  const [item] = podItems([POD, { ...POD, acknowledged: false }]);
  expect(item?.acknowledged).toBe(false);
});
