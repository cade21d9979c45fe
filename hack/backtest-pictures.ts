import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Page } from 'puppeteer-core';

const USAGE = `node hack/backtest-pictures.ts PAGE.html [FOLDER]

Takes the documentation's pictures of a backtest's page (kubectl autonomic backtest -o html --output-file PAGE.html):
backtest.png, its beginning, and backtest-over-time.png, a week of its first workload with a decision's reason.
FOLDER is docs/images by default.`;

const WIDTH = 1280;

async function take(file: string, folder: string): Promise<void> {
  const args = await puppeteer.defaultArgs({ args: chromium.args, headless: 'shell' });
  const executablePath = await chromium.executablePath();
  // A browser takes its language from here; that of "C" is none that JavaScript's Intl knows.
  const env = { ...process.env, LANG: 'en_US.UTF-8', LC_ALL: 'en_US.UTF-8' };
  const browser = await puppeteer.launch({ args, executablePath, headless: 'shell', env });
  try {
    const page = await browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    await page.setViewport({ width: WIDTH, height: 900 });
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    mkdirSync(folder, { recursive: true });
    await picture(page, 'main > section:nth-of-type(2)', { from: 'main', path: `${folder}/backtest.png` });
    await pointAtDecision(page);
    await picture(page, '#plots', { from: '#explorer', path: `${folder}/backtest-over-time.png` });
  } finally {
    await browser.close();
  }
}

/** From the top of one element to the bottom of another. */
async function picture(
  page: Page,
  to: string,
  { from, path }: { readonly from: string; readonly path: `${string}.png` },
): Promise<void> {
  const [top, bottom] = (await page.evaluate(`[
    document.querySelector(${JSON.stringify(from)}).getBoundingClientRect().top + scrollY,
    document.querySelector(${JSON.stringify(to)}).getBoundingClientRect().bottom + scrollY,
  ]`)) as [number, number];
  const clip = { x: 0, y: top, width: WIDTH, height: bottom - top + 16 };
  await page.screenshot({ path, clip, captureBeyondViewport: true });
}

/** Walks along the plot until a reason is shown. */
async function pointAtDecision(page: Page): Promise<void> {
  await page.click('[data-zoom=week]');
  await page.evaluate('document.querySelector("[data-plot=replicas]").scrollIntoView({ block: "center" })');
  const box = await (await page.$('[data-plot=replicas] .u-over'))?.boundingBox();
  if (!box) throw new Error('the page has no plot of replicas');
  for (let x = 0.35; x < 0.7; x += 0.005) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height / 2);
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    if (await page.evaluate('!document.getElementById("reason").hidden')) return;
  }
}

const [file, folder = join(import.meta.dirname, '../docs/images')] = process.argv.slice(2);
if (file === undefined) {
  console.error(USAGE);
  process.exitCode = 2;
} else await take(file, folder);
