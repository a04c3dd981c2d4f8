// What the tests of the chat's page have in common: its address, its viewports and the steps of a user.
import { withBrowser } from './browser.mjs';
import assert from 'node:assert/strict';

/** The arguments of each test: the page, Chromium, and a folder for screenshots when they are wanted. */
export const [url, chromium, screenshots] = process.argv.slice(2);

export const desk = { viewport: { width: 1280, height: 800 } };
export const phone = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
  colorScheme: 'dark',
};

export const button = (page, name) => page.getByRole('button', { name, exact: true });
export const messages = (page) => page.getByRole('log', { name: 'Messages' });
export const message = (page, text) => messages(page).getByRole('listitem').filter({ hasText: text });
export const people = (page) => page.getByRole('complementary', { name: 'People here' });
export const alert = (page, text) => page.getByRole('alert').filter({ hasText: text });
export const room = (page, name) => page.getByRole('navigation').getByRole('button', { name });
export const seen = (locator, options) => locator.waitFor(options);

export async function login(page, name) {
  await page.goto(url);
  await page.getByLabel('Your name').fill(name);
  await button(page, 'Enter the chat').click();
}

export async function comesIn(page, name) {
  await login(page, name);
  await seen(message(page, `Welcome, ${name}!`));
}

export async function says(page, text) {
  await page.getByLabel('Message', { exact: true }).fill(text);
  await button(page, 'Send').click();
}

/** Opens the list of rooms, which is a drawer on a phone. */
export async function opensRooms(page) {
  if (await button(page, 'Rooms').isVisible()) await button(page, 'Rooms').click();
}

export async function enters(page, name) {
  await opensRooms(page);
  await room(page, name).click();
}

/** Runs the test. Errors and warnings in the console of a page fail it, except for those that `isExpected`. */
export async function runTest(test, isExpected = () => false) {
  setTimeout(() => process.exit(2), 180_000).unref();
  const errors = await withBrowser(chromium, test);
  assert.deepEqual(errors.filter((error) => !isExpected(error)), []);
}
