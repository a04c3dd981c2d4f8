// A second device of the same user, linked by a token, and mentions in the personal channel of the user.
import assert from 'node:assert/strict';
import { alert, button, comesIn, desk, enters, message, opensRooms, people, phone, room, runTest, says, seen, url } from './chat_page.mjs';

await runTest(async (somebody) => {
  const ann = await somebody('ann', desk);
  const bob = await somebody('bob', desk);
  await comesIn(ann, 'Ann');
  await comesIn(bob, 'Bob');

  // Bob shows the address on the desk, and opens it on the phone.
  await button(bob, 'Link a device').click();
  const address = bob.getByLabel('Address');
  await bob.waitForFunction(() => document.getElementById('device-link').value !== '');
  const link = await address.inputValue();
  assert.ok(link.startsWith(`${url}#token=`), link);
  await button(bob, 'Copy').click();
  await seen(bob.getByText('Copied.').or(bob.getByText('Copy the selected address.')));
  await button(bob, 'Close').click();

  const mobile = await somebody('phone', phone);
  // Centrifugo tells the device how long its token is valid. The test shortens this, so that the device renews it.
  const sent = [];
  await mobile.routeWebSocket(/\/connection\/websocket$/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      sent.push(text);
      server.send(text);
    });
    server.onMessage((text) => socket.send(text.replace(/"ttl":\d{3}\b/, '"ttl":2')));
  });
  await mobile.goto(link);
  await seen(message(mobile, 'Welcome, Bob!'));
  assert.equal(mobile.url(), url, 'the token is still in the address');
  assert.equal(await people(ann).getByText('Bob').count(), 1, 'two devices are one user');

  // Both are Bob.
  await says(mobile, 'From my phone');
  await seen(message(ann, 'From my phone'));
  await seen(bob.locator('.own').filter({ hasText: 'From my phone' }));

  // A mention reaches both, in whatever room they are.
  await enters(mobile, 'tea');
  await seen(message(mobile, 'Welcome, Bob!'));
  await enters(bob, 'tea');
  await seen(people(bob).getByText('Bob (you)'));
  await says(ann, 'Where are you, @bob?');
  for (const page of [bob, mobile]) {
    await seen(alert(page, 'Ann mentioned you in # lobby: Where are you, @bob?'));
    await opensRooms(page);
    await seen(room(page, 'lobby').getByText('@'));
    await room(page, 'lobby').click();
    await seen(message(page, 'Where are you, @bob?'));
    await room(page, 'lobby').getByText('@').waitFor({ state: 'detached' });
  }

  // The device renews its token over the same connection, and uses the new token after a reload.
  const count = (command) => sent.filter((text) => text.includes(`{"${command}":`)).length;
  for (let waited = 0; count('refresh') === 0 && waited < 15_000; waited += 100) await mobile.waitForTimeout(100);
  assert.ok(count('refresh') > 0, sent.join('\n'));
  await says(mobile, 'Still on my phone');
  await seen(message(ann, 'Still on my phone'));
  assert.equal(count('connect'), 1, sent.join('\n'));
  await mobile.reload();
  await seen(message(mobile, 'Where are you, @bob?'));

  // A link that is no longer valid, or never was, leads to the login.
  const eve = await somebody('eve', desk);
  await eve.goto(`${link}x`);
  await seen(alert(eve, 'Invalid token.'));
  await seen(eve.getByLabel('Your name'));
});
