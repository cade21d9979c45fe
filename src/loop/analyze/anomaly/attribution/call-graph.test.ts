import { anomalousEnds, createCallGraph, pathsFrom } from './call-graph.ts';

const graph = createCallGraph(
  ['web-cart', 'web-search', 'cart-db', 'search-db', 'db-disk', 'a-b', 'b-a', 'web-web'].map((call) => {
    const [caller = '', callee = ''] = call.split('-');
    return { caller, callee };
  }),
);

test('the shortest way to each component that is reached is told, loops or not', () => {
  expect(pathsFrom(graph, 'web').get('disk')).toEqual(['web', 'cart', 'db', 'disk']);
  expect(pathsFrom(graph, 'a').get('b')).toEqual(['a', 'b']);
  expect(pathsFrom(graph, 'nobody')).toEqual(new Map([['nobody', ['nobody']]]));
});

test.each([
  [['web', 'search', 'db'], ['db']],
  [['web', 'cart', 'disk'], ['disk']],
  [
    ['web', 'cart', 'search'],
    ['cart', 'search'],
  ],
  [['a'], []],
  [[], []],
])('of %j the walk from the web ends at %j', (anomalous, ends) => {
  expect(anomalousEnds(graph, 'web', new Set(anomalous))).toEqual(ends);
});

test('in a loop of anomalous components each is an end', () => {
  expect(anomalousEnds(graph, 'a', new Set(['a', 'b']))).toEqual(['a', 'b']);
});
