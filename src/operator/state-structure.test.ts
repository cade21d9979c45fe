import { stateStructure } from './state-structure.ts';

test('the structure of states is the same each time, and says something', () => {
  expect(stateStructure()).toBe(stateStructure());
  expect(stateStructure()).toMatch(/^[0-9a-f]{64}$/);
});
