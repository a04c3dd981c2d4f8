// @ts-check
// All that is known of a handler or of a channel type.

import { duration, lastPart } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { h } from '../view/dom.js';
import { icon } from '../view/icons.js';
import { badge, factList, kindBadge, placeText, section } from '../view/parts.js';
import { findingList } from './finding_list.js';
import { noSchemas } from '../schema/type_text.js';
import { typeTree } from './type_tree.js';

/** @typedef {import('../types.js').Handler} Handler */
/** @typedef {import('../types.js').ChannelType} ChannelType */
/** @typedef {import('../types.js').Description} Description */

/**
 * @param {Handler} handler
 * @param {{ description: Description, findings: import('../types.js').Finding[], isCentrifugoRunning: boolean, send: (handler: Handler) => void, live: (handler: Handler) => void, open: (channel: string) => void }} context
 */
export function handlerDetail(handler, { description, findings, isCentrifugoRunning, send, live, open }) {
  const schemas = description.schemas ?? {};
  const limit = handler.timeout_ms ?? description.handler_timeout_ms;
  const own = findings.filter((finding) => finding.handler === handler.handler);
  const type = (/** @type {string} */ title, /** @type {import('../types.js').DataType | null} */ data) =>
    data ? section(title, typeTree(data, schemas)) : null;
  return h('article', { class: 'detail-content' },
    h('h2', { class: 'detail-title' }, kindBadge(handler.event), h('span', {}, handler.pattern ?? lastPart(handler.handler))),
    docs(handler.docs),
    h('div', { class: 'actions' },
      h('button', { type: 'button', class: 'primary', onclick: () => send(handler) }, icon('send'), 'Send an event'),
      h('button', { type: 'button', onclick: () => live(handler) }, icon('live'), 'Show its events')),
    factList([
      ['Function', h('code', {}, handler.handler)],
      ['Source', placeText(`${handler.file}:${handler.line}`)],
      ['Channel type', handler.channel ? h('button', { type: 'button', class: 'link', onclick: () => open(/** @type {string} */ (handler.channel)) }, handler.channel) : null],
      ['Time limit', `${duration(limit * 1000)}${handler.timeout_ms === null ? ' (the default)' : ''}`],
      ['Takes', handler.takes.length > 0 ? h('code', {}, handler.takes.join(', ')) : 'nothing'],
      ['Returns', h('code', {}, handler.returns)],
      ['Needs', handler.needs.map(needText).join('; ')],
    ]),
    section('Check of the configuration', own.length > 0 ? findingList(own) : h('p', { class: 'muted' }, isCentrifugoRunning ? 'Nothing is wrong.' : 'Nothing was found. Centrifugo does not run.')),
    description.schemas ? null : section('Types', h('p', { class: 'muted' }, noSchemas)),
    type('Data', handler.data),
    type('Meta of the connection', handler.meta),
    type('Result', handler.result),
    type('Publication', handler.publication),
    type('Item', handler.item),
    errorSection(handler, description));
}

/** @param {string} text */
const docs = (text) => (text ? h('p', { class: 'docs' }, text) : null);

/** @param {string} need */
function needText(need) {
  if (need === 'client_stream') return 'a stream in both directions';
  if (need === 'connection_meta') return 'the meta of the connection (include_connection_meta)';
  return need;
}

/**
 * @param {Handler} handler
 * @param {Description} description
 */
function errorSection(handler, description) {
  if (handler.errors === null || description.errors === null) return null;
  const names = new Set(handler.errors);
  // Errors that an error passes on are answers too.
  for (const name of names) {
    for (const one of description.errors.find((type) => type.name === name)?.cases ?? []) if (one.error) names.add(one.error);
  }
  const rows = description.errors.filter((type) => names.has(type.name)).flatMap((type) =>
    type.cases.filter((one) => one.answer !== 'transparent').map((one) =>
      h('tr', {},
        h('td', {}, badge(one.answer, `answer-${one.answer}`)),
        h('td', { class: 'number' }, one.code ?? ''),
        h('td', {}, h('code', {}, `${lastPart(type.name)}::${one.name}`), h('div', { class: 'help' }, one.message ?? one.format ?? '', one.temporary ? ' (temporary)' : '', one.docs ? ` – ${one.docs}` : '')))));
  if (rows.length === 0) return section('Errors', h('p', { class: 'muted' }, 'The handler has no error type of its own.'));
  return section('Errors', h('table', { class: 'errors' }, h('thead', {}, h('tr', {}, h('th', {}, 'Answer'), h('th', {}, 'Code'), h('th', {}, 'Case'))), h('tbody', {}, rows)));
}

/**
 * @param {ChannelType} channel
 * @param {{ description: Description, openHandler: (handler: Handler) => void }} context
 */
export function channelDetail(channel, { description, openHandler }) {
  const schemas = description.schemas ?? {};
  const handlers = description.handlers.filter((handler) => handler.channel === channel.name);
  const options = Object.entries(channel.options);
  return h('article', { class: 'detail-content' },
    h('h2', { class: 'detail-title' }, kindBadge('channel'), h('span', {}, channel.pattern)),
    docs(channel.docs),
    factList([
      ['Type', h('code', {}, channel.name)],
      ['Source', placeText(`${channel.file}:${channel.line}`)],
      ['Fields', channel.fields.map((field) => `${field.name}: ${field.type}`).join(', ')],
    ]),
    section('Options', options.length > 0 ? factList(options.map(([name, value]) => [name, h('code', {}, writeJson(value))])) : h('p', { class: 'muted' }, 'none')),
    channel.publication ? section('Publication', typeTree(channel.publication, schemas)) : null,
    channel.item ? section('Item', typeTree(channel.item, schemas)) : null,
    section('Handlers', handlers.length > 0
      ? h('ul', { class: 'plain' }, handlers.map((handler) => h('li', {}, h('button', { type: 'button', class: 'link', onclick: () => openHandler(handler) }, kindBadge(handler.event), ' ', handler.handler))))
      : h('p', { class: 'muted' }, 'No handler names this channel type.')));
}
