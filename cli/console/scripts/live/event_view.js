// @ts-check
// The events that pass the filter. While it is paused, it stays as it is.

import { RingBuffer } from '../values/ring_buffer.js';
import { capacity } from './event_log.js';
import { matcher, noFilter } from './event_filter.js';

/** @typedef {import('./event_log.js').Entry} Entry */
/** @typedef {import('./event_log.js').EventLog} EventLog */

export class EventView {
  /** From the oldest to the newest. @type {RingBuffer<Entry>} */
  shown;
  /** Counts the events that were added to `shown`. */
  added = 0;
  isPaused = false;
  /** Events that passed the filter during the pause. */
  waiting = 0;
  filter = noFilter;
  #log;
  #matches = matcher(noFilter);

  /**
   * @param {EventLog} log
   * @param {number} [size]
   */
  constructor(log, size = capacity) {
    this.#log = log;
    this.shown = new RingBuffer(size);
  }

  /**
   * Takes over what `EventLog.add` returned.
   *
   * @param {{ added?: Entry, displaced?: Entry }} change
   */
  update({ added, displaced }) {
    if (this.isPaused) {
      if (added && this.#matches(added)) this.waiting += 1;
      return;
    }
    if (displaced && this.shown.at(0) === displaced) this.shown.shift();
    if (added && this.#matches(added)) {
      this.shown.push(added);
      this.added += 1;
    }
  }

  /** @param {import('./event_filter.js').Filter} filter */
  setFilter(filter) {
    this.filter = filter;
    this.#matches = matcher(filter);
    // A filter that changes in a pause applies to the events from before the pause.
    const entries = this.isPaused ? this.#beforePause : [...this.#log.entries];
    this.#show(entries);
  }

  /** @type {Entry[]} */
  #beforePause = [];

  pause() {
    this.isPaused = true;
    this.#beforePause = [...this.#log.entries];
  }

  resume() {
    this.isPaused = false;
    this.#beforePause = [];
    this.waiting = 0;
    this.#show(this.#log.entries);
  }

  clear() {
    this.#beforePause = [];
    this.waiting = 0;
    this.shown.clear();
  }

  /** @param {Iterable<Entry>} entries */
  #show(entries) {
    this.shown.clear();
    for (const entry of entries) if (this.#matches(entry)) this.shown.push(entry);
  }
}
