import fc from 'fast-check';
import { passagesOf } from './passages.ts';

const lines = (...all: readonly string[]): string => all.join('\n');

describe('a document is split', () => {
  test('at its headings, each with those that it stands under', () => {
    const text = lines(
      'Before all.',
      '# Restarts',
      '## Meaning',
      'It restarts.',
      '### In detail ###',
      'Often.',
      '## Impact',
      'Few serve.',
    );
    expect(passagesOf('Restarts', text)).toEqual([
      { headings: ['Restarts'], text: 'Before all.' },
      { headings: ['Restarts', 'Meaning'], text: 'It restarts.' },
      { headings: ['Restarts', 'Meaning', 'In detail'], text: 'Often.' },
      { headings: ['Restarts', 'Impact'], text: 'Few serve.' },
    ]);
  });

  test.each([
    ['not in code', lines('```sh', '# no heading', '```', 'after'), 1],
    ['not in code with other marks inside', lines('~~~', '```', '# no heading', '~~~'), 1],
    ['not at a hash without a blank', '#hashtag', 1],
    ['after code that ended', lines('```', '```', '# Heading', 'text'), 2],
    ['with any ends of lines', 'one\r\n# Heading\r\ntwo', 2],
  ])('%s', (_name, text, count) => {
    expect(passagesOf('Title', text)).toHaveLength(count);
  });

  test('without what is before it for machines', () => {
    expect(passagesOf('T', lines('---', 'weight: 20', '---', 'text'))).toEqual([
      { headings: ['T'], text: 'text' },
    ]);
    expect(passagesOf('T', lines('---', 'text'))[0]?.text).toBe('---\ntext');
  });

  test('into its title alone when there is nothing else', () => {
    expect(passagesOf('Title', '# Heading\n\n')).toEqual([{ headings: ['Title'], text: 'Title' }]);
  });

  test('between paragraphs where it is long', () => {
    const paragraph = 'word '.repeat(130).trim();
    const texts = passagesOf('T', [paragraph, paragraph, paragraph].join('\n\n')).map(({ text }) => text);
    expect(texts).toEqual([paragraph, paragraph, paragraph]);
  });

  test('but no further than two hundred times', () => {
    expect(passagesOf('T', 'x'.repeat(1200 * 300))).toHaveLength(200);
  });
});

test('no passage is too long, none is empty, and nothing but blanks is lost', () => {
  const unit = fc.constantFrom('word', ' ', '. ', '\n', '\n\n', 'x'.repeat(700), '😀', '# h\n', '```');
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 60 }), (units) => {
      const text = units.join('').replace(/#/g, '');
      const passages = passagesOf('T', text).map((passage) => passage.text);
      expect(passages.every(({ length }) => length > 0 && length <= 1200)).toBe(true);
      expect(passages.every((passage) => passage.isWellFormed())).toBe(true);
      const bare = (value: string): string => value.replace(/\s/g, '');
      expect(passages.map(bare).join('')).toBe(bare(text) === '' ? 'T' : bare(text));
    }),
  );
});
