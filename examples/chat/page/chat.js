// The client: connects with a name, enters one room at a time and publishes messages.

import * as device from './device.js';
import { save, session } from './session.js';
import * as view from './view.js';

const { $ } = view;
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const url = `${scheme}://${location.hostname}:${document.body.dataset.port}/connection/websocket`;
/** As many messages as the backend gives at once. */
const PAGE = 50;

let client;
let me;
/** The list of rooms, and the one that is open: with its subscription, messages, people and who writes. */
let rooms = [];
let open;
/** The names of rooms with a message that mentions the user and that the user has not seen. */
const mentions = new Set();

device.takeTokenFromAddress();
if (session.token || session.name) connect(session.name);
else view.showLogin();

function connect(name) {
  // A linked device has a token, and no secret that belongs to the name.
  const options = session.token ? device.tokenOptions(() => client) : { data: { name, secret: session.secret } };
  client = new Centrifuge(url, options);
  client.on('connected', ({ data }) => connected(data).catch(complain));
  // The only subscription that the server makes is the one to the personal channel of the user.
  client.on('publication', ({ data }) => mentioned(data));
  client.on('connecting', ({ code }) => code !== 0 && view.showStatus('reconnecting …', false));
  client.on('disconnected', ({ code, reason }) => disconnected(code, reason));
  client.connect();
}

async function connected(profile) {
  const isFirst = !me;
  // The connect handler does not run for a token, so a linked device has to ask for the profile.
  me = profile ?? (await client.rpc('me', {})).data;
  save({ name: me.name });
  view.showChat(me);
  view.showStatus(me.is_moderator ? 'moderator' : 'online', true);
  if (isFirst) await start();
}

/** Shows the login. The client reconnects by itself after a lost connection; this end is final. */
function disconnected(code, reason) {
  me = open = undefined;
  $('name').value ||= session.name ?? '';
  save({ name: undefined, token: undefined });
  view.showLogin(code === 0 ? '' : code === 1 ? 'Link this device again.' : sentence(reason));
}

async function start() {
  await refreshRooms();
  enter(rooms.find((room) => room.name === session.room && !room.wants_password) ?? rooms[0]);
}

async function refreshRooms() {
  ({ data: rooms } = await client.rpc('rooms', {}));
  listRooms();
}

const listRooms = () => view.showRooms(rooms, open?.room.name, mentions, choose);

// Rooms.

function choose(room) {
  view.drawer('');
  if (room.name === open?.room.name && open.isIn) return;
  if (room.wants_password) view.askForKey(room, '', (password) => enter(room, password));
  else enter(room);
}

function enter(room, password) {
  leave();
  const subscription = client.newSubscription(`room:${room.name}`, { data: password ? { password } : undefined });
  const here = { room, subscription, messages: [], people: new Map(), writing: new Map(), isIn: false };
  open = here;
  view.showRoom(room);
  view.showMessages([], me.name);
  view.showPeople([], me.name);
  view.allowWriting(false);
  mentions.delete(room.name);
  listRooms();
  $('earlier').hidden = true;

  subscription.on('subscribed', (context) => here === open && subscribed(here, context));
  subscription.on('unsubscribed', ({ code, reason }) => here === open && code !== 0 && refused(here, code, reason));
  subscription.on('publication', ({ data }) => here === open && receive(here, data));
  subscription.on('join', ({ info }) => meet(here, info));
  subscription.on('leave', ({ info }) => part(here, info));
  subscription.subscribe();
}

function leave() {
  if (!open) return;
  const { subscription, writing } = open;
  writing.forEach(clearTimeout);
  open = undefined;
  view.showTyping([]);
  subscription.unsubscribe();
  client.removeSubscription(subscription);
}

/** Centrifugo delivers the messages that a lost connection has missed from the history of the channel, after this event. */
function subscribed(here, { recovered, hasRecoveredPublications }) {
  if (recovered && hasRecoveredPublications) view.addNotice('While you were offline');
  settle(here, recovered).catch(complain);
}

/** Subscribed, for the first time or again: what was said before, unless Centrifugo gives it, and who is here. */
async function settle(here, recovered) {
  if (!recovered) here.messages = [];
  const [past, { clients }] = await Promise.all([
    recovered ? undefined : client.rpc(`messages/${here.room.name}`, {}),
    here.subscription.presence(),
  ]);
  if (here !== open) return;
  here.isIn = true;
  here.people = new Map(Object.values(clients).map(person));
  if (past) {
    past.data.forEach((message) => keep(here, message));
    view.showMessages(here.messages, me.name);
    $('earlier').hidden = past.data.length < PAGE;
  }
  showPeople(here);
  view.allowWriting(true);
  save({ room: here.room.name });
  if (matchMedia('(hover: hover)').matches) $('text').focus();
  await refreshRooms();
}

