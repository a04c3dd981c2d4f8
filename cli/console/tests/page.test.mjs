// The page in headless Chromium: each tab, with a server that follows the contract. The tab «Client» has a real Centrifugo.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { CentrifugoProcess, hmacKey } from './centrifugo_process.mjs';
import { ConsoleBrowser, openTab, overflow, phone } from './console_browser.mjs';
import { MockServer } from './mock_server.mjs';

/** @type {ConsoleBrowser} */
let browser;
/** @type {CentrifugoProcess} */
let centrifugo;
/** @type {MockServer} */
let server;

before(async () => {
  browser = await new ConsoleBrowser().start();
  centrifugo = await new CentrifugoProcess().start();
});
after(async () => {
  await browser?.stop();
  await centrifugo?.stop();
});
beforeEach(async () => {
  server = await new MockServer().start();
});
afterEach(async () => {
  const errors = browser.errors.splice(0);
  for (const context of browser.browser.contexts()) await context.close();
  await server.stop();
  assert.deepEqual(errors, [], 'errors of the page');
});

const rows = (page) => page.locator('.event-row:visible');
const texts = (locator) => locator.allTextContents();

test('shows handlers and channel types with their types, errors and findings', async () => {
  const page = await browser.open(server.url);
  await page.getByRole('button', { name: 'order/create' }).click();
  const detail = page.locator('#handler-detail');
  await detail.getByText('The stock is checked first.').waitFor();
  for (const text of ['shop::create_order', 'src/main.rs:80', '900 ms', 'Json<Order>, UserId<i64>, State<Db>', 'AppError::NoSuchUser', 'no such user']) {
    await detail.getByText(text, { exact: false }).first().waitFor();
  }
  await detail.locator('summary', { hasText: 'items' }).click();
  await detail.locator('summary', { hasText: '[item]' }).click();
  await detail.getByText('article').waitFor();
  await detail.locator('summary', { hasText: 'priority' }).click();
  await detail.getByText('Tomorrow.').waitFor();
  await page.getByRole('button', { name: 'chat:{room}' }).first().click();
  await detail.getByText('Clients subscribe to `chat:*` without the handler being asked.').waitFor();
  await detail.getByText('centrifugo.json:14').waitFor();
  await page.getByRole('searchbox', { name: 'Search handlers and channels' }).fill('channel chat');
  assert.equal(await page.locator('#handler-list .item').count(), 1);
  await page.locator('#handler-list .item').click();
  await detail.getByText('history_ttl').waitFor();
  await detail.getByRole('button', { name: 'shop::say' }).click();
  await detail.getByText('Trims a line before it is published.').waitFor();
  assert.ok(await page.getByRole('tab', { name: 'Handlers and channels' }).getByText('2').isVisible());
});

test('takes the token out of the address, and says when it is wrong', async () => {
  const page = await browser.open(server.url);
  await page.locator('.item', { hasText: 'order/create' }).waitFor();
  assert.doesNotMatch(page.url(), /token/);
  await page.reload();
  await page.locator('.item', { hasText: 'order/create' }).waitFor();
  const other = await browser.open(`http://127.0.0.1:${server.port}/`, {}, (text) => /401/.test(text));
  await other.getByText('This page has no valid token.').waitFor();
});

