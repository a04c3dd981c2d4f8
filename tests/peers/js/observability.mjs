// Screenshots of Prometheus' own pages. Usage: observability.mjs ADDRESS CHROMIUM FOLDER
import { chromium } from 'playwright-core';

const [address, executablePath, folder] = process.argv.slice(2);
const expression = 'sum by (handler, outcome) (rate(centrifugo_backend_events_total{outcome!="ok"}[10s]))';
const graph = new URLSearchParams({
  'g0.expr': expression,
  'g0.tab': '0',
  'g0.stacked': '0',
  'g0.range_input': '1m',
  'g0.step_input': '1',
});
const browser = await chromium.launch({ executablePath, args: ['--headless', '--no-sandbox', '--disable-gpu'] });
const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 900, height: 900 } });
const page = await context.newPage();
await page.goto(`http://${address}/graph?${graph}`);
// Debian's Prometheus has the older pages, below /classic.
const root = page.url().includes('/classic/') ? `http://${address}/classic` : `http://${address}`;
// Until the graph has a line for most of its minute.
await page.waitForTimeout(45_000);
await page.getByRole('button', { name: 'Execute' }).click();
await page.waitForTimeout(2_000);
await page.mouse.wheel(0, 60);
await page.waitForTimeout(500);
await page.screenshot({ path: `${folder}/graph.png` });
await page.goto(`${root}/alerts`);
await page.waitForTimeout(2_000);
// Without the temporary folder of the file.
await page.evaluate(() => {
  for (const element of document.querySelectorAll('*')) {
    for (const node of element.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(/\S*\/(?=alerts\.yml)/, '');
    }
  }
});
await page.screenshot({ path: `${folder}/alerts.png`, clip: { x: 0, y: 0, width: 900, height: 600 } });
await browser.close();
