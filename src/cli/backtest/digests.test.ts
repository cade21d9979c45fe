import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { configHash, traceDigest } from './digests.ts';

describe('canonical JSON', () => {
  test.each([
    [{ b: 1, a: [{ d: 2, c: 3 }, null] }, '{"a":[{"c":3,"d":2},null],"b":1}'],
    [{ a: undefined, b: 'ä "' }, '{"b":"ä \\""}'],
    [{ z: 0.1, Z: 1e21 }, '{"Z":1e+21,"z":0.1}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test('is hashed: the order of fields does not matter, every value does', () => {
    const hash = configHash({ a: 1, b: { c: 2, d: 3 } });
    expect(hash).toBe(createHash('sha256').update('{"a":1,"b":{"c":2,"d":3}}').digest('hex'));
    expect(configHash({ b: { d: 3, c: 2 }, a: 1 })).toBe(hash);
    expect(configHash({ a: 1, b: { c: 2, d: 4 } })).not.toBe(hash);
  });
});

test('the digest of a trace is that of its samples as little-endian doubles', () => {
  const bytes = Buffer.alloc(32);
  for (const [index, value] of [1000, 1.5, 2000, 0].entries()) bytes.writeDoubleLE(value, 8 * index);
  const trace = { times: Float64Array.of(1000, 2000), values: Float64Array.of(1.5, 0) };
  expect(traceDigest(trace)).toBe(createHash('sha256').update(bytes).digest('hex'));
});
