// @ts-check
// Small parts that several tabs have.

import { copyText } from './clipboard.js';
import { h } from './dom.js';
import { icon } from './icons.js';
import { announce } from './announcer.js';
import { writeJson } from '../values/json.js';
import { isClipped } from '../live/sendable.js';
import { clock, count } from '../values/format.js';

/** @typedef {import('./dom.js').Child} Child */

/** @param {string} text @param {string} [tone] */
export const badge = (text, tone = '') => h('span', { class: `badge ${tone}` }, text);

/** @param {string} outcome */
export const outcomeBadge = (outcome) => badge(outcome, `outcome-${outcome}`);

/** @param {string} kind */
export const kindBadge = (kind) => h('span', { class: `kind kind-${kind}` }, kind);

/**
 * What a tab shows when it has nothing to show.
 *
 * @param {string} title
 * @param {...(Child | Child[])} text
 */
export const emptyState = (title, ...text) => h('div', { class: 'empty' }, h('strong', {}, title), h('p', {}, ...text));

/**
 * @param {string} title
 * @param {...(Child | Child[])} content
 */
export const section = (title, ...content) => h('section', { class: 'block' }, h('h3', {}, title), ...content);

/**
 * A table of names and values. Values that are null are left out.
 *
 * @param {[string, Child][]} facts
 */
export const factList = (facts) =>
  h(
    'dl',
    { class: 'facts' },
    facts
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );

/**
 * A button that copies a text. The text is made when the button is pressed.
 *
 * @param {string} label
 * @param {() => string} text
 */
export function copyButton(label, text) {
  const name = h('span', {}, label);
  const button = h('button', { type: 'button' }, icon('copy'), name);
  button.addEventListener('click', async () => {
    let message = 'Copied';
    try {
      await copyText(text());
    } catch (error) {
      message = error instanceof Error ? error.message : String(error);
    }
    announce(message);
    name.textContent = message;
    setTimeout(() => (name.textContent = label), 1500);
  });
  return button;
}

const maxShownLength = 100_000;

/**
 * JSON as text.
 *
 * @param {any} value
 * @param {string} [label]
 */
export function jsonView(value, label = 'JSON') {
  if (value === undefined) return h('p', { class: 'muted' }, 'none');
  if (isClipped(value)) {
    return h('div', {}, h('pre', { class: 'code', tabindex: 0, 'aria-label': label }, String(value.$clipped)),
      h('p', { class: 'muted' }, value.length ? `The first part of ${count(value.length)} bytes.` : 'The first part.'));
  }
  if (value !== null && typeof value === 'object' && typeof value.$bytes === 'string' && Object.keys(value).length === 1) {
    return h('div', {}, h('pre', { class: 'code', tabindex: 0, 'aria-label': label }, value.$bytes), h('p', { class: 'muted' }, 'Bytes that are not JSON, in Base64.'));
  }
  const text = writeJson(value, 2);
  const shown = text.length > maxShownLength ? `${text.slice(0, maxShownLength)}\n…` : text;
  return h('pre', { class: 'code', tabindex: 0, 'aria-label': label }, shown);
}

/**
 * Lines of a log.
 *
 * @param {Iterable<{ level: string, text: string, at_ms?: number }>} lines
 * @param {string} label
 */
export function logView(lines, label) {
  return h(
    'ol',
    { class: 'log', 'aria-label': label, tabindex: 0 },
    [...lines].map(({ level, text, at_ms }) =>
      h('li', { class: `level-${String(level).toLowerCase()}` },
        at_ms ? h('time', {}, clock(at_ms)) : null,
        h('span', { class: 'level' }, level),
        h('span', { class: 'log-text' }, text),
      ),
    ),
  );
}

/** @param {string | null | undefined} place */
export const placeText = (place) => (place ? h('code', { class: 'place' }, place) : null);
