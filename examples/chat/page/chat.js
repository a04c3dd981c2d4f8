// The client: connects with a name, enters one room at a time and publishes messages.

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

// Each tab has its own name and secret, which survive a reload.
const session = JSON.parse(sessionStorage.getItem('session') ?? 'null') ?? { secret: secret() };
if (session.name) connect(session.name);
else view.showLogin();

function secret() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function connect(name) {
  client = new Centrifuge(url, { data: { name, secret: session.secret } });
  client.on('connected', ({ data }) => {
    const isFirst = !me;
    me = data;
    Object.assign(session, { name: me.name });
    sessionStorage.setItem('session', JSON.stringify(session));
    view.showChat(me);
    view.showStatus(me.is_moderator ? 'online · moderator' : 'online', true);
    if (isFirst) start();
  });
  client.on('connecting', ({ code }) => code !== 0 && view.showStatus('reconnecting …', false));
  client.on('disconnected', ({ code, reason }) => {
    me = open = undefined;
    $('name').value ||= session.name ?? '';
    delete session.name;
    sessionStorage.setItem('session', JSON.stringify(session));
    view.showLogin(code === 0 ? '' : sentence(reason));
  });
  client.connect();
}

async function start() {
  await refreshRooms();
  enter(rooms.find((room) => room.name === session.room && !room.wants_password) ?? rooms[0]);
}

async function refreshRooms() {
  ({ data: rooms } = await client.rpc('rooms', {}));
  view.showRooms(rooms, open?.room.name, choose);
}

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
  view.showRooms(rooms, room.name, choose);
  $('earlier').hidden = true;

  subscription.on('subscribed', ({ recovered }) => here === open && settle(here, recovered).catch(complain));
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
  session.room = here.room.name;
  sessionStorage.setItem('session', JSON.stringify(session));
  if (matchMedia('(hover: hover)').matches) $('text').focus();
  await refreshRooms();
}

function refused({ room }, code, reason) {
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

const moderate = (what, name) => client.rpc(`${what}/${name}`, {}).catch(complain);

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
  const [, what, name] = text.match(/^\/(kick|ban|unban)\s+(\S+)$/) ?? [];
  if (what) return client.rpc(`${what}/${name}`, {});
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
$('leave').onclick = () => client.disconnect();
$('key-cancel').onclick = () => $('key').close();
$('show-rooms').onclick = () => view.drawer('rooms');
$('show-people').onclick = () => view.drawer('people');
$('scrim').onclick = () => view.drawer('');
document.addEventListener('keydown', ({ key }) => key === 'Escape' && view.drawer(''));
