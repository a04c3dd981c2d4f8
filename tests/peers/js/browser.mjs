// Chromium, with the page's errors collected: whatever a page complains about fails the test.
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const centrifuge = readFileSync(new URL('node_modules/centrifuge/dist/centrifuge.js', import.meta.url));

/** Runs `test` with a browser, and gives the errors of all its pages. */
export async function withBrowser(executablePath, test) {
  const errors = [];
  // With a profile of its own, which playwright makes and removes.
  const browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 });
  /** A browser of somebody else: nothing is shared with the others. */
  const somebody = async (who, options) => {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(15_000);
    // What the CDN serves is the file of the npm package; the page's `integrity` is checked against it.
    await context.route('https://cdn.jsdelivr.net/npm/centrifuge@5.8.0/dist/centrifuge.js', (route) =>
      route.fulfill({
        body: centrifuge,
        contentType: 'application/javascript; charset=utf-8',
        headers: { 'access-control-allow-origin': '*' },
      }),
    );
    const page = await context.newPage();
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) errors.push(`${who}: ${message.text()}`);
    });
    page.on('pageerror', (error) => errors.push(`${who}: ${error.stack}`));
    page.on('requestfailed', (request) => errors.push(`${who}: ${request.url()} ${request.failure()?.errorText}`));
    return page;
  };
  try {
    await test(somebody);
  } catch (error) {
    // They often say why.
    console.error('errors of the pages so far:', errors);
    throw error;
  } finally {
    await browser.close();
  }
  return errors;
}
