import { backtestFixture } from '../../../test/support/backtest-fixture.ts';
import type { BacktestResult } from '../backtest-result.ts';
import { renderPage, type PageAssets } from './page.ts';
import type { PageData } from './page-data.ts';

const ASSETS: PageAssets = {
  plotScript: 'var uPlot = "</script>";',
  plotStyle: '.u{}',
  scripts: ['const a = 1;', 'const b = 2;'],
};
const SMALL = backtestFixture({ traces: 2, days: 6 });

const dataOf = (page: string): PageData =>
  JSON.parse(
    /<script type="application\/json" id="backtest">(.*?)<\/script>/s.exec(page)?.[1] ?? '',
  ) as PageData;

describe('the page of a backtest', () => {
  const page = renderPage(SMALL, ASSETS);

  test('names every contender in its table and every workload', () => {
    for (const { name, title } of SMALL.summary) {
      expect(page).toContain(`<tr data-contender="${name}">`);
      expect(page).toContain(title.replaceAll("'", '&#39;'));
    }
    for (const { name } of SMALL.traces) expect(page).toContain(`>${name}</a>`);
  });

  test('says how it was computed, what it does not know, and with which configuration', () => {
    expect(page).toContain('at most 1 % of all requests wait longer than 300 ms');
    expect(page).toContain('Memory: it is never short.');
    expect(page).toContain(SMALL.config.hash);
    expect(page).toContain('rules of HPA on CPU');
    expect(page).toContain('An imaginary contender that knows the future course');
  });

  test('does not list as unknown what was simulated', () => {
    const faults = { blackoutSecondsPerDay: 300, nodeLossesPerWeek: 1, refusedWriteShare: 0.01 };
    const config = { ...SMALL.config, faults };
    expect(page).toContain('no node is lost');
    expect(renderPage({ ...SMALL, config }, ASSETS)).not.toContain('no node is lost');
  });

  test('runs nothing and shows everything of a name or reason that is HTML', () => {
    const evil = '<script>alert(1)</script><img src=x onerror=alert(2)>.csv';
    const hostile = renderPage(
      backtestFixture({ traces: 1, days: 6, firstName: evil, why: '</script><script>alert(3)</script>' }),
      ASSETS,
    );
    expect(hostile).not.toContain('<script>alert');
    expect(hostile).not.toContain('<img');
    expect(hostile).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(2)&gt;.csv');
    expect(dataOf(hostile).traces[0]?.name).toBe(evil);
    expect(dataOf(hostile).traces[0]?.contenders[0]?.decisions[0]?.[3]).toBe(
      '</script><script>alert(3)</script>',
    );
  });

  test('asks for nothing from anywhere', () => {
    const attributes = page.matchAll(/\s(?:src|href|action)="([^"]*)"/g);
    expect([...new Set([...attributes].map(([, target]) => target))]).toEqual(['data:,', '#explorer']);
    expect(page).toContain('default-src &#39;none&#39;');
    expect(page).not.toMatch(/url\(|@import/);
  });

  test('says that an interrupted run is not complete', () => {
    const partial = { done: 3, planned: 26, message: 'interrupted after 3 of 26 simulations' };
    const text = renderPage({ ...SMALL, partial }, ASSETS);
    expect(text).toContain('3 of 26 simulations were done');
    expect(text).toContain(partial.message);
  });

  test('stays below 10 MB for 14 workloads of 21 days and 13 contenders', () => {
    const large = renderPage(backtestFixture({ traces: 14, days: 21 }), ASSETS);
    expect(large.length).toBeLessThan(10_000_000);
  });

  test('holds coarser series and fewer decisions of a longer run', () => {
    const reason = 'a long reason '.repeat(40);
    const large = renderPage(
      backtestFixture({ traces: 20, days: 42, why: reason, names: ['autonomic', 'hpa', 'keda', 'kpa'] }),
      ASSETS,
    );
    expect(large.length).toBeLessThan(10_000_000);
    const [trace] = dataOf(large).traces;
    expect(trace?.stepSeconds).toBeGreaterThan(300);
    expect(trace?.contenders[0]?.decisions.length).toBeLessThan(trace?.contenders[0]?.changes ?? 0);
  });

  test('has its tables without series too', () => {
    const bare = renderPage(backtestFixture({ traces: 1, days: 6, record: false }), ASSETS);
    expect(bare).toContain('This run kept no series over time.');
    expect(bare).toContain('<tr data-contender="hpa">');
  });

  const odd: [string, BacktestResult][] = [
    ['one workload and one contender', backtestFixture({ traces: 1, days: 6, names: ['hpa'] })],
    ['no result at all', { ...SMALL, traces: [], summary: [] }],
    ['days too few to show how they went', backtestFixture({ traces: 2, days: 5 })],
  ];
  test.each(odd)('can be made of %s', (_, result) => {
    const text = renderPage(result, ASSETS);
    // Base64 may spell anything: only what people read is looked at.
    const read = text.replace(/<script.*?<\/script>/gs, '');
    expect(/.{0,60}(NaN|undefined|Infinity).{0,60}/.exec(read)?.[0]).toBeUndefined();
  });

  test('is the same bytes for the same result', () => {
    expect(renderPage(backtestFixture({ traces: 2, days: 6 }), ASSETS)).toBe(page);
  });
});
