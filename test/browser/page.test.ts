import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { renderPage } from '../../src/cli/backtest/page.ts';
import { backtestFixture } from '../support/backtest-fixture.ts';

/** HTML in everything that comes from outside. */
const EVIL =
  '<script>globalThis.evil = 1</script><img src="http://localhost/x" onerror="globalThis.evil = 2">';
const REASON = `because of ${EVIL}`;
const RESULT = backtestFixture({ traces: 2, days: 6, firstName: EVIL, why: REASON });

const SIZES: [string, { width: number; height: number }][] = [
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
];

let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'autonomic-page-'));
  writeFileSync(join(folder, 'page.html'), renderPage(RESULT));
  const args = await puppeteer.defaultArgs({ args: chromium.args, headless: 'shell' });
  const executablePath = await chromium.executablePath();
  // A browser takes its language from here; that of "C" is none that JavaScript's Intl knows.
  const env = { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' };
  browser = await puppeteer.launch({ args, executablePath, headless: 'shell', env });
}, 60_000);

afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

describe.each(SIZES)('the page of a backtest on a %s', (_, size) => {
  let page: Page;
  const complaints: string[] = [];
  const requests: string[] = [];

  beforeAll(async () => {
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.setViewport(size);
    await page.goto(pathToFileURL(join(folder, 'page.html')).href, { waitUntil: 'load' });
  });

  afterAll(async () => {
    await page.close();
    // After all that the tests below did.
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:'))).toHaveLength(1);
  });

  test('is no wider than the window', async () => {
    const widths = await ask(page, '[document.documentElement.scrollWidth, innerWidth]');
    expect(widths).toEqual([size.width, size.width]);
  });

  test('has every contender in its table, with its figures', async () => {
    const names = await ask(
      page,
      '[...document.querySelectorAll("[data-contender]")].map((row) => row.dataset.contender)',
    );
    expect(names).toEqual(RESULT.summary.map(({ name }) => name));
    const cost = RESULT.summary[1]!.medianCostOverOracle.toFixed(2);
    expect(await textOf(page, '[data-contender=hpa] > td')).toContain(cost);
  });

  test('shows HTML in a name as text and does not run it', async () => {
    expect(await textOf(page, 'a[data-trace="0"]')).toBe(EVIL);
    expect(await ask(page, 'globalThis.evil')).toBeUndefined();
  });

  test('draws the lines of the chosen contenders, and of others when they are chosen', async () => {
    expect(await inkOf(page, 'replicas', '--c0')).toBeGreaterThan(200);
    expect(await inkOf(page, 'replicas', '--c1')).toBeGreaterThan(200);
    for (const kind of ['demand', 'slow', 'slowSoFar', 'cost'])
      expect(await inkOf(page, kind, kind === 'demand' ? '--ink' : '--c0')).toBeGreaterThan(50);
    expect(await inkOf(page, 'replicas', '--c2')).toBe(0);
    await page.click('input[value=keda]');
    await painted(page);
    expect(await inkOf(page, 'replicas', '--c2')).toBeGreaterThan(200);
    await page.click('input[value=keda]');
  });

  test('shows the reason of a decision that is pointed at, as text', async () => {
    await page.click('[data-zoom=day]');
    await ask(page, 'document.querySelector("[data-plot=replicas]").scrollIntoView({ block: "center" })');
    const plot = await page.$('[data-plot=replicas] .u-over');
    const box = await plot?.boundingBox();
    if (!box) throw new Error('the plot of replicas is not on the page');
    let text = '';
    for (let x = 0.3; x < 0.7 && text === ''; x += 0.01) {
      await page.mouse.move(box.x + box.width * x, box.y + box.height / 2);
      await painted(page);
      text = await textOf(page, '#reason:not([hidden])');
    }
    expect(text).toMatch(/^\w{3} 2026-03-\d\d \d\d:\d\d UTC: \d+ → \d+ replicas/);
    expect(text).toContain(REASON);
    expect(await textOf(page, '#reading')).toMatch(/Autonomic: \d+ replicas/);
    const right = await ask(page, 'document.getElementById("reason").getBoundingClientRect().right');
    expect(right).toBeLessThanOrEqual(size.width);
  });

  test('is read with the keyboard alone', async () => {
    await page.mouse.move(1, 1);
    await page.focus('#plots');
    await page.keyboard.press('ArrowRight');
    await painted(page);
    const first = await textOf(page, '#reading');
    await page.keyboard.press('ArrowRight');
    await painted(page);
    expect(first).toMatch(/^\w{3} 2026-03-\d\d \d\d:\d\d UTC · demand/);
    expect(await textOf(page, '#reading')).not.toBe(first);
  });

  test('lists the decisions of the time shown', async () => {
    await page.click('#decisions > summary');
    await page.waitForSelector('#decisions tbody tr');
    expect(await textOf(page, '#decisions tbody tr')).toContain(REASON);
    await page.click('[data-zoom=all]');
    await painted(page);
    expect(await textOf(page, '#decisions p')).toMatch(/The first 200 of \d+ are listed/);
  });

  test('goes to a workload from its row', async () => {
    await ask(page, 'document.querySelector(\'a[data-trace="1"]\').click()');
    await painted(page);
    expect(await ask(page, 'document.getElementById("trace").value')).toBe('1');
    expect(await inkOf(page, 'replicas', '--c0')).toBeGreaterThan(200);
  });

  test('is drawn in the dark scheme too', async () => {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    await painted(page);
    expect(await ask(page, 'getComputedStyle(document.body).backgroundColor')).toBe('rgb(18, 22, 27)');
    expect(await inkOf(page, 'replicas', '--c0')).toBeGreaterThan(200);
  });
});

/** What an expression is within the page. As text: these tests are compiled without a browser's types. */
async function ask(page: Page, expression: string): Promise<unknown> {
  return page.evaluate(expression);
}

/** Text of the first element that a selector finds; empty when there is none. */
async function textOf(page: Page, selector: string): Promise<string> {
  return String(await ask(page, `document.querySelector(${JSON.stringify(selector)})?.textContent ?? ''`));
}

/** Until the browser has drawn what was asked for. */
async function painted(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done())))',
  );
}

/** Number of pixels of a plot that have the colour of a custom property. */
async function inkOf(page: Page, plot: string, property: string): Promise<number> {
  return (await page.evaluate(`(() => {
    const wanted = getComputedStyle(document.documentElement).getPropertyValue('${property}').trim();
    const [r, g, b] = [1, 3, 5].map((at) => parseInt(wanted.slice(at, at + 2), 16));
    const canvas = document.querySelector('[data-plot=${plot}] canvas');
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    let pixels = 0;
    for (let at = 0; at < data.length; at += 4)
      if (data[at + 3] > 200 && Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) < 12) pixels += 1;
    return pixels;
  })()`)) as number;
}
