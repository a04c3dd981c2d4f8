// @ts-check
// An event with its answer, its log lines and the messages of its stream.

import { clock, counted, duration } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { answerContent } from '../send/answer_view.js';
import { h } from '../view/dom.js';
import { icon } from '../view/icons.js';
import { copyButton, factList, jsonView, kindBadge, logView, outcomeBadge, section } from '../view/parts.js';
import { invokeCommand } from './invoke_command.js';
import { sendOf, unsendableReason } from './sendable.js';

/** @typedef {import('./event_log.js').Entry} Entry */

/**
 * @param {Entry} entry
 * @param {{ description: import('../types.js').Description | null, openHandler: (path: string) => void, sendAgain: (entry: Entry) => void, edit: (entry: Entry) => void, save: (entry: Entry) => void }} context
 */
export function eventDetail(entry, { description, openHandler, sendAgain, edit, save }) {
  const { event } = entry;
  const reason = unsendableReason(event);
  const handler = event.handler;
  return h('article', { class: 'detail-content' },
    h('h2', { class: 'detail-title' }, kindBadge(event.kind), h('span', {}, event.channel ?? event.method ?? '')),
    h('p', { class: 'answer-head' }, outcomeBadge(event.outcome), h('span', { class: 'duration' }, duration(event.duration_us)), h('span', { class: 'muted' }, `${clock(event.at_ms)} · event ${event.id}`)),
    h('div', { class: 'actions' },
      h('button', { type: 'button', disabled: reason !== null, onclick: () => sendAgain(entry) }, icon('send'), 'Send again'),
      h('button', { type: 'button', disabled: reason !== null, onclick: () => edit(entry) }, 'Edit and send'),
      reason === null ? copyButton('Copy as invoke', () => invokeCommand(sendOf(event))) : null,
      h('button', { type: 'button', onclick: () => save(entry) }, 'Save…')),
    reason ? h('p', { class: 'muted' }, `${reason} It cannot be sent again.`) : null,
    section('What the client sees', answerContent(event.answer, description, handler)),
    section('Log of this event', entry.logs.length > 0 ? logView(entry.logs, 'Log of this event') : h('p', { class: 'muted' }, 'The program logged nothing for this event.')),
    entry.messages.length > 0 ? section(`Stream (${counted(entry.messageCount, 'message')})`, streamView(entry)) : null,
    section('Data', jsonView(event.data ?? undefined, 'Data')),
    event.meta === undefined || event.meta === null ? null : section('Meta', jsonView(event.meta, 'Meta')),
    section('Event', factList([
      ['Handler', handler ? h('button', { type: 'button', class: 'link', onclick: () => openHandler(handler) }, handler) : 'none'],
      ['Pattern', event.pattern],
      ['Key', event.key ? h('code', {}, event.key) : null],
      ['User', event.user || 'anonymous'],
      ['Client', event.client ? h('code', {}, event.client) : null],
      ['Transport', event.transport],
      ['Protocol', event.protocol],
      ['Sent from', event.source === 'console' ? 'this console' : null],
    ])),
    headerSection(event.headers));
}

/** @param {Record<string, string[]> | null} headers */
function headerSection(headers) {
  const entries = Object.entries(headers ?? {});
  if (entries.length === 0) return null;
  return section('Headers', factList(entries.map(([name, values]) => [name, h('code', {}, [values].flat().join(', '))])));
}

const directions = { to_client: '← to the client', from_client: '→ from the client', end: 'end' };
const shownMessages = 100;

/** @param {Entry} entry */
function streamView(entry) {
  const messages = [...entry.messages].slice(-shownMessages).reverse();
  const left = entry.messageCount - messages.length;
  return h('div', {},
    h('ol', { class: 'stream', 'aria-label': 'Messages of the stream, newest first', tabindex: 0 }, messages.map(({ at_ms, direction, data, status }) =>
      h('li', { class: `direction-${direction}` },
        h('time', {}, clock(at_ms)),
        h('span', { class: 'direction' }, directions[direction] ?? direction),
        h('code', {}, direction === 'end' ? writeJson(status ?? 'ok').slice(0, 500) : writeJson(data).slice(0, 2000))))),
    left > 0 ? h('p', { class: 'muted' }, `${counted(left, 'older message')}.`) : null);
}
