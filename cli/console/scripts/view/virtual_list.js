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
  /** The rows of the visible items. A row stays with its item while the item moves. @type {Map<T, HTMLElement>} */
  #rows = new Map();
  /** @type {HTMLElement[]} */
  #free = [];

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
    const visibleItems = new Set();
    for (let index = first; index < last; index += 1) visibleItems.add(this.#items.at(index));
    for (const [item, row] of this.#rows) {
      if (visibleItems.has(item)) continue;
      this.#rows.delete(item);
      this.#free.push(row);
    }
    for (let index = first; index < last; index += 1) {
      const item = /** @type {T} */ (this.#items.at(index));
      const row = this.#rows.get(item) ?? this.#takeRow();
      this.#rows.set(item, row);
      row.style.transform = `translateY(${index * height}px)`;
      row.hidden = false;
      this.#renderRow(row, item, index);
    }
    for (const row of this.#free) {
      row.hidden = true;
      row.removeAttribute('id');
    }
  }

  #takeRow() {
    const free = this.#free.pop();
    if (free) return free;
    const row = h('div', { class: 'virtual-row' });
    this.#space.append(row);
    return row;
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
