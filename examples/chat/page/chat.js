// @ts-check
// The client: connects with a name, enters one room at a time and publishes messages.

import { Api, isError, isPublication } from './api.js';
import * as device from './device.js';
import { save, session } from './session.js';
import * as view from './view.js';

/** @import { ConnectData, Mention, Message, Post, Profile, RoomSummary, TypedClientInfo, TypedConnectedContext } from './api.js' */

/**
 * The room that is open, with its subscription, messages, people and who writes.
 *
 * @typedef {object} OpenRoom
 * @property {RoomSummary} room
 * @property {ReturnType<Api['roomChannel']>} subscription
 * @property {Message[]} messages
 * @property {Map<string, string>} people
 * @property {Map<string, number>} writing
 * @property {boolean} isIn
 */

const { $ } = view;
const scheme = location.protocol === 'https:' ? 'wss' : 'ws';
const url = `${scheme}://${location.hostname}:${document.body.dataset.port}/connection/websocket`;
/** As many messages as the backend gives at once. */
const PAGE = 50;

/** @type {Api} */
let api;
/** @type {Profile | undefined} */
let me;
/** @type {RoomSummary[]} */
let rooms = [];
/** @type {OpenRoom | undefined} */
let open;
/**
 * The names of rooms with a message that mentions the user and that the user has not seen.
 *
 * @type {Set<string>}
 */
const mentions = new Set();

device.takeTokenFromAddress();
if (session.token || session.name) connect(session.name ?? '');
else view.showLogin();

/** @param {string} name */
function connect(name) {
  /** @type {ConnectData} */
  const login = { name, secret: session.secret };
  // A linked device has a token, and no secret that belongs to the name.
  const options = session.token ? device.tokenOptions(() => api) : { data: login };
  const client = new Centrifuge(url, options);
  api = new Api(client);
  client.on('connected', (/** @type {TypedConnectedContext} */ { data }) => connected(data).catch(complain));
  // The server makes a subscription to the personal channel of the user.
  client.on('publication', (context) => isPublication(context, 'PersonalChannel') && mentioned(context.data));
  client.on('connecting', ({ code }) => code !== 0 && view.showStatus('reconnecting …', false));
  client.on('disconnected', ({ code, reason }) => disconnected(code, reason));
  client.connect();
}

/** @param {Profile | undefined} profile */
async function connected(profile) {
  const isFirst = !me;
  // The connect handler does not run for a token, so a linked device has to ask for the profile.
  me = profile ?? (await api.rpc.me());
  save({ name: me.name });
  view.showChat(me);
  view.showStatus(me.is_moderator ? 'moderator' : 'online', true);
  if (isFirst) await start();
}

/**
 * Shows the login. The client reconnects by itself after a lost connection; this end is final.
 *
 * @param {number} code
 * @param {string} reason
 */
function disconnected(code, reason) {
  me = open = undefined;
  $('name').value ||= session.name ?? '';
  save({ name: undefined, token: undefined });
  view.showLogin(code === 0 ? '' : code === 1 ? 'Link this device again.' : sentence(reason));
}

async function start() {
  await refreshRooms();
  const room = rooms.find((room) => room.name === session.room && !room.wants_password) ?? rooms[0];
  if (room) enter(room);
}

async function refreshRooms() {
  rooms = await api.rpc.rooms();
  listRooms();
}

const listRooms = () => view.showRooms(rooms, open?.room.name, mentions, choose);

// Rooms.

/** @param {RoomSummary} room */
function choose(room) {
  view.drawer('');
  if (room.name === open?.room.name && open.isIn) return;
  if (room.wants_password) view.askForKey(room, '', (password) => enter(room, password));
  else enter(room);
}

/**
 * @param {RoomSummary} room
 * @param {string} [password]
 */
function enter(room, password) {
  leave();
  const subscription = api.roomChannel({ room: room.name }, { data: password ? { password } : undefined });
  /** @type {OpenRoom} */
  const here = { room, subscription, messages: [], people: new Map(), writing: new Map(), isIn: false };
  open = here;
  view.showRoom(room);
  view.showMessages([], myName());
  view.showPeople([], myName());
  view.allowWriting(false);
  mentions.delete(room.name);
  listRooms();
  $('earlier').hidden = true;

  subscription.on('subscribed', (context) => here === open && subscribed(here, context));
  subscription.on('unsubscribed', (context) => here === open && context.code !== 0 && refused(here, context));
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
  api.removeSubscription(subscription);
}

/**
 * Centrifugo delivers the messages that a lost connection has missed from the history of the channel, after this event.
 *
 * @param {OpenRoom} here
 * @param {{ recovered: boolean, hasRecoveredPublications: boolean }} context
 */
function subscribed(here, { recovered, hasRecoveredPublications }) {
  if (recovered && hasRecoveredPublications) view.addNotice('While you were offline');
  settle(here, recovered).catch(complain);
}

/**
 * Subscribed, for the first time or again: what was said before, unless Centrifugo gives it, and who is here.
 *
 * @param {OpenRoom} here
 * @param {boolean} recovered
 */
async function settle(here, recovered) {
  if (!recovered) here.messages = [];
  const [past, { clients }] = await Promise.all([
    recovered ? undefined : api.rpc.messages({ room: here.room.name }, {}),
    here.subscription.presence(),
  ]);
  if (here !== open) return;
  here.isIn = true;
  here.people = new Map(Object.values(clients).map(person));
  if (past) {
    past.forEach((message) => keep(here, message));
    view.showMessages(here.messages, myName());
    $('earlier').hidden = past.length < PAGE;
  }
  showPeople(here);
  view.allowWriting(true);
  save({ room: here.room.name });
  if (matchMedia('(hover: hover)').matches) $('text').focus();
  await refreshRooms();
}

