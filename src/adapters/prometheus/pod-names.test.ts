import { podNamePattern } from './pod-names.ts';

const matches = (pattern: string, pod: string): boolean => new RegExp(`^(?:${pattern})$`).test(pod);

test.each([
  ['web-7d4b9c6f5d-x2x4z', true],
  ['web-b-bbbbb', true],
  ['web-5d59d67564-7lbkn', true],
  ['web-api-7d4b9c6f5d-x2x4z', false],
  ['web-api-x2x4z', false],
  ['web-0', false],
  ['web-7d4b9c6f5d-x2x4', false],
  ['web-7d4b9c6f5d-x2x4zb', false],
  ['myweb-7d4b9c6f5d-x2x4z', false],
  ['web-agent-x2x4z', false],
])('Deployment web has pod %s: %s', (pod, expected) => {
  expect(matches(podNamePattern('Deployment', 'web'), pod)).toBe(expected);
});

test.each([
  ['db-0', true],
  ['db-12', true],
  ['db-main-0', false],
  ['db-x', false],
])('StatefulSet db has pod %s: %s', (pod, expected) => {
  expect(matches(podNamePattern('StatefulSet', 'db'), pod)).toBe(expected);
});

test.each([1, 46, 47, 48, 50, 56, 57, 58, 59, 63, 200])(
  'a Deployment name of %d characters finds its pods',
  (length) => {
    const name = 'a'.repeat(length);
    // As the API server makes it: the base is cut to 58 characters, then five are added.
    const pod = `${`${name}-7d4b9c6f5d-`.slice(0, 58)}x2x4z`;
    expect(matches(podNamePattern('Deployment', name), pod)).toBe(true);
  },
);

test('dots in a name match only dots', () => {
  expect(matches(podNamePattern('StatefulSet', 'a.b'), 'a.b-0')).toBe(true);
  expect(matches(podNamePattern('StatefulSet', 'a.b'), 'axb-0')).toBe(false);
});
