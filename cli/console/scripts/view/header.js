// @ts-check
// The state of the program and of Centrifugo, in the header of all tabs.

import { withoutColours } from '../values/format.js';
import { byId, fill, h } from './dom.js';

const phases = { building: 'Building', failed: 'Failed', starting: 'Starting', ready: 'Ready', stopped: 'Stopped' };

export class Header {
  #store;
  #tabs;

  /**
   * @param {import('../server/store.js').Store} store
   * @param {import('./tabs.js').Tabs} tabs
   */
  constructor(store, tabs) {
    this.#store = store;
    this.#tabs = tabs;
    store.stateChanged.listen(() => this.#renderState());
    store.connectionChanged.listen(() => this.#renderConnection());
    store.descriptionChanged.listen(() => this.#renderFindings());
    byId('phase').addEventListener('click', () => tabs.open('start'));
  }

  #renderState() {
    const { state } = this.#store;
    if (!state) return;
    const { phase, problems, project, centrifugo, build } = state;
    byId('project').textContent = project?.name ?? '';
    document.title = `${project?.name ?? 'Console'} – ${phases[phase] ?? phase}`;
    const button = byId('phase');
    button.className = `phase phase-${phase}`;
    fill(button, h('span', { class: 'pulse', 'aria-hidden': 'true' }), phases[phase] ?? phase);
    byId('centrifugo').textContent = centrifugo?.running ? `Centrifugo ${centrifugo.version ?? ''}` : 'no Centrifugo';
    const errors = problems.length || (build?.messages ?? []).filter((text) => /^error/.test(withoutColours(text).trimStart())).length;
    this.#tabs.setBadge('start', phase === 'failed' ? String(errors || '!') : '', 'bad');
  }

  #renderFindings() {
    const { findings } = this.#store;
    const serious = findings.filter(({ level }) => level !== 'note');
    this.#tabs.setBadge('handlers', serious.length > 0 ? String(serious.length) : '', serious.some(({ level }) => level === 'error') ? 'bad' : 'warn');
  }

  #renderConnection() {
    const { connection } = this.#store;
    const banner = byId('banner');
    banner.hidden = connection === 'connected' || connection === 'connecting';
    banner.textContent = connection === 'refused'
      ? 'This page has no valid token. Open the address that `cargo centrifugo dev` has printed.'
      : '`cargo centrifugo dev` does not answer. The page tries again until it does.';
  }
}
