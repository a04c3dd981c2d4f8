// The chat on a phone of 390 px: nothing is wider than the screen, and all buttons are large enough for fingers.
import assert from 'node:assert/strict';
import { alert, button, comesIn, enters, message, opensRooms, people, phone, room, runTest, says, seen, url } from './chat_page.mjs';

/** The least size of a target in CSS pixels (WCAG 2.5.5). */
const TARGET = 44;

/** Checks what is visible now. */
async function fits(page, where) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${where}: the page is ${width} px wide`);
  for (const target of await page.locator('button:visible, input:visible, textarea:visible').all()) {
    // Drawers slide in.
    const { x, width, height } = await target.boundingBox();
    const text = await target.evaluate((element) => element.outerHTML.slice(0, 80));
    assert.ok(width >= TARGET && height >= TARGET, `${where}: ${width} x ${height} px: ${text}`);
    assert.ok(x >= 0 && x + width <= 390, `${where}: outside of the screen at ${x}: ${text}`);
  }
}

/** The background as [red, green, blue]. */
const background = (page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number));

await runTest(async (somebody) => {
  // Without transitions, so that a drawer is at its place when it is visible.
  const page = await somebody('phone', { ...phone, reducedMotion: 'reduce' });
  const friend = await somebody('friend', phone);
  await page.goto(url);
  await fits(page, 'login');
  const meta = await page.locator('meta[name=viewport]').getAttribute('content');
  assert.match(meta, /width=device-width/);
  assert.match(meta, /initial-scale=1/);
  // iOS zooms in on text fields with a smaller font.
  const size = await page.getByLabel('Your name').evaluate((input) => parseFloat(getComputedStyle(input).fontSize));
  assert.ok(size >= 16, `${size} px`);

  // The longest name, a long word and a long message.
  await comesIn(page, 'Maximilian_Alexander');
  await comesIn(friend, 'Friend_with_a_name_x');
  await fits(page, 'room');
  const word = 'x'.repeat(200);
  await says(page, word);
  await seen(message(page, word));
  await says(page, 'A message of many words. '.repeat(15));
  await seen(message(page, 'of many words'));
  await fits(page, 'long messages');

  await opensRooms(page);
  await seen(room(page, 'vault'));
  await fits(page, 'rooms');
  await button(page, 'Link a device').click();
  await seen(page.getByLabel('Address'));
  await fits(page, 'link');
  await button(page, 'Close').click();
  await room(page, 'vault').click();
  await seen(page.getByLabel('Password'));
  await fits(page, 'password');
  await button(page, 'Cancel').click();
  await page.getByRole('button', { name: 'People here' }).click();
  await seen(people(page).getByRole('button', { name: 'Ban Friend_with_a_name_x' }));
  await fits(page, 'people');
  await page.keyboard.press('Escape');

  await says(friend, '@Maximilian_Alexander '.repeat(10));
  await enters(page, 'tea');
  await seen(message(page, 'Welcome'));
  await says(friend, '@Maximilian_Alexander are you there?');
  await seen(alert(page, 'mentioned you'));
  await fits(page, 'mention');

  // The scheme of the system decides.
  const dark = await background(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await background(page);
  assert.ok(Math.max(...dark) < 64 && Math.min(...light) > 192, `${dark} and ${light}`);
  await fits(page, 'light');
});