test('sends what the form holds, and shows the answer and its cause', async () => {
  const page = await browser.open(server.url);
  await openTab(page, 'Send');
  await page.locator('#send-handler').selectOption({ label: 'rpc user/get' });
  const fields = page.getByRole('group', { name: 'Fields of the data' });
  const json = page.getByLabel('JSON', { exact: true });
  await fields.getByLabel('id').fill('7');
  assert.deepEqual(JSON.parse(await json.inputValue()), { id: 7 });
  await page.locator('#send-user').fill('42');
  await page.getByText('Headers, meta, client, protocol, time limit').click();
  await page.getByRole('button', { name: 'header', exact: true }).click();
  await page.getByLabel('Name of header 1').fill('x-tenant');
  await page.getByLabel('Value of header 1').fill('a');
  await page.getByLabel('Meta of the connection').fill('{"t":1}');
  await page.getByLabel('Protocol').selectOption('protobuf');
  await page.locator('#send-submit').click();
  const answer = page.locator('#send-answer');
  await answer.getByText('error 404').waitFor();
  await answer.getByText('AppError::NoSuchUser').waitFor();
  await answer.getByText('no user 7 in the database').waitFor();
  await answer.getByText('734 µs').waitFor();
  assert.deepEqual(JSON.parse(server.sent[0]), { kind: 'rpc', method: 'user/get', user: '42', protocol: 'protobuf', headers: { 'x-tenant': 'a' }, data: { id: 7 }, meta: { t: 1 } });

  // The text is sent as it was written.
  await json.fill('{"id": 18446744073709551615, "note": 1.0}');
  await page.locator('#send-data-status').getByText('valid').waitFor();
  await json.press('Control+Enter');
  await answer.getByText('18446744073709551615').waitFor();
  assert.match(server.sent[1], /"data":\{"id": 18446744073709551615, "note": 1\.0\}/);
  assert.equal(await fields.getByLabel('id').inputValue(), '18446744073709551615');

  // What was sent before is kept over a reload, and can be loaded and sent again.
  // The event is put into the form before the description of the program is there.
  let release;
  const released = new Promise((resolve) => (release = resolve));
  await page.route('**/api/description', async (route) => {
    await released;
    await route.continue();
  });
  await page.reload();
  await page.locator('#send-history .item').nth(1).click();
  assert.equal(await page.locator('#send-target').inputValue(), 'user/get');
  release();
  await fields.getByLabel('id').waitFor();
  assert.equal(await page.locator('#send-handler').evaluate((select) => select.selectedOptions[0].label), 'rpc user/get');
  assert.equal(await page.locator('#send-user').inputValue(), '42');
  assert.deepEqual(JSON.parse(await json.inputValue()), { id: 7 });
  await page.locator('#send-submit').click();
  await answer.getByText('error 404').waitFor();
  assert.equal(server.sent.length, 3);
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.equal(await page.locator('#send-history .item').count(), 0);
});

test('makes a form for every shape of a schema', async () => {
  const page = await browser.open(server.url);
  await openTab(page, 'Send');
  await page.locator('#send-handler').selectOption({ label: 'rpc order/create' });
  const fields = page.getByRole('group', { name: 'Fields of the data' });
  const value = async () => JSON.parse(await page.getByLabel('JSON', { exact: true }).inputValue());
  assert.deepEqual(await value(), { items: [{ article: 'article', count: 1 }], priority: 'low', gift: false, payment: 'cash' });
  await fields.getByRole('button', { name: 'Add an item to items' }).click();
  await fields.getByLabel('article').nth(1).fill('b');
  await fields.getByLabel('count').nth(1).fill('300');
  await fields.getByText('must be at most 255').waitFor();
  await page.locator('#send-data-status').getByText('items[1].count').waitFor();
  await fields.getByLabel('count').nth(1).fill('3');
  await fields.getByLabel('priority').selectOption('high');
  await fields.getByText('Tomorrow.').waitFor();
  await fields.getByLabel('gift').check();
  await fields.getByRole('combobox', { name: 'payment' }).selectOption('card');
  await fields.getByLabel('number').fill('4111');
  await fields.getByRole('button', { name: 'note', exact: true }).click();
  await fields.getByLabel('note', { exact: true }).fill('hello');
  await fields.getByRole('button', { name: 'labels' }).click();
  await fields.getByRole('button', { name: 'key', exact: true }).click();
  await fields.getByLabel('Key key').fill('colour');
  await fields.getByLabel('Key key').press('Tab');
  await fields.getByLabel('colour', { exact: true }).fill('red');
  await fields.getByRole('button', { name: 'place' }).click();
  await fields.getByLabel('[1]', { exact: true }).last().fill('2.5');
  assert.deepEqual(await value(), {
    items: [{ article: 'article', count: 1 }, { article: 'b', count: 3 }], priority: 'high', gift: true, payment: { card: { number: '4111' } },
    note: 'hello', labels: { colour: 'red' }, place: [1, 2.5],
  });
  await page.locator('#send-data-status').getByText('valid').waitFor();
  await fields.getByRole('button', { name: 'Remove items[0]' }).click();
  await fields.getByRole('button', { name: 'Remove note' }).click();
  const changed = await value();
  assert.deepEqual([changed.items, 'note' in changed], [[{ article: 'b', count: 3 }], false]);

  // A recursive type opens one level at a time.
  await page.locator('#send-handler').selectOption({ label: 'rpc user/get' });
  await fields.getByRole('button', { name: 'filter' }).click();
  await fields.getByRole('button', { name: 'Set filter to null' }).click();
  assert.deepEqual(await value(), { id: 1, filter: null });
  await fields.getByRole('button', { name: 'Set a value' }).click();
  await fields.getByRole('combobox', { name: 'filter' }).selectOption('not');
  await fields.getByRole('combobox', { name: 'filter' }).last().selectOption('not');
  assert.deepEqual(await value(), { id: 1, filter: { by: 'not', filter: { by: 'not', filter: { by: 'name', is: 'is' } } } });

  // JSON that is not of the type, and text that is no JSON.
  const json = page.getByLabel('JSON', { exact: true });
  await json.fill('{"id": "x", "filter": []}');
  await page.locator('#send-data-status').getByText('must be an integer, but is a string').waitFor();
  await json.fill('{"id" 1}');
  await page.locator('#send-data-status').getByText(/column/).waitFor();
  await json.press('Control+Enter');
  await page.getByText('The data is not JSON.').waitFor();
  assert.equal(server.sent.length, 0);
});

