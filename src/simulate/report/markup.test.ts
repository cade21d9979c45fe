import fc from 'fast-check';
import { embeddedJson, embeddedScript, markup, type Markup } from './markup.ts';

describe('markup with values in it', () => {
  const cases: [string, Markup, string][] = [
    [
      'escapes text',
      markup`<p>${'<script>alert("x")</script> & \'y\''}</p>`,
      '<p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;</p>',
    ],
    ['keeps what is HTML already', markup`<p>${markup`<b>${'<'}</b>`}</p>`, '<p><b>&lt;</b></p>'],
    [
      'joins a list',
      markup`<ul>${['a', 'b'].map((one) => markup`<li>${one}</li>`)}</ul>`,
      '<ul><li>a</li><li>b</li></ul>',
    ],
    ['leaves out what is not there', markup`<p>${undefined}</p>`, '<p></p>'],
    ['writes numbers', markup`<p>${0}</p>`, '<p>0</p>'],
  ];
  test.each(cases)('%s', (_, found, expected) => {
    expect(found.text).toBe(expected);
  });

  test('never lets text open a tag or leave an attribute', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(markup`${text}`.text).not.toMatch(/[<>"']/);
      }),
    );
  });

  test('embeds a document that gives back the same value and cannot end its element', () => {
    const value = { name: '</script><script>alert(1)</script><!--', other: ['&lt;', '\u2028'] };
    const { text } = embeddedJson('data', value);
    const inner = /^<script type="application\/json" id="data">(.*)<\/script>$/s.exec(text)?.[1] ?? '';
    expect(inner).not.toContain('<');
    expect(JSON.parse(inner)).toEqual(value);
  });

  test('embeds a program whose strings cannot end its element', () => {
    expect(embeddedScript('const a = "</script>";', 'module').text).toBe(
      '<script type="module">const a = "<\\/script>";</script>',
    );
  });
});
