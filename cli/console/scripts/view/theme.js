// @ts-check
// Light, dark, or as the system has it.

import { byId, fill } from './dom.js';
import { icon } from './icons.js';

const key = 'centrifugo-console.theme';
const themes = ['auto', 'light', 'dark'];
const names = { auto: 'Colors of the system', light: 'Light colors', dark: 'Dark colors' };

/** Connects the switch in the header. */
export function startThemeSwitch() {
  const button = byId('theme');
  let theme = localStorage.getItem(key) ?? 'auto';
  if (!themes.includes(theme)) theme = 'auto';
  const apply = () => {
    document.documentElement.dataset.theme = theme;
    const name = names[/** @type {keyof typeof names} */ (theme)];
    button.setAttribute('aria-label', name);
    button.title = name;
    fill(button, icon(theme));
  };
  button.addEventListener('click', () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length];
    localStorage.setItem(key, theme);
    apply();
  });
  apply();
}