test('cancels a send, and shows why one failed', async () => {
  const page = await browser.open(server.url, undefined, (text) => /400|ERR_/.test(text));
  await openTab(page, 'Send');
  await page.locator('#send-handler').selectOption({ label: 'rpc slow' });
  await page.locator('#send-submit').click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.locator('#send-answer').getByText('cancelled').waitFor();
  await page.locator('#send-target').fill('no/such');
  await page.getByText('does not match slow').waitFor();
});

test('shows every kind of event, never as HTML', async () => {
  const events = server.pushSamples();
  const page = await browser.open(server.url);
  await openTab(page, 'Live');
  await page.getByText(`${events.length} events`).waitFor();
  assert.deepEqual(new Set((await texts(rows(page).locator('.kind')))), new Set(events.map(({ kind }) => kind)));
  const detail = page.locator('#event-detail');
  for (const event of events) {
    await rows(page).and(page.locator(`#event-${event.id}`)).click();
    await detail.getByText(`event ${event.id}`).waitFor();
  }
  await page.locator('#event-4').click();
  await detail.getByText('<img src=x onerror=', { exact: false }).first().waitFor();
  await page.locator('#event-9').click();
  await detail.getByText('The first part of 4,000,000 bytes.').waitFor();
  assert.ok(await detail.getByRole('button', { name: 'Send again' }).isDisabled());
  await page.locator('#event-2').click();
  await detail.getByText('handler answered failed').waitFor();
  await page.locator('#event-11').click();
  await detail.getByText('Stream (5 messages)').waitFor();
  assert.deepEqual(await texts(detail.locator('.direction')), ['end', '← to the client', '← to the client', '→ from the client', '← to the client', '← to the client']);
  await openTab(page, 'Start and rebuild');
  await page.locator('#program-log').getByText('listening <img').waitFor();
  await openTab(page, 'Send');
  await page.locator('#send-handler').selectOption({ label: 'any rpc' });
  assert.doesNotMatch(await page.title(), /run/);
  assert.equal(await page.locator('main img, main script').count(), 0);
});

