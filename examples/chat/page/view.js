// @ts-check
// The view. Text of users is only set as text content, never as HTML.

/** @import { Message, RoomSummary } from './api.js' */

/** @typedef {'kick' | 'ban' | 'unban' | 'expel' | 'readmit'} Moderation */

/**
 * An element of the page. Its kind is not checked.
 *
 * @type {(id: string) => any}
 */
export const $ = (id) => document.getElementById(id);

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {(Node | string)[]} children
 */
const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

// SVG icons, because not every system has a font with these symbols.
const icons = {
  bot: 'M12 4v3M8 7h8a4 4 0 0 1 4 4v4a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4v-4a4 4 0 0 1 4-4zM9 12v1.5M15 12v1.5',
  lock: 'M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 11V8a4 4 0 0 1 8 0v3',
};

/** @param {keyof typeof icons} name */
function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons[name]);
  svg.append(path);
  return svg;
}

const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

/**
 * @param {HTMLElement} avatar
 * @param {string} name
 */
export function paint(avatar, name) {
  let hue = 0;
  for (const letter of name) hue = (hue * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  avatar.style.setProperty('--hue', String(hue));
  avatar.replaceChildren(name === 'bot' ? icon('bot') : ([...name][0] ?? '').toUpperCase());
}

/** @param {string} name */
function avatar(name) {
  const circle = make('span', { className: 'avatar', ariaHidden: 'true' });
  paint(circle, name);
  return circle;
}

// Login and chat.

export function showLogin(error = '') {
  $('chat').hidden = true;
  $('login').hidden = false;
  $('login-error').textContent = error;
  $('key').close();
  $('device').close();
  $('name').focus();
}

/** @param {{ name: string }} me */
export function showChat(me) {
  $('login').hidden = true;
  $('chat').hidden = false;
  $('my-name').textContent = me.name;
  paint($('my-avatar'), me.name);
}

/**
 * @param {string} text
 * @param {boolean} isOnline
 */
export function showStatus(text, isOnline) {
  $('status').textContent = text;
  $('status').classList.toggle('online', isOnline);
}

// The drawers of small screens.

/** @param {string} name */
export function drawer(name) {
  const { drawer: before } = $('chat').dataset;
  $('chat').dataset.drawer = name;
  if (name) $(`${name}-panel`).focus();
  else if (before) $(`show-${before}`).focus();
}

// Rooms.

/**
 * @param {RoomSummary[]} rooms
 * @param {string | undefined} current
 * @param {Set<string>} mentions
 * @param {(room: RoomSummary) => void} open
 */
export function showRooms(rooms, current, mentions, open) {
  const items = rooms.map((room) => {
    const button = make(
      'button',
      { onclick: () => open(room) },
      make('span', { className: 'hash', ariaHidden: 'true' }, room.wants_password ? icon('lock') : '#'),
      make('span', { className: 'what' }, make('strong', { textContent: room.name }), make('small', { textContent: room.topic })),
    );
    if (mentions.has(room.name)) {
      button.append(make('span', { className: 'badge mention', textContent: '@', title: 'somebody mentioned you' }));
    }
    if (room.people > 0) {
      button.append(make('span', { className: 'badge', textContent: String(room.people), title: 'people in this room' }));
    }
    if (room.name === current) button.setAttribute('aria-current', 'page');
    return make('li', {}, button);
  });
  $('rooms').replaceChildren(...items);
}

/** @param {RoomSummary} room */
export function showRoom(room) {
  $('title').textContent = `# ${room.name}`;
  $('topic').textContent = room.topic;
  document.title = `${room.name} – Chat`;
}

/** @param {boolean} allowed */
export function allowWriting(allowed) {
  for (const element of $('composer').elements) element.disabled = !allowed;
}

/**
 * @param {RoomSummary} room
 * @param {string} error
 * @param {(password: string) => void} enter
 */
export function askForKey(room, error, enter) {
  $('key-title').textContent = `# ${room.name}`;
  $('key-error').textContent = error;
  $('password').value = '';
  $('key-form').onsubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    $('key').close();
    enter($('password').value);
  };
  if (!$('key').open) $('key').showModal();
}

