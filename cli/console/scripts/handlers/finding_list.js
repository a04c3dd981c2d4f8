// @ts-check
// What the check of the configuration says.

import { h } from '../view/dom.js';
import { badge } from '../view/parts.js';

/** @param {import('../types.js').Finding[]} findings */
export function findingList(findings) {
  return h('ul', { class: 'findings' }, findings.map(({ level, path, place, message, help }) =>
    h('li', { class: `finding ${level}` },
      h('div', { class: 'finding-head' }, badge(level, `level-${level}`), path ? h('code', {}, path) : null, place ? h('code', { class: 'place' }, place) : null),
      h('p', {}, message),
      help ? h('p', { class: 'help' }, help) : null)));
}

const ranks = { error: 0, warning: 1, note: 2 };

/**
 * Returns the most severe level.
 *
 * @param {import('../types.js').Finding[]} findings
 */
export const worstLevel = (findings) => findings.map(({ level }) => level).sort((a, b) => ranks[a] - ranks[b])[0] ?? '';