test('filters, pauses, copies, sends again and saves', async () => {
  const events = server.pushSamples();
  const page = await browser.open(server.url);
  await openTab(page, 'Live');
  await page.getByLabel('Kind').selectOption('rpc');
  await page.getByText(`5 of ${events.length} events`).waitFor();
  assert.equal(await rows(page).count(), 5);
  await page.getByLabel('Outcome').selectOption('not ok');
  await page.locator('#filter-user').fill('42');
  await page.getByText(`1 of ${events.length} events`).waitFor();
  assert.equal(await rows(page).count(), 1);
  await rows(page).click();
  await page.locator('#event-detail').getByRole('button', { name: 'Copy as invoke' }).click();
  const command = `cargo centrifugo invoke rpc user/get --user 42 --data '{"id":7}' --header x-tenant=a --client ${events[0].client} --transport websocket`;
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  await page.locator('#event-detail').getByRole('button', { name: 'Send again' }).click();
  await page.getByText(`2 of ${events.length + 1} events`).waitFor();
  assert.deepEqual(JSON.parse(server.sent[0]).data, { id: 7 });

  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await server.load(3, 0.01);
  await page.getByText('paused, 3 new').waitFor();
  await page.getByText(`${events.length + 1} events`).waitFor();
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByText(`${events.length + 4} events`).waitFor();

  // Three events, chosen with Shift.
  await page.locator('.event-row[aria-posinset="1"]').click();
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByText('3 chosen').waitFor();
  await page.getByRole('button', { name: 'Save as a recording' }).click();
  await page.getByLabel('File in the project').fill('three');
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByText('3 events saved to three.jsonl').waitFor();
  assert.deepEqual(server.recordings, [{ ids: [19, 20, 21], path: 'three.jsonl' }]);
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();

  await page.locator('#event-detail').getByRole('button', { name: 'Edit and send' }).click();
  assert.equal(await page.locator('#send-target').inputValue(), 'user/get');
  await openTab(page, 'Live');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No events yet').waitFor();
});

test('follows 10,000 events a minute without slowing down', async () => {
  const page = await browser.open(server.url);
  await openTab(page, 'Live');
  await page.getByText('No events yet').waitFor();
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const busy = async () => Object.fromEntries((await session.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
  const [before, start] = [await busy(), performance.now()];
  // The rate of 10,000 a minute for 12 s. Meanwhile the page is used.
  const load = server.load(2000, 12);
  await page.waitForTimeout(2000);
  const delays = [];
  for (let count = 0; count < 8; count += 1) {
    const typed = performance.now();
    await page.locator('#filter-user').fill(`user-${count}`);
    await rows(page).filter({ hasText: `user-${count}` }).first().waitFor();
    delays.push(Math.round(performance.now() - typed));
    await page.waitForTimeout(300);
  }
  await page.locator('#filter-user').fill('');
  await load;
  await page.getByText('2,000 events').waitFor();
  const share = ((await busy()).TaskDuration - before.TaskDuration) / ((performance.now() - start) / 1000);
  console.log(`10,000 events a minute: ${(share * 100).toFixed(0)} % of a core, slowest reaction ${Math.max(...delays)} ms`);
  assert.ok(share < 0.5, `the page is busy for ${share} of the time`);
  assert.ok(Math.max(...delays) < 1500, `reactions took ${delays} ms`);

  // A burst: the list stays bounded, and so does the document.
  await server.load(12_000, 0.5);
  await page.getByText('10,000 events').waitFor();
  assert.ok((await page.locator('.virtual-row').count()) < 60);
  assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) < 2000);
  // The list is full before the last event has arrived.
  await page.locator('.event-row[aria-posinset="1"]:visible .preview').filter({ hasText: /14000|404/ }).waitFor();

  // What is looked at stays in place while more arrives.
  await page.locator('#event-list').evaluate((list) => list.scrollTo(0, 3200));
  await page.waitForTimeout(200);
  const seen = async () => page.locator('#event-list').evaluate((list) => {
    const top = list.getBoundingClientRect().top;
    const row = [...list.querySelectorAll('.event-row')].filter((one) => !one.hidden).find((one) => Math.abs(one.getBoundingClientRect().top - top) < 2);
    return row?.id;
  });
  const first = await seen();
  assert.ok(first);
  await server.load(200, 0.5);
  await page.waitForTimeout(300);
  assert.equal(await seen(), first);
});

