import { INVARIANTS, violationsOf } from './oracle.ts';
import { Story } from './story.ts';
import type { InvariantId } from './violation.ts';

/** A day as it should be: up, down, a refused patch, an abort, another replica count by a person. */
function goodDay(): Story {
  return Story.begin()
    .acts({ id: 'd1', from: 4, to: 6 })
    .after(60)
    .acts({ id: 'd2', from: 6, to: 5 })
    .after(60)
    .intends({ id: 'd3', from: 5, to: 7 })
    .patches({ id: 'd3', from: 5, to: 7 }, {}, { code: 409 })
    .ends('d3', 'Aborted')
    .renewsLease()
    .tell({
      by: 'admin',
      resource: 'deployments',
      request: { spec: { replicas: 100 } },
      response: { spec: { replicas: 100 } },
    })
    .after(3600)
    .renewsLease();
}

test('a run that keeps the protocol is found without fault', () => {
  const history = goodDay().history();
  expect(history.targetWrites).toHaveLength(3);
  expect(violationsOf(history)).toEqual([]);
});

test('a change made behind the protocol is caught by each invariant that it breaks', () => {
  const broken = goodDay().tell({
    resource: 'deployments',
    request: { spec: { replicas: 50 } },
    response: { spec: { replicas: 50 } },
  });
  const caught = new Set(violationsOf(broken.history()).map(({ invariant }) => invariant));
  expect([...caught].sort()).toEqual<InvariantId[]>(['I1', 'I11', 'I12', 'I8']);
});

test('every invariant has a check under its own name', () => {
  const broken = Story.begin()
    .tell({
      resource: 'deployments',
      namespace: 'elsewhere',
      request: { spec: { replicas: null, template: {} } },
    })
    .tell({ resource: 'deployments', namespace: 'elsewhere', request: { spec: { replicas: 1.5 } } })
    .intends({ id: 'd1', from: 4, to: 6 })
    .tell({ by: 'admin', verb: 'delete', resource: 'autonomicpolicies' })
    .patches({ id: 'd1', from: 4, to: 6 })
    .statusNow(null, [
      { id: 'd1', outcome: { result: 'Met', endTime: '1' } },
      { id: 'd1', outcome: { result: 'Met', endTime: '1' } },
    ])
    .history();
  for (const [id, invariant] of Object.entries(INVARIANTS)) {
    const found = invariant(broken);
    expect([id, found.length > 0]).toEqual([id, true]);
    expect(new Set(found.map((violation) => violation.invariant))).toEqual(new Set([id]));
  }
});
