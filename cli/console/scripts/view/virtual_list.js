// @ts-check
// A list of any length, of which only the visible rows are in the document. All rows are of one height.

import { h } from './dom.js';

const extraRows = 4;

/** @template T */
export class VirtualList {
  #element;
  #space;
  #rowHeight;
  #renderRow;
  /** @type {{ length: number, at: (index: number) => T | undefined }} */
  #items = { length: 0, at: () => undefined };
  /** @type {HTMLElement[]} */
  #rows = [];

  /**
   * @param {HTMLElement} element The scrolling element.
   * @param {{ rowHeight: () => number, renderRow: (row: HTMLElement, item: T, index: number) => void }} options
   */
  constructor(element, { rowHeight, renderRow }) {
    this.#element = element;
    this.#rowHeight = rowHeight;
    this.#renderRow = renderRow;
    this.#space = h('div', { class: 'virtual-space', role: 'presentation' });
    element.append(this.#space);
    element.addEventListener('scroll', () => this.render(), { passive: true });
    new ResizeObserver(() => this.render()).observe(element);
  }

  /**
   * @param {{ length: number, at: (index: number) => T | undefined }} items
   * @param {number} addedAtTop How many of them are new. If the list is scrolled, what is visible stays in place.
   */
  setItems(items, addedAtTop = 0) {
    this.#items = items;
    const isScrolled = this.#element.scrollTop > 1;
    this.#space.style.height = `${items.length * this.#rowHeight()}px`;
    if (isScrolled && addedAtTop > 0) this.#element.scrollTop += addedAtTop * this.#rowHeight();
    this.render();
  }

  render() {
    const height = this.#rowHeight();
    this.#space.style.height = `${this.#items.length * height}px`;
    const first = Math.max(0, Math.floor(this.#element.scrollTop / height) - extraRows);
    const visible = Math.ceil(this.#element.clientHeight / height) + 2 * extraRows;
    const last = Math.min(this.#items.length, first + visible);
    for (let index = first; index < last; index += 1) {
      const row = this.#rowAt(index - first);
      row.style.transform = `translateY(${index * height}px)`;
      row.hidden = false;
      this.#renderRow(row, /** @type {T} */ (this.#items.at(index)), index);
    }
    for (const row of this.#rows.slice(Math.max(0, last - first))) {
      row.hidden = true;
      row.removeAttribute('id');
    }
  }

  /** @param {number} position */
  #rowAt(position) {
    while (this.#rows.length <= position) {
      const row = h('div', { class: 'virtual-row' });
      this.#rows.push(row);
      this.#space.append(row);
    }
    return this.#rows[position];
  }

  /**
   * Scrolls as little as needed to make a row visible.
   *
   * @param {number} index
   */
  reveal(index) {
    const height = this.#rowHeight();
    const { scrollTop, clientHeight } = this.#element;
    if (index * height < scrollTop) this.#element.scrollTop = index * height;
    else if ((index + 1) * height > scrollTop + clientHeight) this.#element.scrollTop = (index + 1) * height - clientHeight;
    this.render();
  }

  /** How many rows are visible at once. */
  get pageSize() {
    return Math.max(1, Math.floor(this.#element.clientHeight / this.#rowHeight()));
  }
}