test('can be used with the keyboard alone', async () => {
  server.pushSamples();
  const page = await browser.open(server.url);
  await page.locator('.item', { hasText: 'order/create' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content');
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-handlers');
  await page.keyboard.press('ArrowLeft');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'tab-start');
  for (const id of ['tab-handlers', 'tab-send', 'tab-live']) {
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.evaluate(() => document.activeElement?.id), id);
    assert.ok(await page.locator(`#${id.replace('tab', 'panel')}`).isVisible());
  }
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  assert.notEqual(outline, 'none', 'the focus is visible');
  await page.locator('#event-list').focus();
  await page.keyboard.press('End');
  await page.locator('#event-detail').getByText('event 1', { exact: false }).first().waitFor();
  assert.equal(await page.locator('#event-list').getAttribute('aria-activedescendant'), 'event-1');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.locator('#event-list').getAttribute('aria-activedescendant'), 'event-2');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'event-detail');

  await page.keyboard.press('Home');
  await page.locator('#tab-live').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Tab');
  for (let count = 0; count < 8 && (await page.evaluate(() => document.activeElement?.id)) !== 'send-user'; count += 1) await page.keyboard.press('Tab');
  await page.keyboard.type('ann');
  await page.keyboard.press('Control+Enter');
  await page.locator('#send-answer .badge').waitFor();
  assert.equal(JSON.parse(server.sent[0]).user, 'ann');

  // Everything that can be focused has a name.
  for (const name of ['Handlers and channels', 'Send', 'Live', 'Client', 'Start and rebuild']) {
    await openTab(page, name);
    const nameless = await page.evaluate(() => {
      const named = (element) => element.getAttribute('aria-label') || element.labels?.length || element.textContent.trim() || element.getAttribute('aria-labelledby') || element.title;
      return [...document.querySelectorAll('button, input, select, textarea, a, summary')].filter((element) => element.checkVisibility() && !named(element)).map((element) => element.outerHTML);
    });
    assert.deepEqual(nameless, [], name);
  }
});

test('fits a phone of 390 pixels, light and dark', async () => {
  server.pushSamples();
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.open(server.url, { ...phone, colorScheme });
    const fits = async (what) => assert.deepEqual([await page.evaluate(() => document.documentElement.scrollWidth), await overflow(page)], [390, []], what);
    await page.locator('.item', { hasText: 'order/create' }).waitFor();
    await fits('handlers');
    await page.getByRole('button', { name: 'order/create' }).click();
    assert.ok(await page.locator('#handler-detail').isVisible());
    await fits('handler');
    await page.getByRole('button', { name: '‹ All handlers' }).click();
    assert.ok(await page.locator('#handler-list').isVisible());
    await openTab(page, 'Send');
    await page.locator('#send-handler').selectOption({ label: 'rpc order/create' });
    await page.getByRole('button', { name: 'Full example' }).click();
    await page.getByText('Headers, meta, client, protocol, time limit').click();
    await fits('send');
    await page.locator('#send-submit').click();
    await page.locator('#send-answer .badge').waitFor();
    await fits('answer');
    await openTab(page, 'Live');
    await rows(page).first().waitFor();
    await fits('live');
    for (const id of [4, 9, 11]) {
      await page.locator(`#event-${id}`).click();
      await fits(`event ${id}`);
      await page.getByRole('button', { name: '‹ All events' }).click();
    }
    await openTab(page, 'Client');
    await fits('client');
    await openTab(page, 'Start and rebuild');
    await fits('start');
    // The text differs enough from the ground.
    const [text, ground] = await page.evaluate(() => [getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]);
    assert.ok(contrast(text, ground) > 7, `${text} on ${ground}`);
    await page.context().close();
  }
});

