// @ts-check
// What was sent, kept in the browser. Tokens and headers that carry credentials are not kept.

import { parseJson, writeJson } from '../values/json.js';

/** @typedef {import('../types.js').Send} Send */
/** @typedef {{ at_ms: number, handler: string | null, send: Send, outcome: string, duration_us: number | null }} Sent */

const maxEntries = 50;
const maxLength = 20_000;
const secretHeader = /^(authorization|cookie|proxy-authorization)$|token|secret|password|api-?key/i;

export class SendHistory {
  #key;
  #storage;

  /**
   * @param {string} project
   * @param {Storage} storage
   */
  constructor(project, storage) {
    this.#key = `centrifugo-console.sent:${project}`;
    this.#storage = storage;
  }

  /**
   * From the newest to the oldest.
   *
   * @returns {Sent[]}
   */
  entries() {
    try {
      const entries = parseJson(this.#storage.getItem(this.#key) ?? '[]');
      return Array.isArray(entries) ? entries.filter((entry) => typeof entry?.send?.kind === 'string') : [];
    } catch {
      return [];
    }
  }

  /** @param {Sent} sent */
  add(sent) {
    const entry = { ...sent, send: withoutSecrets(sent.send) };
    if (writeJson(entry).length > maxLength) return;
    this.#write([entry, ...this.entries()].slice(0, maxEntries));
  }

  clear() {
    this.#write([]);
  }

  /** @param {Sent[]} entries */
  #write(entries) {
    try {
      this.#storage.setItem(this.#key, writeJson(entries));
    } catch {
      // The storage is full or not allowed: the history is a convenience.
    }
  }
}

/**
 * @param {Send} send
 * @returns {Send}
 */
function withoutSecrets({ token: _, ...send }) {
  if (!send.headers) return send;
  const headers = Object.entries(send.headers).filter(([key]) => !secretHeader.test(key));
  return { ...send, headers: Object.fromEntries(headers) };
}
