// @ts-check
// The tabs, with the keys of the ARIA pattern. The address names the tab that is open.

import { icon } from './icons.js';
import { h, fill } from './dom.js';

/** @typedef {{ id: string, label: string, short: string }} Tab */

export class Tabs {
  #list;
  /** @type {Map<string, { button: HTMLElement, panel: HTMLElement, badge: HTMLElement }>} */
  #tabs = new Map();
  /** @type {Map<string, () => void>} */
  #onOpen = new Map();
  current = '';

  /**
   * @param {HTMLElement} list
   * @param {Tab[]} tabs Each has a panel `panel-ID` in the page.
   */
  constructor(list, tabs) {
    this.#list = list;
    for (const { id, label, short } of tabs) {
      const panel = /** @type {HTMLElement} */ (document.getElementById(`panel-${id}`));
      const badge = h('span', { class: 'tab-badge', hidden: true });
      const button = h(
        'button',
        { role: 'tab', type: 'button', id: `tab-${id}`, 'aria-controls': panel.id, 'aria-label': label, class: 'tab' },
        icon(id),
        h('span', { class: 'tab-long', 'aria-hidden': 'true' }, label),
        h('span', { class: 'tab-short', 'aria-hidden': 'true' }, short),
        badge,
      );
      button.addEventListener('click', () => this.open(id));
      panel.setAttribute('aria-labelledby', button.id);
      list.append(button);
      this.#tabs.set(id, { button, panel, badge });
    }
    list.addEventListener('keydown', (event) => this.#onKey(event));
    addEventListener('hashchange', () => this.#openFromAddress());
  }

  start() {
    this.#openFromAddress();
  }

  #openFromAddress() {
    const id = location.hash.slice(1);
    this.open(this.#tabs.has(id) ? id : this.#ids[0]);
  }

  get #ids() {
    return [...this.#tabs.keys()];
  }

  /**
   * Calls a function each time that the tab is opened.
   *
   * @param {string} id
   * @param {() => void} listener
   */
  onOpen(id, listener) {
    this.#onOpen.set(id, listener);
  }

  /** @param {string} id */
  open(id) {
    if (id === this.current) return;
    this.current = id;
    for (const [key, { button, panel }] of this.#tabs) {
      const isOpen = key === id;
      button.setAttribute('aria-selected', String(isOpen));
      button.tabIndex = isOpen ? 0 : -1;
      panel.hidden = !isOpen;
    }
    if (location.hash !== `#${id}`) history.replaceState(null, '', `#${id}`);
    this.#onOpen.get(id)?.();
  }

  /**
   * Shows a short text at a tab; an empty one hides it.
   *
   * @param {string} id
   * @param {string} text
   * @param {string} [tone]
   */
  setBadge(id, text, tone = '') {
    const { badge, button } = /** @type {any} */ (this.#tabs.get(id));
    badge.hidden = text === '';
    badge.className = `tab-badge ${tone}`;
    fill(badge, text);
    button.setAttribute('aria-description', text);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const ids = this.#ids;
    const index = ids.indexOf(this.current);
    const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: ids.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const id = ids[(next + ids.length) % ids.length];
    this.open(id);
    this.#tabs.get(id)?.button.focus();
  }
}
