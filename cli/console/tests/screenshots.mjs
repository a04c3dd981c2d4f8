// Takes screenshots of the page: `node screenshots.mjs FOLDER`.
import { mkdir } from 'node:fs/promises';
import { ConsoleBrowser, desk, openTab, phone } from './console_browser.mjs';
import { MockServer } from './mock_server.mjs';

const folder = process.argv[2];
await mkdir(folder, { recursive: true });
const server = await new MockServer().start();
const browser = await new ConsoleBrowser().start();
server.pushSamples();
await server.load(40, 0.2);
const devices = { desk, 'desk-dark': { ...desk, colorScheme: 'dark' }, phone, 'phone-dark': { ...phone, colorScheme: 'dark' } };
for (const [name, options] of Object.entries(devices)) {
  const page = await browser.open(server.url, options);
  for (const tab of ['Handlers and channels', 'Send', 'Live', 'Client', 'Start and rebuild']) {
    await openTab(page, tab);
    await page.waitForTimeout(300);
    await page.screenshot({ path: `${folder}/${name}-${tab.split(' ')[0].toLowerCase()}.png` });
  }
  await page.context().close();
}
await browser.stop();
await server.stop();
