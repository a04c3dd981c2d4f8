// @ts-check

/**
 * A queue that drops its oldest item when it is full.
 *
 * @template T
 */
export class RingBuffer {
  /** @type {(T | undefined)[]} */
  #items = [];
  #start = 0;
  #length = 0;
  #capacity;

  /** @param {number} capacity */
  constructor(capacity) {
    this.#capacity = capacity;
  }

  get length() {
    return this.#length;
  }

  /**
   * Adds an item. Returns the item that it displaced.
   *
   * @param {T} item
   * @returns {T | undefined}
   */
  push(item) {
    const displaced = this.#length === this.#capacity ? this.shift() : undefined;
    this.#items[(this.#start + this.#length) % this.#capacity] = item;
    this.#length += 1;
    return displaced;
  }

  /**
   * Removes the oldest item.
   *
   * @returns {T | undefined}
   */
  shift() {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#start];
    this.#items[this.#start] = undefined;
    this.#start = (this.#start + 1) % this.#capacity;
    this.#length -= 1;
    return item;
  }

  /**
   * Returns an item; 0 is the oldest, -1 the newest.
   *
   * @param {number} index
   * @returns {T | undefined}
   */
  at(index) {
    if (index < 0) index += this.#length;
    if (index < 0 || index >= this.#length) return undefined;
    return this.#items[(this.#start + index) % this.#capacity];
  }

  clear() {
    this.#items = [];
    this.#start = 0;
    this.#length = 0;
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator]() {
    for (let index = 0; index < this.#length; index += 1) yield /** @type {T} */ (this.at(index));
  }
}
