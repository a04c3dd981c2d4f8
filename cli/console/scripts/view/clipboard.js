// @ts-check

import { h } from './dom.js';

/** @param {string} text */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without permission or in an old browser.
    const area = h('textarea', { class: 'unseen', value: text, 'aria-hidden': 'true' });
    document.body.append(area);
    area.select();
    const isCopied = document.execCommand('copy');
    area.remove();
    if (!isCopied) throw new Error('The browser does not allow copying.');
  }
}
