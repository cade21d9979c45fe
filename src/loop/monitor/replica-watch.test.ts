import fc from 'fast-check';
import { MINUTE, NOW, SECOND } from '../../../test/support/loop-fixtures.ts';
import {
  acceptReplicas,
  createReplicaWatch,
  expectNothing,
  expectReplicas,
  observeReplicas,
  ownWriteUnseen,
  type ReplicaWatch,
} from './replica-watch.ts';

/** One look at the target: `[replicas, decision annotation]`. Returns whether somebody else changed it. */
function look(watch: ReplicaWatch, replicas: number, decisionId?: string, manager?: string): boolean {
  return observeReplicas(watch, { now: NOW, replicas, decisionId, manager });
}

/** 4 replicas known, 9 written by decision d1. */
function written(): ReplicaWatch {
  const watch = createReplicaWatch(4);
  expectReplicas(watch, 'd1', 9);
  acceptReplicas(watch, 'd1', NOW);
  return watch;
}

describe('a change of the replicas', () => {
  test('is nobody else’s at the first look', () => {
    expect(look(createReplicaWatch(), 4)).toBe(false);
  });

  test('is not there while the number stays', () => {
    expect(look(createReplicaWatch(4), 4)).toBe(false);
  });

  test('is somebody else’s when the operator wrote nothing', () => {
    const watch = createReplicaWatch(4);
    expect(look(watch, 6, undefined, 'kubectl')).toBe(true);
    expect(watch.change).toEqual({ at: NOW, from: 4, to: 6, manager: 'kubectl' });
  });

  test('is told once', () => {
    const watch = createReplicaWatch(4);
    look(watch, 6);
    expect(look(watch, 6)).toBe(false);
    expect(watch.change).toEqual({ at: NOW, from: 4, to: 6 });
  });

  test('made while the operator was away is found at its return', () => {
    const watch = createReplicaWatch(4);
    expect(look(watch, 1)).toBe(true);
  });
});

describe('the operator’s own write', () => {
  test.each([
    ['seen before the answer has come', 9, 'd1'],
    ['seen without its annotation', 9, undefined],
  ])('is not foreign: %s', (_name, replicas, annotation) => {
    const watch = createReplicaWatch(4);
    expectReplicas(watch, 'd1', 9);
    expect(look(watch, replicas, annotation)).toBe(false);
    acceptReplicas(watch, 'd1', NOW);
    expect(ownWriteUnseen(watch, NOW)).toBe(false);
    expect(look(watch, replicas, annotation)).toBe(false);
  });

  test('is not foreign when a cache shows it late', () => {
    const watch = written();
    expect(look(watch, 4)).toBe(false);
    expect(look(watch, 4, 'd0')).toBe(false);
    expect(look(watch, 9, 'd1')).toBe(false);
  });

  test('is not foreign although the next decision was refused in between', () => {
    const watch = written();
    expectReplicas(watch, 'd2', 12);
    expectNothing(watch, 'd2');
    expect(look(watch, 9, 'd1')).toBe(false);
  });

  test('is forgotten when it was refused: the same number is then somebody else’s', () => {
    const watch = createReplicaWatch(4);
    expectReplicas(watch, 'd1', 9);
    expectNothing(watch, 'd1');
    expect(look(watch, 9)).toBe(true);
  });

  test('is still expected when another decision was refused', () => {
    const watch = createReplicaWatch(4);
    expectReplicas(watch, 'd1', 9);
    expectNothing(watch, 'd0');
    acceptReplicas(watch, 'd0', NOW);
    expect(look(watch, 9)).toBe(false);
  });

  test('keeps the next decision waiting until it is seen, but not for ever', () => {
    const watch = written();
    look(watch, 4);
    expect(ownWriteUnseen(watch, NOW + 59 * SECOND)).toBe(true);
    expect(ownWriteUnseen(watch, NOW + MINUTE)).toBe(false);
    look(watch, 9, 'd1');
    expect(ownWriteUnseen(watch, NOW)).toBe(false);
  });
});

describe('a write put back by somebody', () => {
  test('is seen after ours was', () => {
    const watch = written();
    look(watch, 9, 'd1');
    expect(look(watch, 4, 'd1', 'argocd')).toBe(true);
    expect(watch.change).toEqual({ at: NOW, from: 9, to: 4, manager: 'argocd' });
  });

  test('is seen although it happened between two looks', () => {
    const watch = written();
    expect(look(watch, 4, 'd1', 'argocd')).toBe(true);
    expect(watch.change).toEqual({ at: NOW, from: 9, to: 4, manager: 'argocd' });
  });

  test('is seen although the answer to ours was lost', () => {
    const watch = createReplicaWatch(4);
    expectReplicas(watch, 'd1', 9);
    expect(look(watch, 4, 'd1')).toBe(true);
    acceptReplicas(watch, 'd1', NOW);
    expect(ownWriteUnseen(watch, NOW)).toBe(false);
  });

  test('is seen when it became a third value and the object lost its annotation', () => {
    const watch = written();
    expect(look(watch, 7)).toBe(true);
    expect(watch.change).toEqual({ at: NOW, from: 9, to: 7 });
  });
});

test('whatever the cache shows of the past, own writes alone are never foreign', () => {
  const property = fc.property(
    fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.nat(3), fc.boolean()), { maxLength: 20 }),
    (writes) => {
      const watch = createReplicaWatch();
      // The object's true versions; the cache shows any later one each time, never an earlier.
      const versions: { replicas: number; decisionId?: string }[] = [{ replicas: 5 }];
      let shown = 0;
      const see = (ahead: number): void => {
        shown = Math.min(versions.length - 1, shown + ahead);
        const { replicas, decisionId } = versions[shown]!;
        expect(look(watch, replicas, decisionId)).toBe(false);
      };
      see(0);
      for (const [index, [replicas, ahead, answered]] of writes.entries()) {
        // As the guard has it: no new write while the last one is unseen.
        if (ownWriteUnseen(watch, NOW) || watch.sending !== undefined) {
          see(ahead);
          continue;
        }
        const decisionId = `d${index}`;
        expectReplicas(watch, decisionId, replicas);
        versions.push({ replicas, decisionId });
        if (answered) acceptReplicas(watch, decisionId, NOW);
        see(ahead);
      }
    },
  );
  fc.assert(property);
});
