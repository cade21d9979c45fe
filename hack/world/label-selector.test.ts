import { parseLabelSelector, SelectorError } from './label-selector.ts';

const labels = { app: 'web', tier: 'front' };

describe('a label selector', () => {
  it.each([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['app!=web', false],
    ['zone!=a', true],
    ['app in (api, web)', true],
    ['app in (api),tier=front', false],
    ['app notin (api,cart)', true],
    ['zone notin (a)', true],
    ['app', true],
    ['zone', false],
    ['!zone', true],
    ['!app', false],
    ['toString', false],
  ])("'%s' matches: %p", (text, expected) => {
    expect(parseLabelSelector(text)(labels)).toBe(expected);
  });

  it.each(['app=web,', 'a b', 'app in web', '=web'])("refuses '%s'", (text) => {
    expect(() => parseLabelSelector(text)).toThrow(SelectorError);
  });
});
