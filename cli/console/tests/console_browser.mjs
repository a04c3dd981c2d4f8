// Chromium with the console. Whatever the page complains about is collected.
import { createRequire } from 'node:module';

// The packages of the tests with real peers.
const require = createRequire(new URL('../../../tests/peers/js/package.json', import.meta.url));
const { chromium } = require('playwright-core');

export const desk = { viewport: { width: 1360, height: 850 } };
export const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true };

const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export class ConsoleBrowser {
  errors = [];

  async start() {
    this.browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags, timeout: 60_000 });
    return this;
  }

  /** Opens a page in a profile of its own. `isExpected` tells which errors belong to the test. */
  async open(url, options = desk, isExpected = () => false) {
    const context = await this.browser.newContext({ locale: 'en-GB', permissions: ['clipboard-read', 'clipboard-write'], ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const add = (text) => isExpected(text) || this.errors.push(text);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && add(message.text()));
    page.on('pageerror', (error) => add(error.stack));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      if (reason !== 'net::ERR_ABORTED') add(`${request.url()} ${reason}`);
    });
    await page.goto(url);
    return page;
  }

  async stop() {
    await this.browser?.close();
  }
}

/** Opens a tab of the console. */
export const openTab = (page, name) => page.getByRole('tab', { name, exact: true }).click();

/** Returns how much wider than the window the page is. */
export const overflow = (page) => page.evaluate(() => {
  const width = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll('body *')].filter((element) => {
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 1) return false;
    // What scrolls or is clipped inside of its parent does not widen the page.
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      if (getComputedStyle(parent).overflowX !== 'visible' && parent.getBoundingClientRect().right <= width + 1) return false;
    }
    return true;
  });
  return wide.map((element) => `${element.tagName}#${element.id}.${element.className}`).slice(0, 5);
});
