// @ts-check
// The kinds of events.

/** @typedef {{ kind: string, target: 'channel' | 'method' | null }} Kind */

/** @type {Kind[]} */
export const kinds = [
  { kind: 'connect', target: null },
  { kind: 'refresh', target: null },
  { kind: 'subscribe', target: 'channel' },
  { kind: 'publish', target: 'channel' },
  { kind: 'sub_refresh', target: 'channel' },
  { kind: 'rpc', target: 'method' },
  { kind: 'subscribe_stream', target: 'channel' },
  { kind: 'map_publish', target: 'channel' },
  { kind: 'map_remove', target: 'channel' },
  { kind: 'shared_poll_refresh', target: 'channel' },
  { kind: 'notify_cache_empty', target: 'channel' },
  { kind: 'notify_channel_state', target: null },
];

/** Kinds whose message has a list in place of data. */
export const listKinds = ['shared_poll_refresh', 'notify_channel_state'];

/** @param {string} kind */
export const targetOf = (kind) => kinds.find((known) => known.kind === kind)?.target ?? null;

/** @type {import('../types.js').Outcome[]} */
export const outcomes = ['ok', 'error', 'disconnect', 'failed', 'refused', 'timeout', 'unknown'];
