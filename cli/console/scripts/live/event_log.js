// @ts-check
// The events that the console keeps, with what belongs to each.

import { RingBuffer } from '../values/ring_buffer.js';

/** @typedef {import('../types.js').Event} Event */
/** @typedef {import('../types.js').LogLine} LogLine */
/** @typedef {import('../types.js').StreamMessage} StreamMessage */

/**
 * @typedef {object} Entry
 * @property {Event} event
 * @property {RingBuffer<LogLine>} logs
 * @property {RingBuffer<StreamMessage>} messages
 * @property {number} messageCount Also counts messages that are no longer kept.
 * @property {number} version Grows with each change.
 * @property {{ text?: string, preview?: string }} cache Texts that are made once.
 */

export const capacity = 10_000;
const logCapacity = 200;
const messageCapacity = 500;
const earlyCapacity = 1000;

export class EventLog {
  /** From the oldest to the newest. @type {RingBuffer<Entry>} */
  entries;
  /** @type {Map<number, Entry>} */
  #byId = new Map();
  /** Log lines and messages whose event is not there yet, in the order of arrival. @type {Map<number, (LogLine | StreamMessage)[]>} */
  #early = new Map();

  /** @param {number} [size] */
  constructor(size = capacity) {
    this.entries = new RingBuffer(size);
  }

  /** @param {number | null | undefined} id */
  get(id) {
    return id === null || id === undefined ? undefined : this.#byId.get(id);
  }

  /**
   * Adds an event, or replaces it if it is there already.
   *
   * @param {Event} event
   * @returns {{ added?: Entry, displaced?: Entry }}
   */
  add(event) {
    const known = this.#byId.get(event.id);
    if (known) {
      known.event = event;
      known.version += 1;
      known.cache = {};
      return {};
    }
    /** @type {Entry} */
    const entry = {
      event,
      logs: new RingBuffer(logCapacity),
      messages: new RingBuffer(messageCapacity),
      messageCount: 0,
      version: 0,
      cache: {},
    };
    this.#byId.set(event.id, entry);
    const displaced = this.entries.push(entry);
    if (displaced) this.#byId.delete(displaced.event.id);
    for (const line of this.#early.get(event.id) ?? []) this.#attach(entry, line);
    this.#early.delete(event.id);
    return { added: entry, displaced };
  }

  /**
   * Adds a log line or a message of a stream to its event.
   *
   * @param {LogLine | StreamMessage} line
   */
  attach(line) {
    const id = line.type === 'log' ? line.event : line.id;
    if (id === null || id === undefined) return;
    const entry = this.#byId.get(id);
    if (entry) this.#attach(entry, line);
    else this.#keepEarly(id, line);
  }

  /**
   * @param {Entry} entry
   * @param {LogLine | StreamMessage} line
   */
  #attach(entry, line) {
    if (line.type === 'log') entry.logs.push(line);
    else {
      entry.messages.push(line);
      if (line.direction !== 'end') entry.messageCount += 1;
    }
    entry.version += 1;
  }

  /**
   * @param {number} id
   * @param {LogLine | StreamMessage} line
   */
  #keepEarly(id, line) {
    const lines = this.#early.get(id) ?? [];
    if (lines.length < logCapacity) lines.push(line);
    this.#early.set(id, lines);
    if (this.#early.size > earlyCapacity) this.#early.delete(/** @type {number} */ (this.#early.keys().next().value));
  }

  clear() {
    this.entries.clear();
    this.#byId.clear();
    this.#early.clear();
  }
}
