// @ts-check
// The tab «Handlers and channels».

import { lastPart } from '../values/format.js';
import { byId, fill, h } from '../view/dom.js';
import { emptyState, section } from '../view/parts.js';
import { findingList, worstLevel } from './finding_list.js';
import { channelDetail, handlerDetail } from './handler_detail.js';

/** @typedef {import('../types.js').Handler} Handler */
/** @typedef {import('../types.js').ChannelType} ChannelType */
/** @typedef {{ key: string, kind: string, title: string, subtitle: string, level: string, search: string, detail: () => HTMLElement }} Item */

export class HandlersTab {
  #store;
  #actions;
  #list = byId('handler-list');
  #detail = byId('handler-detail');
  #search = byId('handler-search');
  #panes = byId('panel-handlers');
  #selected = '';
  /** @type {Item[]} */
  #items = [];

  /**
   * @param {import('../server/store.js').Store} store
   * @param {{ send: (handler: Handler) => void, live: (handler: Handler) => void }} actions
   */
  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    store.descriptionChanged.listen(() => this.#update());
    store.stateChanged.listen(() => !this.#store.description && this.#update());
    this.#search.addEventListener('input', () => this.#renderList());
    this.#list.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.#onKey(event));
    byId('handler-back').addEventListener('click', () => this.#close());
    this.#update();
  }

  /** @param {string} path */
  openHandler(path) {
    const handler = this.#store.description?.handlers.find((known) => known.handler === path);
    if (handler) this.#open(handlerKey(handler));
  }

  #update() {
    const { description, findings } = this.#store;
    this.#items = description
      ? [
          ...description.handlers.map((handler) => this.#handlerItem(handler)),
          ...description.channels.map((channel) => this.#channelItem(channel)),
          ...this.#generalItem(findings),
        ]
      : [];
    this.#renderList();
    const selected = this.#items.find((item) => item.key === this.#selected) ?? (innerWidth > 800 ? this.#items[0] : undefined);
    this.#selected = selected?.key ?? '';
    this.#renderDetail();
  }

  /** @param {Handler} handler @returns {Item} */
  #handlerItem(handler) {
    const { findings } = this.#store;
    return {
      key: handlerKey(handler),
      kind: handler.event,
      title: handler.pattern ?? lastPart(handler.handler),
      subtitle: handler.docs.split('\n')[0] || handler.handler,
      level: worstLevel(findings.filter((finding) => finding.handler === handler.handler)),
      search: `${handler.event} ${handler.pattern} ${handler.handler} ${handler.docs}`.toLowerCase(),
      detail: () => handlerDetail(handler, {
        description: /** @type {import('../types.js').Description} */ (this.#store.description),
        findings: this.#store.findings,
        isCentrifugoRunning: this.#store.state?.centrifugo?.running === true,
        send: this.#actions.send,
        live: this.#actions.live,
        open: (channel) => this.#open(`channel ${channel}`),
      }),
    };
  }

  /** @param {ChannelType} channel @returns {Item} */
  #channelItem(channel) {
    return {
      key: `channel ${channel.name}`,
      kind: 'channel',
      title: channel.pattern,
      subtitle: channel.docs.split('\n')[0] || channel.name,
      level: '',
      search: `channel ${channel.pattern} ${channel.name} ${channel.docs}`.toLowerCase(),
      detail: () => channelDetail(channel, {
        description: /** @type {import('../types.js').Description} */ (this.#store.description),
        openHandler: (handler) => this.#open(handlerKey(handler)),
      }),
    };
  }

  /**
   * The findings that belong to no handler.
   *
   * @param {import('../types.js').Finding[]} findings
   * @returns {Item[]}
   */
  #generalItem(findings) {
    const general = findings.filter((finding) => !finding.handler || !this.#store.description?.handlers.some((handler) => handler.handler === finding.handler));
    if (general.length === 0) return [];
    return [{
      key: 'configuration',
      kind: 'configuration',
      title: 'Configuration',
      subtitle: `${general.length} without a handler`,
      level: worstLevel(general),
      search: 'configuration check findings',
      detail: () => h('article', { class: 'detail-content' }, h('h2', { class: 'detail-title' }, 'Configuration'), section('Check of the configuration', findingList(general))),
    }];
  }

  #renderList() {
    const words = this.#search.value.toLowerCase().split(/\s+/);
    const items = this.#items.filter((item) => words.every((/** @type {string} */ word) => item.search.includes(word)));
    if (this.#items.length === 0) {
      fill(this.#list, this.#store.description
        ? emptyState('No handlers', 'The program has no handlers yet.')
        : emptyState('No program yet', 'The handlers are here as soon as the program has been built.'));
      return;
    }
    if (items.length === 0) {
      fill(this.#list, emptyState('Nothing found', 'No handler and no channel type has this text.'));
      return;
    }
    /** @type {Map<string, Item[]>} */
    const groups = new Map();
    for (const item of items) groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
    fill(this.#list, [...groups].map(([kind, members]) =>
      h('section', { class: 'group', 'aria-label': kind }, h('h3', {}, kindTitle(kind), h('span', { class: 'muted' }, members.length)), members.map((item) => this.#button(item)))));
  }

  /** @param {Item} item */
  #button(item) {
    return h('button', { type: 'button', class: 'item', 'data-key': item.key, 'aria-current': item.key === this.#selected ? 'true' : null, onclick: () => this.#open(item.key) },
      h('span', { class: 'item-title' }, item.title),
      item.level ? h('span', { class: `dot level-${item.level}`, role: 'img', 'aria-label': item.level, title: item.level }) : null,
      h('span', { class: 'item-subtitle' }, item.subtitle));
  }

  /** @param {string} key */
  #open(key) {
    this.#selected = key;
    for (const button of this.#list.querySelectorAll('.item')) {
      if (button.dataset.key === key) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
    this.#panes.classList.add('shows-detail');
    this.#renderDetail();
    this.#detail.scrollTop = 0;
    this.#detail.focus({ preventScroll: true });
  }

  #close() {
    this.#panes.classList.remove('shows-detail');
    this.#list.querySelector('[aria-current]')?.focus();
  }

  #renderDetail() {
    const item = this.#items.find((known) => known.key === this.#selected);
    fill(this.#detail, item ? item.detail() : emptyState('Nothing chosen', 'Choose a handler or a channel type.'));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...this.#list.querySelectorAll('.item')];
    const index = buttons.indexOf(document.activeElement);
    buttons[index + step]?.focus();
    event.preventDefault();
  }
}

/** @param {Handler} handler */
const handlerKey = (handler) => `${handler.event} ${handler.pattern} ${handler.handler}`;

/** @param {string} kind */
const kindTitle = (kind) => (kind === 'channel' ? 'channel types' : kind);
