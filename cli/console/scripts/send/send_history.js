// @ts-check
// What was sent, kept in the browser without secrets, as recordings are.

import { parseJson, writeJson } from '../values/json.js';

/** @typedef {import('../types.js').Send} Send */
/** @typedef {{ at_ms: number, handler: string | null, send: Send, outcome: string, duration_us: number | null }} Sent */

const maxEntries = 50;
const maxLength = 20_000;
// The same as in recordings (`dev/events/recorded.rs`, `recording/removed.rs`).
const secretHeader = /auth|cookie|token|secret|password|api-?key/i;
const secretMember = /^(password|secret|token)$/i;

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
    try {
      const entry = { ...sent, send: withoutSecrets(sent.send) };
      if (writeJson(entry).length > maxLength) return;
      this.#write([entry, ...this.entries()].slice(0, maxEntries));
    } catch {
      // The data is nested too deep.
    }
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
function withoutSecrets({ token: _, data, meta, headers, ...send }) {
  return {
    ...send,
    ...(headers ? { headers: Object.fromEntries(Object.entries(headers).filter(([key]) => !secretHeader.test(key))) } : {}),
    // Secrets cannot be found in bytes.
    ...(data === undefined || isBytes(data) ? {} : { data: withoutSecretMembers(data) }),
    ...(meta === undefined || isBytes(meta) ? {} : { meta: withoutSecretMembers(meta) }),
  };
}

/** @param {any} value */
const isBytes = (value) => value !== null && typeof value === 'object' && '$bytes' in value;

/**
 * @param {any} value
 * @returns {any}
 */
function withoutSecretMembers(value) {
  if (Array.isArray(value)) return value.map(withoutSecretMembers);
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).filter(([name]) => !secretMember.test(name));
  return Object.fromEntries(members.map(([name, member]) => [name, withoutSecretMembers(member)]));
}