/**
 * The subscription was refused, or it expired and the client was refused when it subscribed again.
 *
 * @param {OpenRoom} here
 * @param {{ code: number, reason: string }} context
 */
function refused(here, context) {
  const { room } = here;
  const { reason } = context;
  here.isIn = false;
  here.people.clear();
  showPeople(here);
  view.allowWriting(false);
  if (isError(context, 'WrongPassword')) {
    view.askForKey(room, sentence(reason), (password) => enter(room, password));
  }
  view.showRefused(sentence(reason));
}

// Users.

const myName = () => me?.name ?? '';

/**
 * What the connect handler says about a client.
 *
 * @param {TypedClientInfo} info
 * @returns {[string, string]}
 */
const person = ({ client, connInfo }) => [client, connInfo?.name ?? ''];

/**
 * @param {OpenRoom} here
 * @param {TypedClientInfo} info
 */
function meet(here, info) {
  here.people.set(...person(info));
  changed(here);
}

/**
 * @param {OpenRoom} here
 * @param {TypedClientInfo} info
 */
function part(here, info) {
  here.people.delete(info.client);
  changed(here);
}

/** @param {OpenRoom} here */
function changed(here) {
  if (here !== open || !here.isIn) return;
  showPeople(here);
  refreshRooms().catch(complain);
}

/** @param {OpenRoom} here */
const showPeople = (here) =>
  view.showPeople(new Set(here.people.values()), myName(), me?.is_moderator ? moderate : undefined);

/**
 * Calls a method for moderators. Those of a room are applied to the open one.
 *
 * @param {view.Moderation} what
 * @param {string} name
 */
async function moderation(what, name) {
  if (what !== 'expel' && what !== 'readmit') await api.rpc[what]({ name });
  else if (open) await api.rpc[what]({ room: open.room.name, name });
}

/**
 * @param {view.Moderation} what
 * @param {string} name
 */
const moderate = (what, name) => moderation(what, name).catch(complain);

// Messages.

/**
 * @param {OpenRoom} here
 * @param {Post} post
 */
function receive(here, post) {
  if (post.kind === 'message') {
    stopped(here, post.by);
    const before = here.messages.at(-1);
    if (!keep(here, post)) return;
    // The bot's answer may arrive before the message that it answers.
    if (here.messages.at(-1) === post) view.addMessage(post, before, myName());
    else view.showMessages(here.messages, myName());
  } else if (post.kind === 'typing' && post.by !== myName()) {
    clearTimeout(here.writing.get(post.by));
    here.writing.set(post.by, setTimeout(() => stopped(here, post.by), 3000));
    view.showTyping(here.writing.keys());
  } else if (post.kind === 'notice') {
    view.addNotice(post.text);
  }
}

/**
 * Somebody has mentioned the user, in whatever room.
 *
 * @param {Mention} mention
 */
function mentioned({ room, by, text }) {
  if (room === open?.room.name && open.isIn) return;
  mentions.add(room);
  listRooms();
  view.toast(`${by} mentioned you in # ${room}: ${text}`);
}

/**
 * Keeps a message in its place; whether it is new.
 *
 * @param {OpenRoom} here
 * @param {Message} message
 */
function keep(here, message) {
  if (here.messages.some(({ id }) => id === message.id)) return false;
  here.messages.push(message);
  here.messages.sort((a, b) => a.id - b.id);
  return true;
}

/**
 * @param {OpenRoom} here
 * @param {string} name
 */
function stopped(here, name) {
  clearTimeout(here.writing.get(name));
  if (here.writing.delete(name) && here === open) view.showTyping(here.writing.keys());
}

async function earlier() {
  const here = open;
  const before = here?.messages[0]?.id;
  if (!here || before === undefined) return;
  const past = await api.rpc.messages({ room: here.room.name }, { before });
  past.forEach((message) => keep(here, message));
  view.showEarlier(here.messages, myName(), past.length === PAGE);
}

/** @param {string} text */
async function say(text) {
  const [, what, name] = text.match(/^\/(kick|ban|unban|expel|readmit)\s+(\S+)$/) ?? [];
  if (what && name) await moderation(/** @type {view.Moderation} */ (what), name);
  else await open?.subscription.publish({ text });
}

let told = 0;
function tellOfWriting() {
  if (Date.now() - told < 2000 || !open?.isIn) return;
  told = Date.now();
  api.rpc.typing({ room: open.room.name }).catch(() => {});
}

// Errors.

/** @param {string} text */
const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + '.';
/** @param {{ message: string }} error */
const complain = ({ message }) => view.toast(sentence(message));

// User actions.

$('login-form').onsubmit = (/** @type {SubmitEvent} */ event) => {
  event.preventDefault();
  $('login-error').textContent = '';
  connect($('name').value.trim());
};

$('composer').onsubmit = async (/** @type {SubmitEvent} */ event) => {
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
    complain(/** @type {{ message: string }} */ (error));
  }
};

$('text').oninput = () => {
  view.fit($('text'));
  tellOfWriting();
};

$('text').onkeydown = (/** @type {KeyboardEvent} */ event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  $('composer').requestSubmit();
};

$('earlier').onclick = () => earlier().catch(complain);
$('link').onclick = () => device.showLink(api).catch(complain);
$('leave').onclick = () => api.centrifuge.disconnect();
$('key-cancel').onclick = () => $('key').close();
$('show-rooms').onclick = () => view.drawer('rooms');
$('show-people').onclick = () => view.drawer('people');
$('scrim').onclick = () => view.drawer('');
document.addEventListener('keydown', ({ key }) => key === 'Escape' && view.drawer(''));
