// @ts-check
// The tab «Start and rebuild».

import { findingList } from '../handlers/finding_list.js';
import { clock, counted, duration, withoutColours } from '../values/format.js';
import { byId, fill, h, oncePerFrame } from '../view/dom.js';
import { badge, copyButton, factList, logView, placeText, section } from '../view/parts.js';

/** @typedef {import('../types.js').State} State */

const shownLines = 300;

export class StartTab {
  #store;
  #isOpen;
  #renderLog = oncePerFrame(() => this.#renderLogNow(), 250);
  #lastLine = /** @type {any} */ (null);

  /**
   * @param {import('../server/store.js').Store} store
   * @param {() => boolean} isOpen
   */
  constructor(store, isOpen) {
    this.#store = store;
    this.#isOpen = isOpen;
    store.stateChanged.listen(() => this.#render());
    store.descriptionChanged.listen(() => this.#renderConfiguration());
    store.lineAdded.listen(() => this.#renderLog());
    this.#render();
    this.#renderConfiguration();
    this.#renderLogNow();
  }

  opened() {
    this.#renderLogNow();
  }

  #render() {
    const { state } = this.#store;
    fill(byId('start-summary'), state ? summary(state) : h('p', { class: 'muted' }, 'Connecting to `cargo centrifugo dev`…'));
    const problems = state?.problems ?? [];
    byId('start-problems').hidden = problems.length === 0;
    fill(byId('start-problem-list'), problems.map(({ message, place }) => h('li', { class: 'finding error' }, place ? h('div', { class: 'finding-head' }, placeText(place)) : null, h('p', {}, withoutColours(message)))));
    byId('start-problem-count').textContent = counted(problems.length, 'problem');
    const messages = state?.build?.messages ?? [];
    fill(byId('build-messages'), messages.length > 0
      ? messages.map((text) => compilerMessage(withoutColours(text)))
      : h('p', { class: 'muted' }, state?.phase === 'building' ? 'The compiler has said nothing so far.' : 'The last build had no errors and no warnings.'));
    byId('no-phases').hidden = this.#store.phases.length > 0;
    fill(byId('phases'), [...this.#store.phases].reverse().map(({ at_ms, phase, text }) => h('li', {}, h('time', {}, clock(at_ms).slice(0, 8)), badge(phase, `phase-${phase}`), h('span', { class: 'muted' }, text))));
  }

  #renderConfiguration() {
    const { configuration, findings } = this.#store;
    fill(byId('configuration'), configuration
      ? [
          h('div', { class: 'actions' }, h('code', { class: 'place' }, configuration.path), copyButton('Copy', () => configuration.text)),
          h('p', { class: 'muted' }, 'Secrets are left out.'),
          h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Configuration of Centrifugo' }, configuration.text),
          variableSection(configuration.variables ?? {}),
        ]
      : h('p', { class: 'muted' }, 'Centrifugo does not run.'));
    fill(byId('configuration-findings'), findings.length > 0 ? section('Check of the configuration', findingList(findings)) : null);
  }

  #renderLogNow() {
    const { programLog } = this.#store;
    const last = programLog.at(-1) ?? null;
    if (!this.#isOpen() || (last === this.#lastLine && last !== null)) return;
    this.#lastLine = last;
    const lines = [...programLog].slice(-shownLines).reverse().map((line) => ({ ...line, text: withoutColours(line.text) }));
    fill(byId('program-log'), lines.length > 0 ? logView(lines, 'Log of the program, newest first') : h('p', { class: 'muted' }, 'The program has logged nothing outside of events.'));
  }
}

/** @param {Record<string, string>} variables */
function variableSection(variables) {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  if (lines.length === 0) return null;
  return section('Environment variables, which take precedence',
    h('pre', { class: 'code', tabindex: 0, 'aria-label': 'Environment variables of Centrifugo' }, lines.join('\n')));
}

/** @param {State} state */
function summary({ phase, build, program, centrifugo, project }) {
  return h('div', { class: 'cards' },
    h('section', { class: 'card' }, h('h3', {}, 'Program'), factList([
      ['State', badge(phase, `phase-${phase}`)],
      ['Project', project?.path ? h('code', {}, project.path) : null],
      ['Executable', program?.executable ? h('code', {}, program.executable) : null],
      ['Address', program?.address ? h('code', {}, program.address) : null],
      ['Process', program?.pid ? `pid ${program.pid}` : null],
      ['Started', program?.started_ms ? clock(program.started_ms).slice(0, 8) : null],
      ['Restarts', program ? String(program.restarts ?? 0) : null],
    ])),
    h('section', { class: 'card' }, h('h3', {}, 'Build'), factList([
      ['Result', build ? (build.ok === null || build.ok === undefined ? 'under way' : build.ok ? 'ok' : 'failed') : 'none yet'],
      ['Started', build?.started_ms ? clock(build.started_ms).slice(0, 8) : null],
      ['Duration', build?.duration_ms ? duration(build.duration_ms * 1000) : null],
    ])),
    h('section', { class: 'card' }, h('h3', {}, 'Centrifugo'), factList([
      ['State', badge(centrifugo?.running ? 'running' : 'not running', centrifugo?.running ? 'phase-ready' : 'phase-stopped')],
      ['Version', centrifugo?.version ?? null],
      ['Address', centrifugo?.url ? h('code', {}, centrifugo.url) : null],
    ]), centrifugo?.problem ? h('p', { class: 'problem-text' }, centrifugo.problem) : null));
}

/**
 * A message of the compiler. Its first line tells the level.
 *
 * @param {string} text
 */
function compilerMessage(text) {
  const level = /^(error|warning)/.exec(text.trimStart())?.[1] ?? 'note';
  const place = /-->\s+(\S+:\d+(?::\d+)?)/.exec(text)?.[1];
  return h('div', { class: `compiler ${level}` }, h('div', { class: 'finding-head' }, badge(level, `level-${level}`), placeText(place)), h('pre', { class: 'code', tabindex: 0, 'aria-label': `${level} of the compiler` }, text.trimEnd()));
}
