// @ts-check
// Short messages at the edge of the page, which screen readers read.

import { byId } from './dom.js';

const shownFor_ms = 4000;
let timer = 0;

/** @param {string} text */
export function announce(text) {
  const element = byId('announcer');
  element.textContent = text;
  element.classList.add('is-shown');
  clearTimeout(timer);
  timer = setTimeout(() => element.classList.remove('is-shown'), shownFor_ms);
}
