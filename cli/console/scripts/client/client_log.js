// @ts-check
// What the client sends and receives, newest first.

import { clock } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { RingBuffer } from '../values/ring_buffer.js';
import { fill, h, oncePerFrame } from '../view/dom.js';
import { emptyState, jsonView } from '../view/parts.js';

/** @typedef {{ at_ms: number, direction: 'in' | 'out' | 'state' | 'problem', what: string, channel: string, value: any }} Line */

const capacity = 1000;
const shown = 200;
const signs = { in: '←', out: '→', state: '•', problem: '!' };

export class ClientLog {
  #element;
  /** @type {RingBuffer<Line>} */
  #lines = new RingBuffer(capacity);
  /** Lines that are not drawn yet. @type {RingBuffer<Line>} */
  #fresh = new RingBuffer(shown);
  #render = oncePerFrame(() => this.#renderNow(), 100);

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    this.clear();
  }

  /**
   * @param {Line['direction']} direction
   * @param {string} what
   * @param {string} channel
   * @param {any} [value]
   */
  add(direction, what, channel, value) {
    const line = { at_ms: Date.now(), direction, what, channel, value };
    this.#lines.push(line);
    this.#fresh.push(line);
    this.#render();
  }

  clear() {
    this.#lines.clear();
    this.#fresh.clear();
    fill(this.#element, h('li', { class: 'empty-line' }, emptyState('Nothing yet', 'What the client sends and what is pushed to it is listed here.')));
  }

  #renderNow() {
    this.#element.querySelector('.empty-line')?.remove();
    this.#element.prepend(...[...this.#fresh].reverse().map(lineElement));
    this.#fresh.clear();
    while (this.#element.childElementCount > shown) this.#element.lastElementChild?.remove();
  }
}

/** @param {Line} line */
function lineElement({ at_ms, direction, what, channel, value }) {
  const line = [
    h('span', { class: 'sign', 'aria-hidden': 'true' }, signs[direction]),
    h('time', {}, clock(at_ms)),
    h('span', { class: 'what' }, what),
    channel ? h('span', { class: 'target' }, channel) : null,
    value === undefined ? null : h('span', { class: 'preview' }, writeJson(value?.data ?? value).slice(0, 160)),
  ];
  if (value === undefined) return h('li', { class: `client-line direction-${direction}` }, h('div', { class: 'line' }, line));
  const details = h('details', {}, h('summary', { class: 'line' }, line));
  details.addEventListener('toggle', () => details.open && details.append(jsonView(value, what)), { once: true });
  return h('li', { class: `client-line direction-${direction}` }, details);
}
