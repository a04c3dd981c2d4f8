// Two browsers that talk in the chat of `examples/chat`; a third one that finds a room full.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { alert, button, comesIn, desk, enters, login, message, messages, people, phone, runTest, says, screenshots, seen } from './chat_page.mjs';

async function picture(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

// Bob is offline for a while.
const isExpected = (error) => /^bob: WebSocket .* net::ERR_INTERNET_DISCONNECTED$/.test(error);

await runTest(async (somebody) => {
  const ann = await somebody('ann', desk);
  const bob = await somebody('bob', phone);

  // Who comes first moderates. Names that do not fit, or are taken, are refused on the page.
  await comesIn(ann, 'Ann');
  await seen(ann.locator('#status').getByText('moderator'));
  await login(bob, 'B b');
  await seen(alert(bob, 'A name has 2 to 20 letters'));
  await login(bob, 'ann');
  await seen(alert(bob, 'This name is taken.'));
  await comesIn(bob, 'Bob');
  await seen(people(ann).getByText('Bob'));

  // What one says the other sees, and that it is written.
  await says(ann, 'Hello Bob! Have you seen the new release?');
  await seen(message(bob, 'Hello Bob!'));
  await bob.getByLabel('Message', { exact: true }).pressSequentially('Hi');
  await seen(ann.getByText('Bob is writing …'));
  await says(bob, 'Hi Ann, I am just reading what is new in it');
  await seen(message(ann, 'just reading'));
  await ann.getByText('Bob is writing …').waitFor({ state: 'hidden' });

  // The bot answers, from Centrifugo's presence and history.
  await says(ann, '@bot who');
  await seen(ann.getByText('bot is writing …'));
  await seen(message(bob, 'Here are: Ann, Bob.'));
  await says(bob, '@bot recap');
  await seen(message(ann, 'Ann 2, Bob 2, bot 3'));

  // A reload keeps the name, and brings the messages back.
  const before = await messages(bob).getByRole('listitem').allInnerTexts();
  await bob.reload();
  await seen(message(bob, 'Ann 2, Bob 2, bot 3'));
  assert.deepEqual(await messages(bob).getByRole('listitem').allInnerTexts(), before);
  await seen(people(ann).getByText('Bob'));
  await ann.getByLabel('Message', { exact: true }).pressSequentially('Sho');
  await seen(bob.getByText('Ann is writing …'));
  await picture(bob, 'phone');
  await bob.getByLabel('Message', { exact: true }).pressSequentially('Tea');
  await seen(ann.getByText('Bob is writing …'));
  await picture(ann, 'desk');

  // A connection that was lost comes back, and what was said meanwhile.
  await bob.context().setOffline(true);
  await bob.locator('#status').filter({ hasText: 'reconnecting' }).waitFor({ state: 'attached' });
  await says(ann, 'Are you still there?');
  await seen(message(ann, 'Are you still there?'));
  assert.equal(await message(bob, 'Are you still there?').count(), 0);
  await bob.context().setOffline(false);
  await seen(message(bob, 'Are you still there?'));
  // The page writes this line above messages that came from Centrifugo's history, and not from the database.
  const after = await messages(bob).getByRole('listitem').allInnerTexts();
  assert.match(after.at(-2), /^While you were offline$/, after.join('\n'));
  assert.match(after.at(-1), /Are you still there\?/);

  // Rooms have rules.
  await enters(bob, 'staff');
  await seen(bob.getByText('This room is for moderators.'));
  await enters(bob, 'vault');
  await bob.getByLabel('Password').fill('wrong');
  await button(bob, 'Enter').click();
  await seen(bob.getByText('This is not the password.').first());
  await bob.getByLabel('Password').fill('sesame');
  await button(bob, 'Enter').click();
  await seen(message(bob, 'Welcome, Bob!'));
  await enters(ann, 'tea');
  await seen(message(ann, 'Welcome, Ann!'));
  await enters(bob, 'tea');
  await seen(message(bob, 'Welcome, Bob!'));
  const eve = await somebody('eve', desk);
  await comesIn(eve, 'Eve');
  await enters(eve, 'tea');
  await seen(eve.getByText('The room is full.'));

  // A moderator sends out, and bans: the page says so, and the door stays shut.
  await button(ann, 'Kick Bob').click();
  await seen(bob.getByText('A moderator sent you out.'));
  await button(bob, 'Enter the chat').click();
  await seen(people(ann).getByText('Bob'));
  await button(ann, 'Ban Bob').click();
  await seen(bob.getByText('You are banned.'));
  await seen(ann.getByText('Bob was banned by Ann'));
  await button(bob, 'Enter the chat').click();
  await seen(bob.getByText('You are banned.'));
  await people(ann).getByText('Bob').waitFor({ state: 'detached' });
  await says(ann, '/unban Bob');
  await seen(ann.getByText('Bob may come back, says Ann'));
  await button(bob, 'Enter the chat').click();
  await seen(people(ann).getByText('Bob'));

  // What others write is text, and too much of it is refused.
  await enters(eve, 'lobby');
  await enters(ann, 'lobby');
  await says(eve, '<b>not bold</b>');
  await seen(message(ann, '<b>not bold</b>'));
  // Ten messages at once are allowed, and then one per second.
  const refused = alert(eve, 'Too many requests.');
  let number = 1;
  while (number <= 40 && !(await refused.isVisible())) await says(eve, `This is ${number++}`);
  await seen(refused);
  await seen(message(ann, 'This is 9'));
}, isExpected);
