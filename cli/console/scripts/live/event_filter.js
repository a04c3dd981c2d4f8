// @ts-check

import { writeJson } from '../values/json.js';

/** @typedef {import('./event_log.js').Entry} Entry */
/** @typedef {{ kind: string, handler: string, user: string, outcome: string, text: string }} Filter Empty texts match all. */

/** @type {Filter} */
export const noFilter = { kind: '', handler: '', user: '', outcome: '', text: '' };

/** @param {Filter} filter */
export const isEmptyFilter = (filter) => Object.values(filter).every((value) => value === '');

/**
 * Returns a function that tells whether an entry passes the filter.
 *
 * `outcome` may be `not ok`. `handler` is a path or `none`. `text` is looked for in the channel, the method, the data and
 * the answer, without regard to case.
 *
 * @param {Filter} filter
 * @returns {(entry: Entry) => boolean}
 */
export function matcher(filter) {
  const user = filter.user.trim().toLowerCase();
  const text = filter.text.trim().toLowerCase();
  return ({ event, cache }) =>
    (filter.kind === '' || event.kind === filter.kind) &&
    (filter.outcome === '' || (filter.outcome === 'not ok' ? event.outcome !== 'ok' : event.outcome === filter.outcome)) &&
    (filter.handler === '' || (event.handler ?? 'none') === filter.handler) &&
    (user === '' || (event.user ?? '').toLowerCase().includes(user)) &&
    (text === '' || (cache.text ??= searchedText(event)).includes(text));
}

const maxSearchedLength = 4096;

/** @param {import('../types.js').Event} event */
function searchedText(event) {
  const parts = [event.channel ?? '', event.method ?? '', writeJson(event.data), writeJson(event.answer)];
  return parts.map((part) => part.slice(0, maxSearchedLength)).join('\n').toLowerCase();
}
