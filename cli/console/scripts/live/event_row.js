// @ts-check
// A row in the list of events. Rows are used again for other events, so that their elements are made once.

import { clock, duration } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { h } from '../view/dom.js';

/** @typedef {import('./event_log.js').Entry} Entry */
/** @typedef {{ entry: Entry | null, version: number, time: HTMLElement, kind: HTMLElement, target: HTMLElement, user: HTMLElement, preview: HTMLElement, outcome: HTMLElement, duration: HTMLElement }} Parts */

/** @type {WeakMap<HTMLElement, Parts>} */
const partsOf = new WeakMap();

/** @param {HTMLElement} row */
function parts(row) {
  let known = partsOf.get(row);
  if (!known) {
    const span = (/** @type {string} */ name) => h('span', { class: name });
    known = { entry: null, version: -1, time: h('time'), kind: span('kind'), target: span('target'), user: span('user'), preview: span('preview'), outcome: span('badge'), duration: span('duration') };
    row.setAttribute('role', 'option');
    row.classList.add('event-row');
    row.append(known.time, known.kind, known.target, known.user, known.preview, known.outcome, known.duration);
    partsOf.set(row, known);
  }
  return known;
}

/**
 * @param {HTMLElement} row
 * @param {Entry} entry
 */
export function renderEventRow(row, entry) {
  const known = parts(row);
  if (known.entry === entry && known.version === entry.version) return;
  known.entry = entry;
  known.version = entry.version;
  const { event } = entry;
  known.time.textContent = clock(event.at_ms);
  known.kind.textContent = event.kind;
  known.kind.className = `kind kind-${event.kind}`;
  known.target.textContent = event.channel ?? event.method ?? '';
  known.user.textContent = event.user || 'anonymous';
  known.user.classList.toggle('muted', !event.user);
  known.preview.textContent = entry.messageCount > 0 ? `stream, ${entry.messageCount} messages` : (entry.cache.preview ??= preview(entry));
  known.outcome.textContent = event.outcome;
  known.outcome.className = `badge outcome-${event.outcome}`;
  known.duration.textContent = duration(event.duration_us);
}

const maxPreview = 160;

/** @param {Entry} entry */
function preview({ event: { data, answer } }) {
  const error = answer?.error ?? answer?.disconnect ?? answer?.status;
  if (error) return `${error.code} ${error.message ?? error.reason ?? ''}`.slice(0, maxPreview);
  return data === undefined || data === null ? '' : writeJson(data).slice(0, maxPreview);
}
