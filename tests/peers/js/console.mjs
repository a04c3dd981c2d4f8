// The console of a new project under `cargo centrifugo dev`: each tab is used, and a changed handler answers.
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTab, pictures, sendForm, shows, withConsole } from './console_page.mjs';

const [url, chromium, folder, screenshots] = process.argv.slice(2);
const picture = pictures(screenshots);
// The first build takes minutes if nothing of it was built before. So does the build of one change if another build holds the folder.
const build = { timeout: 600_000 };

const source = (name) => join(folder, 'src', name);
async function change(name, old, text) {
  const content = await readFile(source(name), 'utf8');
  assert.ok(content.includes(old), `${old} is not in ${name}`);
  await writeFile(source(name), content.replace(old, text));
}

await withConsole(url, chromium, async (page) => {
  const ready = (options) => page.locator('#phase').getByText('Ready').waitFor(options);
  const log = page.locator('#client-log');
  const button = (name) => page.getByRole('button', { name, exact: true });
  /** Calls the method, and returns the line of the answer. The lines of earlier calls stay in the log. */
  const call = async () => {
    await log.locator('li').evaluateAll((lines) => lines.forEach((line) => line.classList.add('earlier')));
    await button('Call').click();
    return log.locator('li:not(.earlier)', { hasText: 'rpc greet: ' }).innerText();
  };

  // Handlers and channels: while the first build runs, and after it.
  await shows(page, '#phase', /Building|Starting|Ready/);
  await ready(build);
  await shows(page, '#centrifugo', 'Centrifugo 6.9', build);
  await page.locator('#handler-list .item', { hasText: 'greet' }).click();
  for (const text of ['Greets somebody on behalf of the user.', 'src/greet.rs:', 'UserId, Json<Greet>', 'Nothing is wrong.', 'The name of somebody.']) {
    await shows(page, '#handler-detail', text);
  }
  await picture(page, 'handlers');
  await page.locator('#handler-list .item', { hasText: 'A room: its name' }).click();
  await shows(page, '#handler-detail', 'history_ttl');
  // The token of the client tab means that the connect handler is not asked, which the check says.
  await page.locator('#handler-list .item', { hasText: 'connect' }).first().click();
  await shows(page, '#handler-detail', 'the connect handler is not asked');

  // Send: an answer, an error with its case, and a wrong type with the line of the log.
  await openTab(page, 'Send');
  await page.locator('#send-user').fill('ann');
  await page.locator('#send-handler').selectOption({ label: 'rpc greet' });
  await page.locator('#send-fields').getByLabel('whom').fill('bob');
  await sendForm(page);
  await shows(page, '#send-answer', 'ann greets bob');
  await page.locator('#send-data').fill('{"whom": 7}');
  await shows(page, '#send-data-status', 'must be a string');
  await sendForm(page);
  await shows(page, '#send-answer', 'bad request', { exact: false });
  await shows(page, '#send-answer', 'expected a string');
  await page.locator('#send-handler').selectOption({ label: 'publish room:{name}' });
  await page.locator('#send-fields').getByLabel('text').fill(' ');
  await sendForm(page);
  await shows(page, '#send-answer', 'AppError::EmptyLine');
  await page.locator('#send-fields').getByLabel('text').fill('Good morning!');
  await sendForm(page);
  await shows(page, '#send-answer', '"by": "ann"');
  await picture(page, 'send');

  // Client: with a token, and as a visitor whom the connect handler lets in.
  await openTab(page, 'Client');
  await button('Connect').click();
  await shows(page, '#client-state', 'connected', { exact: true });
  await button('Disconnect').click();
  await page.locator('#client-user').fill('ann');
  await button('Connect').click();
  await shows(page, '#client-state', 'connected', { exact: true });
  await page.locator('#subscribe-channel').fill('room:tea');
  await button('Subscribe').click();
  await shows(page, '#client-log', '"welcome to tea"');
  await page.getByLabel('Data to publish to room:tea').fill('{"text":"hello"}');
  for (const [name, answer] of [['Publish', 'publish: ok'], ['Presence', 'presence: ok'], ['Presence stats', 'presence stats: ok'], ['History', 'history: ok']]) {
    await button(name).click();
    await shows(page, '#client-log', answer);
  }
  await shows(page, '#client-log', '{"by":"ann","text":"hello"}');
  await page.locator('#rpc-method').fill('greet');
  assert.match(await call(), /ann greets whom/);
  await button('Cut the network').click();
  await shows(page, '#client-log', 'subscribed, recovered');
  await picture(page, 'client');

  // Live: what happened so far, filtered, sent again, and saved as a recording.
  await openTab(page, 'Live');
  const rows = page.locator('.event-row:visible');
  await page.getByLabel('Kind').selectOption('publish');
  await shows(page, '#live-count', /^3 of \d+ events$/);
  await page.getByLabel('Outcome').selectOption('error');
  await shows(page, '#live-count', /^1 of \d+ events$/);
  await rows.first().click();
  await shows(page, '#event-detail', 'write something first');
  await button('Send again').click();
  await shows(page, '#live-count', /^2 of \d+ events$/);
  await page.locator('#event-detail').getByRole('button', { name: 'Copy as invoke' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(command, /^cargo centrifugo invoke publish room:1 --user ann --data '\{"text":" "\}' --client /);
  await button('Show all').click();
  await page.locator('#filter-text').fill('whom');
  await shows(page, '#live-count', /^3 of \d+ events$/);
  await rows.filter({ hasText: 'bad request' }).click();
  await shows(page, '#event-detail', 'client message refused');
  await button('Show all').click();
  await shows(page, '#live-count', /^\d+ events$/);
  await picture(page, 'live');
  await page.locator('#live-save').click();
  await page.getByLabel('File in the project').fill('events.jsonl');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await shows(page, '#recording-status', /events saved to/);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  // A change of a handler, seen by the client that stays connected.
  await openTab(page, 'Client');
  const before = await page.locator('#client-reconnects').innerText();
  const changed = performance.now();
  await change('greet.rs', 'greets', 'welcomes');
  while (!(await call()).includes('ann welcomes whom')) assert.ok(performance.now() - changed < build.timeout, 'the change is not live');
  console.log(`a changed handler was live after ${((performance.now() - changed) / 1000).toFixed(1)} s`);
  assert.equal(await page.locator('#client-reconnects').innerText(), before);

  // Start and rebuild: an error of the compiler, while the old program goes on.
  await openTab(page, 'Start and rebuild');
  await change('main.rs', 'fn main', 'fn broken() -> u8 { "no" }\n\nfn main');
  await shows(page, '#build-messages', 'mismatched types', build);
  await shows(page, '#start-problem-list', /src\/main\.rs:\d+/);
  await openTab(page, 'Client');
  assert.match(await call(), /ann welcomes whom/);
  // A program that does not start: two handlers for one method.
  await openTab(page, 'Start and rebuild');
  await change('main.rs', 'fn broken() -> u8 { "no" }', '#[centrifugo::rpc("greet")]\nfn twin() {}');
  await shows(page, '#start-problem-list', /greet/, build);
  await shows(page, '#start-problem-list', /src\/(main|greet)\.rs:\d+/);
  await change('main.rs', '#[centrifugo::rpc("greet")]\nfn twin() {}', '');
  await ready(build);
  await shows(page, '#configuration', '"name": "room"');
  await page.locator('#start-problems').waitFor({ state: 'hidden' });
});
