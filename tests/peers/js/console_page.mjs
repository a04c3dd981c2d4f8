// The page of the console, opened for a test.
import { ConsoleBrowser, openTab } from '../../../cli/console/tests/console_browser.mjs';
import { join } from 'node:path';

export { openTab };

/** Runs a test with the page at an address. Whatever the page complains about fails it. */
export async function withConsole(url, executable, test) {
  process.env.CHROMIUM = executable;
  const browser = await new ConsoleBrowser().start();
  const page = await browser.open(url);
  // Programs and Centrifugo start while the page is used. On a machine that builds something else, that takes longer.
  page.setDefaultTimeout(60_000);
  try {
    await test(page, browser);
  } catch (error) {
    console.error(await page.locator('main').innerText().catch(() => 'no page'));
    console.error('errors of the page so far:', browser.errors);
    throw error;
  } finally {
    await browser.stop();
  }
  if (browser.errors.length > 0) throw new Error(`errors of the page: ${browser.errors.join('\n')}`);
}

/** Waits until a place shows a text. */
export const shows = (page, place, text, options) => page.locator(place).getByText(text, options).first().waitFor(options);

/** Sends the form, and waits for the answer to it. */
export async function sendForm(page) {
  const answered = page.waitForResponse((response) => response.url().endsWith('/api/send'));
  await page.locator('#send-submit').click();
  const response = await answered;
  const answer = await response.json();
  await shows(page, '#send-answer', answer.outcome, { exact: true });
  return answer;
}

/** Takes screenshots if there is a folder for them. */
export const pictures = (folder) => async (page, name) => {
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) });
};
