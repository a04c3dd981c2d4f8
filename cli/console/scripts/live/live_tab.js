// @ts-check
// The tab «Live»: every event as it happens.

import { postSend } from '../server/api.js';
import { count, counted, duration, lastPart } from '../values/format.js';
import { kinds, outcomes } from '../values/kinds.js';
import { announce } from '../view/announcer.js';
import { byId, fill, h, oncePerFrame } from '../view/dom.js';
import { icon } from '../view/icons.js';
import { emptyState } from '../view/parts.js';
import { VirtualList } from '../view/virtual_list.js';
import { isEmptyFilter, noFilter } from './event_filter.js';
import { renderEventRow } from './event_row.js';
import { EventView } from './event_view.js';
import { eventDetail } from './event_detail.js';
import { RecordingDialog } from './recording_dialog.js';
import { sendOf } from './sendable.js';

/** @typedef {import('./event_log.js').Entry} Entry */

const phoneRow = matchMedia('(max-width: 800px)');

export class LiveTab {
  #store;
  #actions;
  #view;
  #list;
  #listElement = byId('event-list');
  #detail = byId('event-detail');
  #panes = byId('live-panes');
  #recording = new RecordingDialog();
  /** The event whose details are shown. @type {Entry | null} */
  #current = null;
  #currentVersion = -1;
  /** More events that are chosen, to be saved. @type {Set<Entry>} */
  #chosen = new Set();
  /** Where a range of events begins. @type {Entry | null} */
  #anchor = null;
  /** What each row shows. @type {WeakMap<HTMLElement, Entry>} */
  #rows = new WeakMap();
  #renderedAdded = 0;
  // Nobody reads more than ten lists a second.
  #render = oncePerFrame(() => this.#renderNow(), 100);

