// Sends an event to each handler of a program from the form of the console, without Centrifugo.
import assert from 'node:assert/strict';
import { openTab, sendForm, shows, withConsole } from './console_page.mjs';

const [url, chromium, , program] = process.argv.slice(2);

// What the handlers of the program answer: its outcome, and a part of the answer.
const expected = {
  tour: {
    'connect (connect)': ['{"token":"t-ann"}', 'ok', '"user": "ann"'],
    'refresh (refresh)': ['', 'ok', '"expire_at"'],
    'subscribe news:*': ['', 'ok', 'welcome to news:1'],
    'sub_refresh news:*': ['', 'ok', '"expire_at"'],
    'publish chat:{room}': ['{"text":" hi "}', 'ok', '"text": "hi"'],
    'rpc echo': ['{"$bytes":"AP8="}', 'ok', 'AP8='],
    'rpc square/{number}': ['', 'ok', '"data": 1'],
    'rpc wait': ['1', 'ok', ''],
    'rpc tenant': ['', 'ok', '"none"'],
    'rpc divide': ['[1,0]', 'failed', 'attempt to divide by zero'],
    'rpc forever': ['', 'timeout', 'handler timed out'],
    'rpc disk': ['', 'ok', 'false'],
    'notify_channel_state (channel_state)': [null, 'ok', 'channel channel is occupied'],
    'notify_cache_empty board:*': ['', 'ok', ''],
  },
  direct: {
    'subscribe_stream ticks:{how}': ['', 'ok', '"ann"'],
    'subscribe_stream talk:{room}': ['', 'ok', ''],
    'map_publish slots:{board}': ['{"n":1}', 'ok', '"n": 1'],
    'map_remove slots:*': ['', 'ok', '"gone": "yes"'],
    'shared_poll_refresh prices:{market}': ['[{"key":"gold","version":0}]', 'ok', '"market": "1"'],
  },
}[program];

await withConsole(url, chromium, async (page) => {
  await openTab(page, 'Send');
  await page.locator('#send-handler option', { hasText: Object.keys(expected)[0] }).waitFor({ state: 'attached' });
  const labels = await page.locator('#send-handler optgroup:not(:last-child) option').allTextContents();
  // The tour is sent as a whole.
  if (program === 'tour') assert.deepEqual(labels.toSorted(), Object.keys(expected).toSorted());
  for (const [label, [data, outcome, text]] of Object.entries(expected)) {
    await page.locator('#send-handler').selectOption({ label });
    await page.locator('#send-user').fill('ann');
    if (data !== null) await page.locator('#send-data').fill(data);
    if (await page.locator('#send-key').isVisible()) await page.locator('#send-key').fill('k');
    const answer = await sendForm(page);
    assert.equal(answer.outcome, outcome, `${label}: ${JSON.stringify(answer)}`);
    if (text !== '') await shows(page, '#send-answer', text);
  }
  await openTab(page, 'Live');
  await shows(page, '#live-count', `${Object.keys(expected).length} events`);
  if (program === 'direct') {
    await page.getByLabel('Kind').selectOption('subscribe_stream');
    await page.locator('.event-row:visible', { hasText: 'ticks:1' }).click();
    await shows(page, '#event-detail', '← to the client');
    // A map is sent again with its key.
    await page.getByLabel('Kind').selectOption('map_remove');
    const removals = page.locator('.event-row:visible', { hasText: 'map_remove' });
    await removals.click();
    await page.getByRole('button', { name: 'Send again' }).click();
    await removals.nth(1).waitFor();
    await page.locator('.event-row[aria-posinset="1"]:visible').click();
    await page.locator('#event-detail .facts div', { hasText: 'Key' }).getByText('k', { exact: true }).waitFor();
  }
  // Without Centrifugo, everything but this tab works.
  await openTab(page, 'Client');
  await shows(page, '#client-missing', 'Centrifugo does not run');
});
