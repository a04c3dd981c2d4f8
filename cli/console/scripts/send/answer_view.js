// @ts-check
// An answer as the client sees it, and which error of the program it is.

import { duration, lastPart } from '../values/format.js';
import { h } from '../view/dom.js';
import { jsonView, logView, outcomeBadge, section } from '../view/parts.js';

/** @typedef {import('../types.js').Description} Description */

/**
 * @param {any} answer
 * @param {Description | null} description
 * @param {string | null} handlerPath
 */
export function answerContent(answer, description, handlerPath) {
  if (answer?.error) {
    const { code, message, temporary } = answer.error;
    return h('div', { class: 'seen bad' },
      h('p', {}, h('strong', {}, `error ${code}`), ' ', message, temporary ? h('span', { class: 'muted' }, ' (temporary)') : null),
      causeText(description, handlerPath, 'error', code));
  }
  if (answer?.disconnect) {
    const { code, reason } = answer.disconnect;
    return h('div', { class: 'seen bad' },
      h('p', {}, h('strong', {}, `disconnect ${code}`), ' ', reason),
      h('p', { class: 'muted' }, reconnectText(code)),
      causeText(description, handlerPath, 'disconnect', code));
  }
  if (answer?.status) {
    const { code, message } = answer.status;
    return h('div', { class: 'seen bad' }, h('p', {}, h('strong', {}, `status ${code}`), ' ', message), h('p', { class: 'muted' }, 'The call failed. Centrifugo answers the client with error 100, or grants more time to a refresh.'));
  }
  return h('div', { class: 'seen' }, jsonView(answer && 'result' in answer ? answer.result : answer, 'Result'));
}

/** @param {number} code */
function reconnectText(code) {
  const reconnects = (code >= 3000 && code < 3500) || (code >= 4000 && code < 4500) || code >= 5000;
  return reconnects ? 'The client reconnects.' : 'The client does not reconnect.';
}

/**
 * Names the cases of the handler's error types that have the code.
 *
 * @param {Description | null} description
 * @param {string | null} handlerPath
 * @param {string} answer
 * @param {number} code
 */
function causeText(description, handlerPath, answer, code) {
  const handler = description?.handlers.find((known) => known.handler === handlerPath);
  const names = handler?.errors ?? [];
  const cases = (description?.errors ?? [])
    .filter((type) => names.includes(type.name))
    .flatMap((type) =>
      type.cases
        .filter((one) => one.code === code && (one.answer === answer || (one.answer === 'internal' && answer === 'error')))
        .map((one) => ({ type, one })));
  if (cases.length === 0) return null;
  return h('ul', { class: 'causes' }, cases.map(({ type, one }) =>
    h('li', {}, h('code', {}, `${lastPart(type.name)}::${one.name}`), one.docs ? ` ${one.docs}` : '', ' ', h('code', { class: 'place' }, `${type.file}:${type.line}`))));
}

/**
 * @param {import('../types.js').Answer} answer
 * @param {Description | null} description
 * @param {string | null} handlerPath
 */
export function answerView(answer, description, handlerPath) {
  const lines = answer.log ?? [];
  return h('div', {},
    h('p', { class: 'answer-head' }, outcomeBadge(answer.outcome), h('span', { class: 'duration' }, duration(answer.duration_us))),
    section('What the client sees', answerContent(answer.answer, description, handlerPath)),
    section('Log of this event', lines.length > 0 ? logView(lines, 'Log of this event') : h('p', { class: 'muted' }, 'The program logged nothing for this event.')));
}
