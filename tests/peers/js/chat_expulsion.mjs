// A moderator expels a user from a room: the page says so at the next sub_refresh event, and the other rooms stay open.
import assert from 'node:assert/strict';
import { button, comesIn, desk, enters, message, people, phone, runTest, says, seen } from './chat_page.mjs';

await runTest(async (somebody) => {
  const ann = await somebody('ann', desk);
  const bob = await somebody('bob', phone);
  await comesIn(ann, 'Ann');
  await comesIn(bob, 'Bob');
  await button(ann, 'Expel Bob').click();
  await seen(message(bob, 'Bob was expelled by Ann'));
  // The subscription expires after 5 s; Centrifugo looks every 5 s.
  await seen(bob.getByText('A moderator expelled you from this room.'), { timeout: 30_000 });
  assert.ok(await bob.getByLabel('Message', { exact: true }).isDisabled());
  await people(ann).getByText('Bob').waitFor({ state: 'detached' });
  assert.equal(await bob.locator('#count').innerText(), '0');

  await enters(bob, 'tea');
  await seen(message(bob, 'Welcome, Bob!'));
  await enters(bob, 'lobby');
  await seen(bob.getByText('A moderator expelled you from this room.'));
  await says(ann, '/readmit Bob');
  await seen(message(ann, 'Bob may come back, says Ann'));
  await enters(bob, 'tea');
  await seen(message(bob, 'Welcome, Bob!'));
  await enters(bob, 'lobby');
  await seen(people(ann).getByText('Bob'));
  await says(bob, 'I am back');
  await seen(message(ann, 'I am back'));
});