  /**
   * @param {import('../server/store.js').Store} store
   * @param {{ openHandler: (path: string) => void, edit: (send: import('../types.js').Send, handler: string | null) => void, isOpen: () => boolean }} actions
   */
  constructor(store, actions) {
    this.#store = store;
    this.#actions = actions;
    this.#view = new EventView(store.events);
    this.#list = new VirtualList(this.#listElement, {
      rowHeight: () => (phoneRow.matches ? 56 : 32),
      renderRow: (row, entry, index) => this.#renderRow(row, entry, index),
    });
    store.eventAdded.listen((change) => {
      this.#view.update(change);
      this.#render();
    });
    store.lineAdded.listen(() => this.#render());
    store.descriptionChanged.listen(() => this.#fillHandlers());
    phoneRow.addEventListener('change', () => this.#render());
    this.#startFilters();
    byId('live-pause').addEventListener('click', () => this.#togglePause());
    byId('live-clear').addEventListener('click', () => this.#clear());
    byId('live-save').addEventListener('click', () => this.#save());
    byId('live-reset').addEventListener('click', () => this.setFilter({}));
    byId('event-back').addEventListener('click', () => this.#close());
    this.#listElement.addEventListener('click', (/** @type {MouseEvent} */ event) => this.#onClick(event));
    this.#listElement.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => this.#onKey(event));
    this.#renderPause();
    this.#renderDetail();
  }

  /** Draws what was not drawn while the tab was closed. */
  opened() {
    this.#render();
  }

  #startFilters() {
    fill(byId('filter-kind'), h('option', { value: '' }, 'All kinds'), kinds.map(({ kind }) => h('option', {}, kind)));
    fill(byId('filter-outcome'), h('option', { value: '' }, 'All outcomes'), h('option', { value: 'not ok' }, 'not ok'), outcomes.map((outcome) => h('option', {}, outcome)));
    this.#fillHandlers();
    byId('live-filters').addEventListener('input', () => this.#applyFilters());
  }

  #fillHandlers() {
    const select = byId('filter-handler');
    const selected = select.value;
    const paths = [...new Set((this.#store.description?.handlers ?? []).map(({ handler }) => handler))].sort();
    fill(select, h('option', { value: '' }, 'All handlers'), h('option', { value: 'none' }, 'no handler'), paths.map((path) => h('option', { value: path, title: path }, lastPart(path))));
    select.value = selected;
    if (select.selectedIndex === -1) select.value = '';
  }

  #applyFilters() {
    const field = (/** @type {string} */ name) => byId(`filter-${name}`).value;
    this.#view.setFilter({ kind: field('kind'), handler: field('handler'), user: field('user'), outcome: field('outcome'), text: field('text') });
    byId('live-reset').hidden = isEmptyFilter(this.#view.filter);
    this.#listElement.scrollTop = 0;
    this.#render();
  }

  /** @param {Partial<import('./event_filter.js').Filter>} filter */
  setFilter(filter) {
    for (const [name, value] of Object.entries({ ...noFilter, ...filter })) byId(`filter-${name}`).value = value;
    this.#applyFilters();
  }

  #togglePause() {
    if (this.#view.isPaused) this.#view.resume();
    else this.#view.pause();
    this.#renderPause();
    this.#render();
  }

  #renderPause() {
    const { isPaused } = this.#view;
    fill(byId('live-pause'), icon(isPaused ? 'play' : 'pause'), isPaused ? 'Go on' : 'Pause');
    byId('live-pause').setAttribute('aria-pressed', String(isPaused));
  }

  #clear() {
    this.#store.events.clear();
    this.#view.clear();
    this.#chosen.clear();
    this.#close();
    this.#render();
  }

  #save() {
    const entries = this.#chosen.size > 1 ? this.#chosen : this.#view.shown;
    this.#recording.open([...entries].map(({ event }) => event.id).sort((a, b) => a - b));
  }

  /** The newest event is at the top. */
  get #items() {
    const { shown } = this.#view;
    // The list may be drawn again, by scrolling, when events are gone that it was given.
    return { get length() { return shown.length; }, at: (/** @type {number} */ index) => shown.at(shown.length - 1 - index) };
  }

  #renderNow() {
    if (!this.#actions.isOpen()) return;
    const { shown, added, isPaused, waiting } = this.#view;
    this.#list.setItems(this.#items, added - this.#renderedAdded);
    this.#renderedAdded = added;
    const total = this.#store.events.entries.length;
    const parts = [isEmptyFilter(this.#view.filter) ? counted(shown.length, 'event') : `${count(shown.length)} of ${counted(total, 'event')}`];
    if (isPaused) parts.push(`paused, ${count(waiting)} new`);
    if (this.#chosen.size > 1) parts.push(`${this.#chosen.size} chosen`);
    byId('live-count').textContent = parts.join(' · ');
    byId('event-empty').hidden = shown.length > 0;
    if (shown.length === 0) {
      fill(byId('event-empty'), total > 0 && !isEmptyFilter(this.#view.filter)
        ? emptyState('Nothing passes the filter', 'Other events do.')
        : emptyState('No events yet', 'Events appear here as soon as a client connects, subscribes, publishes or calls. Send one yourself in the tab "Send" or "Client".'));
    }
    byId('live-save').disabled = shown.length === 0;
    if (this.#current && this.#current.version !== this.#currentVersion) this.#renderDetail();
  }

  /**
   * @param {HTMLElement} row
   * @param {Entry} entry
   * @param {number} index
   */
  #renderRow(row, entry, index) {
    renderEventRow(row, entry);
    const isChosen = entry === this.#current || this.#chosen.has(entry);
    row.id = `event-${entry.event.id}`;
    this.#rows.set(row, entry);
    row.setAttribute('aria-selected', String(isChosen));
    row.setAttribute('aria-posinset', String(index + 1));
    row.setAttribute('aria-setsize', String(this.#view.shown.length));
    row.classList.toggle('is-current', entry === this.#current);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const row = /** @type {HTMLElement} */ (event.target).closest('.event-row');
    if (!(row instanceof HTMLElement)) return;
    // The list may have moved since the row was drawn.
    const index = this.#indexOf(this.#rows.get(row) ?? null);
    if (index === -1) return;
    this.#choose(index, event);
    if (phoneRow.matches) this.#panes.classList.add('shows-detail');
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const { length } = this.#view.shown;
    const index = this.#indexOf(this.#current);
    const page = this.#list.pageSize;
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: length - 1 }[event.key];
    if (event.key === 'Enter' && this.#current) {
      this.#panes.classList.add('shows-detail');
      this.#detail.focus();
    } else if (event.key === 'Escape') this.#close();
    if (next === undefined || length === 0) return;
    event.preventDefault();
    this.#choose(Math.min(Math.max(next, 0), length - 1), event);
  }

  /** @param {Entry | null} entry */
  #indexOf(entry) {
    const items = this.#items;
    if (!entry) return -1;
    for (let index = 0; index < items.length; index += 1) if (items.at(index) === entry) return index;
    return -1;
  }

  /**
   * @param {number} index
   * @param {{ shiftKey: boolean, ctrlKey: boolean, metaKey: boolean }} keys
   */
  #choose(index, { shiftKey, ctrlKey, metaKey }) {
    const entry = this.#items.at(index);
    if (!entry) return;
    if (shiftKey) {
      this.#chosen.clear();
      const anchor = this.#indexOf(this.#anchor);
      const start = anchor === -1 ? index : anchor;
      const [from, to] = [Math.min(index, start), Math.max(index, start)];
      for (let at = from; at <= to; at += 1) this.#chosen.add(/** @type {Entry} */ (this.#items.at(at)));
    } else {
      if (!ctrlKey && !metaKey) this.#chosen.clear();
      if (!this.#chosen.delete(entry)) this.#chosen.add(entry);
      this.#anchor = entry;
    }
    this.#current = entry;
    this.#listElement.setAttribute('aria-activedescendant', `event-${entry.event.id}`);
    this.#list.reveal(index);
    this.#renderDetail();
    this.#render();
  }

  #close() {
    this.#panes.classList.remove('shows-detail');
    if (this.#current && phoneRow.matches) this.#listElement.focus();
    if (this.#view.shown.length === 0) {
      this.#current = null;
      this.#renderDetail();
    }
  }

  #renderDetail() {
    const entry = this.#current;
    this.#currentVersion = entry?.version ?? -1;
    fill(this.#detail, entry
      ? eventDetail(entry, {
          description: this.#store.description,
          openHandler: this.#actions.openHandler,
          sendAgain: (again) => this.#sendAgain(again),
          edit: ({ event }) => this.#actions.edit(sendOf(event), event.handler),
          save: ({ event }) => this.#recording.open([event.id]),
        })
      : emptyState('No event chosen', 'Choose an event. The arrow keys move through the list, Shift chooses several.'));
  }

  /** @param {Entry} entry */
  async #sendAgain({ event }) {
    try {
      const answer = await postSend(sendOf(event), {});
      announce(`Sent: ${answer.outcome} after ${duration(answer.duration_us)}`);
    } catch (error) {
      announce(`Not sent: ${error instanceof Error ? error.message : error}`);
    }
  }
}
