import { looksOf } from './styling.ts';

describe('the looks of contenders', () => {
  const names = ['autonomic', ...Array.from({ length: 14 }, (_, index) => `rival-${index}`), 'oracle'];
  const looks = looksOf(names.map((name) => ({ name, title: name })));

  test('differ from each other in colour or in variant', () => {
    expect(new Set(looks.map(({ colour, variant }) => `${colour}/${variant}`)).size).toBe(names.length);
  });

  test('give ours and the oracle colours that nobody else has', () => {
    const rivals = looks.slice(1, -1).map(({ colour }) => colour);
    expect(looks[0]?.colour).toBe(0);
    expect(looks.at(-1)?.colour).toBe(7);
    expect(rivals).not.toContain(0);
    expect(rivals).not.toContain(7);
  });
});