// Messages.

const nearEnd = () => $('scroll').scrollHeight - $('scroll').scrollTop - $('scroll').clientHeight < 120;
const toEnd = () => $('scroll').scrollTo({ top: $('scroll').scrollHeight });

// Keep the newest message visible when the on-screen keyboard opens.
let wasNearEnd = true;
$('scroll').onscroll = () => (wasNearEnd = nearEnd());
new ResizeObserver(() => wasNearEnd && toEnd()).observe($('scroll'));

/**
 * @param {Message} message
 * @param {Message | undefined} before
 * @param {string} me
 */
function bubble(message, before, me) {
  const at = new Date(message.at * 1000);
  const isNewDay = !before || day.format(before.at * 1000) !== day.format(at);
  const follows = !isNewDay && before.by === message.by && message.at - before.at < 300;
  const own = message.by === me;
  const time = make('time', { dateTime: at.toISOString(), textContent: clock.format(at) });
  const head = make('div', { className: 'head' }, make('strong', { textContent: message.by }), time);
  const text = make('p', { textContent: message.text });
  const item = make('li', { className: 'message' }, avatar(message.by), make('div', {}, head, text));
  item.classList.toggle('own', own);
  item.classList.toggle('follows', follows);
  return isNewDay ? [make('li', { className: 'day', textContent: day.format(at) }), item] : [item];
}

/**
 * @param {Message[]} messages
 * @param {string} me
 */
export function showMessages(messages, me) {
  const items = messages.flatMap((message, index) => bubble(message, messages[index - 1], me));
  $('messages').replaceChildren(...items);
  toEnd();
}

/**
 * @param {Message[]} messages
 * @param {string} me
 * @param {boolean} has
 */
export function showEarlier(messages, me, has) {
  const fromEnd = $('scroll').scrollHeight - $('scroll').scrollTop;
  showMessages(messages, me);
  $('earlier').hidden = !has;
  $('scroll').scrollTop = $('scroll').scrollHeight - fromEnd;
}

/**
 * @param {Message} message
 * @param {Message | undefined} before
 * @param {string} me
 */
export function addMessage(message, before, me) {
  const follow = nearEnd() || message.by === me;
  $('messages').append(...bubble(message, before, me));
  if (follow) toEnd();
}

/** @param {string} text */
export function addNotice(text) {
  const follow = nearEnd();
  $('messages').append(make('li', { className: 'notice', textContent: text }));
  if (follow) toEnd();
}

/** @param {string} reason */
export function showRefused(reason) {
  $('messages').replaceChildren(make('li', { className: 'refused', textContent: reason }));
}

/** @param {Iterable<string>} names */
export function showTyping(names) {
  const list = [...names];
  const verb = list.length > 1 ? 'are' : 'is';
  $('typing').textContent = list.length ? `${list.join(' and ')} ${verb} writing …` : '';
}

/**
 * Shows the users. Moderators get an `act` callback.
 *
 * @param {Iterable<string>} names
 * @param {string} me
 * @param {(what: Moderation, name: string) => void} [act]
 */
export function showPeople(names, me, act) {
  const sorted = [...names].sort((a, b) => a.localeCompare(b));
  $('count').textContent = sorted.length;
  const items = sorted.map((name) => {
    const item = make('li', {}, avatar(name), make('span', { className: 'who', textContent: name === me ? `${name} (you)` : name }));
    if (act && name !== me) {
      const button = (/** @type {string} */ label, /** @type {Moderation} */ what) =>
        make('button', { textContent: label, ariaLabel: `${label} ${name}`, onclick: () => act(what, name) });
      item.append(make('span', { className: 'acts' }, button('Expel', 'expel'), button('Kick', 'kick'), button('Ban', 'ban')));
    }
    return item;
  });
  $('people').replaceChildren(...items);
}

/** @type {number | undefined} */
let hiding;
/** @param {string} text */
export function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => ($('toast').hidden = true), 4000);
}

/**
 * As high as its text, up to a limit that the style sheet has.
 *
 * @param {HTMLElement} area
 */
export function fit(area) {
  area.style.height = 'auto';
  area.style.height = `${area.scrollHeight}px`;
}