/** The subscription was refused, or it expired and the client was refused when it subscribed again. */
function refused(here, code, reason) {
  const { room } = here;
  here.isIn = false;
  here.people.clear();
  showPeople(here);
  view.allowWriting(false);
  if (code === 1002) {
    view.askForKey(room, sentence(reason), (password) => enter(room, password));
  }
  view.showRefused(sentence(reason));
}

// Users.

const person = ({ client, connInfo }) => [client, connInfo.name];

function meet(here, info) {
  here.people.set(...person(info));
  changed(here);
}

function part(here, info) {
  here.people.delete(info.client);
  changed(here);
}

function changed(here) {
  if (here !== open || !here.isIn) return;
  showPeople(here);
  refreshRooms().catch(complain);
}

const showPeople = (here) =>
  view.showPeople(new Set(here.people.values()), me.name, me.is_moderator ? moderate : undefined);

/** Calls a method for moderators. Those of a room are applied to the open one. */
const moderation = (what, name) =>
  client.rpc(['expel', 'readmit'].includes(what) ? `${what}/${open.room.name}/${name}` : `${what}/${name}`, {});

const moderate = (what, name) => moderation(what, name).catch(complain);

// Messages.

function receive(here, post) {
  if (post.kind === 'message') {
    stopped(here, post.by);
    const before = here.messages.at(-1);
    if (!keep(here, post)) return;
    // The bot's answer may arrive before the message that it answers.
    if (here.messages.at(-1) === post) view.addMessage(post, before, me.name);
    else view.showMessages(here.messages, me.name);
  } else if (post.kind === 'typing' && post.by !== me.name) {
    clearTimeout(here.writing.get(post.by));
    here.writing.set(post.by, setTimeout(() => stopped(here, post.by), 3000));
    view.showTyping(here.writing.keys());
  } else if (post.kind === 'notice') {
    view.addNotice(post.text);
  }
}

/** Somebody has mentioned the user, in whatever room. */
function mentioned({ room, by, text }) {
  if (room === open?.room.name && open.isIn) return;
  mentions.add(room);
  listRooms();
  view.toast(`${by} mentioned you in # ${room}: ${text}`);
}

/** Keeps a message in its place; whether it is new. */
function keep(here, message) {
  if (here.messages.some(({ id }) => id === message.id)) return false;
  here.messages.push(message);
  here.messages.sort((a, b) => a.id - b.id);
  return true;
}

function stopped(here, name) {
  clearTimeout(here.writing.get(name));
  if (here.writing.delete(name) && here === open) view.showTyping(here.writing.keys());
}

async function earlier() {
  const here = open;
  const { data } = await client.rpc(`messages/${here.room.name}`, { before: here.messages[0].id });
  data.forEach((message) => keep(here, message));
  view.showEarlier(here.messages, me.name, data.length === PAGE);
}

async function say(text) {
  const [, what, name] = text.match(/^\/(kick|ban|unban|expel|readmit)\s+(\S+)$/) ?? [];
  if (what) return moderation(what, name);
  return open.subscription.publish({ text });
}

let told = 0;
function tellOfWriting() {
  if (Date.now() - told < 2000 || !open?.isIn) return;
  told = Date.now();
  client.rpc(`typing/${open.room.name}`, {}).catch(() => {});
}

// Errors.

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + '.';
const complain = ({ message }) => view.toast(sentence(message));

// User actions.

$('login-form').onsubmit = (event) => {
  event.preventDefault();
  $('login-error').textContent = '';
  connect($('name').value.trim());
};

$('composer').onsubmit = async (event) => {
  event.preventDefault();
  const area = $('text');
  const text = area.value.trim();
  if (!text) return;
  area.value = '';
  view.fit(area);
  told = 0;
  try {
    await say(text);
  } catch (error) {
    area.value ||= text;
    complain(error);
  }
};

$('text').oninput = () => {
  view.fit($('text'));
  tellOfWriting();
};

$('text').onkeydown = (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('composer').requestSubmit();
};

$('earlier').onclick = () => earlier().catch(complain);
$('link').onclick = () => device.showLink(client).catch(complain);
$('leave').onclick = () => client.disconnect();
$('key-cancel').onclick = () => $('key').close();
$('show-rooms').onclick = () => view.drawer('rooms');
$('show-people').onclick = () => view.drawer('people');
$('scrim').onclick = () => view.drawer('');
document.addEventListener('keydown', ({ key }) => key === 'Escape' && view.drawer(''));