function contrast(a, b) {
  const light = (colour) => {
    const [r, g, b2] = colour.match(/[\d.]+/g).map(Number).map((part) => (part / 255 <= 0.03928 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test('switches the colors, and keeps the choice', async () => {
  const page = await browser.open(server.url, { colorScheme: 'light' });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole('button', { name: 'Colors of the system' }).click();
  await page.getByRole('button', { name: 'Light colors' }).click();
  await page.getByRole('button', { name: 'Dark colors' }).waitFor();
  assert.notEqual(await ground(), light);
  await page.reload();
  await page.getByRole('button', { name: 'Dark colors' }).waitFor();
  assert.notEqual(await ground(), light);
});

test('connects a real client, which publishes, reconnects and recovers', async () => {
  server.websocketUrl = centrifugo.websocketUrl;
  server.hmacKey = hmacKey;
  server.state.centrifugo = { running: true, version: '6.9.6', url: `http://127.0.0.1:${centrifugo.port}`, problem: null };
  const page = await browser.open(server.url);
  await openTab(page, 'Client');
  const log = page.locator('#client-log');
  const line = (text) => log.locator('.client-line', { hasText: text }).first();
  await page.locator('#client-user').fill('ann');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('#client-state').getByText('connected', { exact: true }).waitFor();
  await page.locator('#subscribe-channel').fill('chat:1');
  await page.locator('#subscribe-form').getByRole('button', { name: 'Subscribe' }).click();
  const card = page.locator('.subscription');
  await card.getByText('subscribed', { exact: true }).waitFor();
  await line('join').waitFor();
  assert.equal(await page.getByLabel('Data to publish to chat:1').inputValue(), '{"text":"text"}');
  await page.getByLabel('Data to publish to chat:1').fill('{"text":"<b>hello</b>"}');
  await card.getByRole('button', { name: 'Publish' }).click();
  await line('publish: ok').waitFor();
  await line('publication').getByText('<b>hello</b>').waitFor();
  await card.getByRole('button', { name: 'Presence', exact: true }).click();
  await line('presence: ok').getByText('"user":"ann"').waitFor();
  await card.getByRole('button', { name: 'Presence stats' }).click();
  await line('presence stats: ok').getByText('numClients').waitFor();
  await card.getByRole('button', { name: 'History' }).click();
  await line('history: ok').locator('summary').click();
  await line('history: ok').locator('pre').getByText('"offset": 1').waitFor();
  await page.locator('#rpc-method').fill('user/get');
  await page.getByRole('button', { name: 'Call' }).click();
  await line('rpc user/get: error').getByText(/"code":10[48]/).waitFor();

  // What is published while the client is away is recovered.
  await page.getByRole('button', { name: 'Cut the network' }).click();
  await line('transport closed').waitFor();
  await centrifugo.api('publish', { channel: 'chat:1', data: { text: 'missed' } });
  await line('subscribed, recovered').waitFor();
  await line('missed').waitFor();
  await page.getByText('1 reconnect', { exact: true }).waitFor();

  await card.getByRole('button', { name: 'Unsubscribe' }).click();
  await card.getByText('unsubscribed', { exact: true }).waitFor();
  await card.getByRole('button', { name: 'Subscribe' }).click();
  await card.getByText('subscribed', { exact: true }).waitFor();
  await centrifugo.api('disconnect', { user: 'ann', disconnect: { code: 4501, reason: 'banned' } });
  await line('"code":4501').waitFor();
  await page.locator('#client-state').getByText('disconnected').waitFor();

  // As another user, with a token by hand that is wrong.
  await page.getByText('Token, data, headers').click();
  await page.locator('#client-token').fill('x.y.z');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await line('"code":3500').waitFor();
  assert.equal(await card.count(), 0);
});

test('subscribes to a map, sets and removes keys', async () => {
  server.websocketUrl = centrifugo.websocketUrl;
  server.hmacKey = hmacKey;
  server.state.centrifugo = { running: true, version: '6.9.6', url: `http://127.0.0.1:${centrifugo.port}`, problem: null };
  const page = await browser.open(server.url);
  await openTab(page, 'Client');
  const line = (text) => page.locator('#client-log .client-line', { hasText: text }).first();
  await page.locator('#client-user').fill('ann');
  await page.getByRole('button', { name: 'Connect', exact: true }).click();
  await page.locator('#subscribe-channel').fill('scores:1');
  await page.getByText('Options', { exact: true }).click();
  await page.locator('#subscribe-type').selectOption('map');
  await page.locator('#subscribe-form').getByRole('button', { name: 'Subscribe' }).click();
  await line('sync').waitFor();
  await page.getByLabel('Key in scores:1').fill('ann');
  await page.getByLabel('Value in scores:1').fill('{"score":3}');
  await page.getByRole('button', { name: 'Set', exact: true }).click();
  await line('update').getByText('"score":3').waitFor();
  await page.locator('.subscription').getByRole('button', { name: 'Remove', exact: true }).click();
  await line('remove ann: ok').waitFor();
  await page.getByRole('button', { name: 'Remove scores:1' }).click();
  assert.equal(await page.locator('.subscription').count(), 0);
});

test('works without Centrifugo, but for the client', async () => {
  const page = await browser.open(server.url);
  await openTab(page, 'Client');
  await page.locator('#client-missing').getByText('Get it from https://centrifugal.dev').waitFor();
  await page.getByText('Centrifugo does not run', { exact: true }).waitFor();
  assert.ok(await page.locator('#client-panes').isHidden());
  server.websocketUrl = centrifugo.websocketUrl;
  server.setState({ centrifugo: { running: true, version: '6.9.6', url: 'http://127.0.0.1:8000', problem: null } });
  await page.getByRole('button', { name: 'Connect', exact: true }).waitFor();
});

test('shows the first build before there is a program', async () => {
  const { program } = server.state;
  server.state = { ...server.state, phase: 'building', build: { started_ms: Date.now(), duration_ms: null, ok: null, messages: [] }, program: null };
  const page = await browser.open(server.url);
  await page.getByText('No program yet').waitFor();
  for (const name of ['Send', 'Live', 'Client', 'Start and rebuild']) await openTab(page, name);
  await page.getByText('The compiler has said nothing so far.').waitFor();
  await openTab(page, 'Handlers and channels');
  server.setState({ phase: 'ready', program });
  await page.locator('.item', { hasText: 'order/create' }).waitFor();
});

test('follows builds, failures and restarts', async () => {
  const page = await browser.open(server.url);
  await openTab(page, 'Start and rebuild');
  await page.getByText('unused variable').waitFor();
  server.setState({ phase: 'building', build: { started_ms: Date.now(), duration_ms: null, ok: null, messages: [] } });
  await page.getByRole('button', { name: 'Building' }).waitFor();
  const error = '\u001b[1m\u001b[31merror[E0308]\u001b[0m: mismatched types\n  --> src/main.rs:14:5\n   |\n14 |     1\n   |     ^ expected `String`, found integer\n';
  server.setState({ phase: 'failed', build: { started_ms: Date.now(), duration_ms: 900, ok: false, messages: [error] } });
  await page.getByRole('button', { name: 'Failed' }).waitFor();
  await page.locator('.compiler').getByText('src/main.rs:14:5').first().waitFor();
  assert.doesNotMatch(await page.locator('#build-messages').textContent(), /\u001b|\[31m/);
  assert.ok(await page.getByRole('tab', { name: 'Start and rebuild' }).getByText('1').isVisible());
  server.setState({ phase: 'failed', build: { started_ms: Date.now(), duration_ms: 900, ok: true, messages: [] }, problems: [{ message: 'two handlers for `rpc echo`', place: 'src/a.rs:3' }, { message: 'no state `Db`', place: 'src/b.rs:9' }] });
  await page.getByText('2 problems', { exact: true }).waitFor();
  await page.getByText('src/b.rs:9').waitFor();
  server.setState({ phase: 'ready', problems: [], program: { executable: 'target/debug/shop', pid: 4712, started_ms: Date.now(), restarts: 3, address: '127.0.0.1:10002' } });
  await page.locator('#phases').getByText('pid 4712').waitFor();
  server.setState({ centrifugo: { running: true, version: '6.9.6', url: 'http://127.0.0.1:8000', problem: null } });
  await page.locator('#configuration').getByText('"presence": true').waitFor();
  await page.locator('#configuration').getByText('CENTRIFUGO_HTTP_SERVER_PORT=8000').waitFor();
  await page.getByRole('button', { name: 'Copy' }).click();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /namespaces/);
  // After a reload, the phases are the same, in their order.
  await page.reload();
  await page.locator('#phases').getByText('pid 4712').waitFor();
  assert.deepEqual(await texts(page.locator('#phases .badge')), ['ready', 'failed', 'building']);
  // The handlers of the program before are shown while there is no other.
  await openTab(page, 'Handlers and channels');
  await page.locator('.item', { hasText: 'order/create' }).waitFor();
});

test('says when `dev` is away, and goes on with the next event', async () => {
  const page = await browser.open(server.url, undefined, (text) => /ERR_|Failed to load/.test(text));
  await openTab(page, 'Live');
  await server.load(5, 0.01);
  await page.getByText('5 events').waitFor();
  await page.route('**/api/**', (route) => route.abort());
  server.dropStreams();
  await page.getByText('does not answer').waitFor();
  await server.load(5, 0.01);
  await page.unroute('**/api/**');
  await page.getByText('10 events').waitFor();
  assert.ok(await page.locator('#banner').isHidden());
});
