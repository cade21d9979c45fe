import fc from 'fast-check';

import { situationFixture } from '../../../test/support/situation-fixture.ts';
import { situationRecord } from './situation-record.ts';
import { EMBEDDING_DIMENSIONS } from './situation.ts';

describe('the record of a situation', () => {
  test('is JSON from which every number of the embedding comes back to the last bit', () => {
    fc.assert(
      fc.property(
        fc.float32Array({
          minLength: EMBEDDING_DIMENSIONS,
          maxLength: EMBEDDING_DIMENSIONS,
          noNaN: true,
          noDefaultInfinity: true,
        }),
        (embedding) => {
          const record = JSON.parse(JSON.stringify(situationRecord(situationFixture({ embedding })))) as {
            situation: { embedding: number[] };
          };
          // JSON has no negative zero.
          expect(new Float32Array(record.situation.embedding)).toEqual(embedding.map((value) => value + 0));
        },
      ),
    );
  });

  test('keeps all that the situation says', () => {
    const situation = situationFixture();
    expect(situationRecord(situation)).toEqual({
      kind: 'Situation',
      situation: { ...situation, embedding: [...situation.embedding] },
    });
  });

  test.each([
    [
      'shorter than it must be',
      new Float32Array(63),
      /situation u\/0: the embedding has 63 numbers; it must have 64/,
    ],
    ['longer', new Float32Array(65), /has 65 numbers/],
    ['with a NaN', new Float32Array(64).fill(NaN, 7, 8), /situation u\/0: number 7 of the embedding is NaN/],
    ['with an infinity', new Float32Array(64).fill(Infinity, 63), /number 63 of the embedding is Infinity/],
  ])('of an embedding %s is refused, with its id', (_, embedding, message) => {
    expect(() => situationRecord(situationFixture({ id: 'u/0', embedding }))).toThrow(message);
  });
});
