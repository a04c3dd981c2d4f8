// @ts-check
// Names and values of headers.

import { fill, h } from '../view/dom.js';
import { icon } from '../view/icons.js';

export class HeaderRows {
  #element;
  /** @type {[string, string][]} */
  #rows = [];

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    this.set({});
  }

  /** @param {Record<string, string>} headers */
  set(headers) {
    this.#rows = Object.entries(headers);
    this.#render();
  }

  /** @returns {Record<string, string> | undefined} */
  get() {
    const rows = this.#rows.filter(([name]) => name.trim() !== '').map(([name, value]) => [name.trim(), value]);
    return rows.length > 0 ? Object.fromEntries(rows) : undefined;
  }

  #render() {
    const rows = this.#rows.map((row, index) => {
      const input = (/** @type {0 | 1} */ part, /** @type {string} */ label) =>
        h('input', { value: row[part], placeholder: label, 'aria-label': `${label} of header ${index + 1}`, spellcheck: 'false', autocomplete: 'off', oninput: (/** @type {any} */ event) => (row[part] = event.target.value) });
      const remove = () => {
        this.#rows.splice(index, 1);
        this.#render();
      };
      return h('div', { class: 'header-row' }, input(0, 'Name'), input(1, 'Value'),
        h('button', { type: 'button', class: 'icon-button', 'aria-label': `Remove header ${index + 1}`, onclick: remove }, icon('remove')));
    });
    const add = () => {
      this.#rows.push(['', '']);
      this.#render();
      const inputs = this.#element.querySelectorAll('input');
      inputs[inputs.length - 2]?.focus();
    };
    fill(this.#element, rows, h('button', { type: 'button', class: 'add', onclick: add }, icon('add'), h('span', {}, 'header')));
  }
}
