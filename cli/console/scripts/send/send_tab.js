// @ts-check
// The tab «Send»: sends an event to the program, without Centrifugo.

import { exampleOf } from '../schema/example.js';
import { invokeCommand } from '../live/invoke_command.js';
import { postSend, RequestError } from '../server/api.js';
import { clock, duration, lastPart } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { kinds, targetOf } from '../values/kinds.js';
import { isMatch, patternExample } from '../values/pattern.js';
import { announce } from '../view/announcer.js';
import { byId, fill, h } from '../view/dom.js';
import { copyButton, emptyState, kindBadge, outcomeBadge } from '../view/parts.js';
import { answerView } from './answer_view.js';
import { noSchemas } from '../schema/type_text.js';
import { HeaderRows } from './header_rows.js';
import { JsonInput } from './json_input.js';
import { SchemaForm } from './schema_form.js';
import { SendHistory } from './send_history.js';

/** @typedef {import('../types.js').Handler} Handler */
/** @typedef {import('../types.js').Send} Send */

const tokenKinds = ['connect', 'subscribe', 'subscribe_stream'];
const keyKinds = ['map_publish', 'map_remove'];

export class SendTab {
  #store;
  #form = byId('send-form');
  #picker = byId('send-handler');
  #target = byId('send-target');
  #headers = new HeaderRows(byId('send-headers'));
  #data;
  #meta;
  #schemaForm;
  /** @type {Handler | null} */
  #handler = null;
  #kind = 'rpc';
  /** @type {AbortController | null} */
  #sending = null;
  #described = '';
  /** Whether a handler of the program was chosen already. */
  #isChosen = false;
  /** The handler of an event that was put into the form before the program's description was there. @type {string | null} */
  #awaited = null;

  /** @param {import('../server/store.js').Store} store */
  constructor(store) {
    this.#store = store;
    this.#schemaForm = new SchemaForm(byId('send-fields'), (value) => {
      this.#data.setValue(value);
      this.#schemaForm.showProblems(this.#data.content().problems);
    });
    this.#data = new JsonInput(byId('send-data'), byId('send-data-status'), (content) => {
      if (content.isJson || content.text === '') this.#schemaForm.setValue(content.value);
      this.#schemaForm.showProblems(content.problems);
    });
    this.#meta = new JsonInput(byId('send-meta'), byId('send-meta-status'));
    this.#picker.addEventListener('change', () => {
      this.#isChosen = true;
      this.#awaited = null;
      this.#pick(this.#picker.value);
    });
    this.#target.addEventListener('input', () => this.#checkTarget());
    byId('send-example').addEventListener('click', () => this.#setExample(false));
    byId('send-full-example').addEventListener('click', () => this.#setExample(true));
    this.#form.addEventListener('submit', (/** @type {Event} */ event) => {
      event.preventDefault();
      this.send();
    });
    this.#form.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.send();
      }
    });
    byId('send-cancel').addEventListener('click', () => this.#sending?.abort());
    byId('send-copy').replaceWith(copyButton('Copy as invoke', () => invokeCommand(this.#send())));
    byId('history-clear').addEventListener('click', () => {
      this.#history.clear();
      this.#renderHistory();
    });
    store.descriptionChanged.listen(() => this.#update());
    store.stateChanged.listen(() => this.#renderHistory());
    fill(byId('send-answer'), emptyState('Nothing sent yet', 'The answer, its duration and the log of the event are shown here.'));
    this.#update();
  }

  get #history() {
    return new SendHistory(this.#store.state?.project?.path ?? '', localStorage);
  }

  get #schemas() {
    return this.#store.description?.schemas ?? {};
  }

  /** Takes over a new description. What was typed stays. */
  #update() {
    const handlers = this.#store.description?.handlers ?? [];
    const groups = kinds.map(({ kind }) => ({ kind, members: handlers.filter((handler) => handler.event === kind) })).filter(({ members }) => members.length > 0);
    fill(this.#picker,
      groups.map(({ kind, members }) => h('optgroup', { label: kind }, members.map((handler) =>
        h('option', { value: handlerValue(handler) }, handler.pattern ? `${kind} ${handler.pattern}` : `${kind} (${lastPart(handler.handler)})`)))),
      h('optgroup', { label: 'any channel or method' }, kinds.map(({ kind }) => h('option', { value: `kind ${kind}` }, `any ${kind}`))));
    const known = handlers.find((handler) =>
      this.#handler ? handlerValue(handler) === handlerValue(this.#handler) : handler.handler === this.#awaited && handler.event === this.#kind);
    if (known) this.#awaited = null;
    const described = JSON.stringify([known?.data, known?.meta, known?.pattern, this.#schemas]);
    if (known) {
      this.#picker.value = handlerValue(known);
      if (described !== this.#described) this.#setHandler(known, false);
    } else if (!this.#isChosen && handlers.length > 0) {
      const first = handlers.find((handler) => handler.event === 'rpc') ?? handlers[0];
      this.#pick(handlerValue(first));
    } else {
      this.#pick(`kind ${this.#kind}`, false);
    }
  }

  /**
   * @param {string} value
   * @param {boolean} [isNew] Whether the fields get new example values.
   */
  #pick(value, isNew = true) {
    this.#picker.value = value;
    if (value.startsWith('kind ')) {
      this.#kind = value.slice(5);
      this.#setHandler(null, isNew);
    } else {
      const handler = this.#store.description?.handlers.find((known) => handlerValue(known) === value) ?? null;
      if (handler) this.#kind = handler.event;
      this.#isChosen = true;
      this.#setHandler(handler, isNew);
    }
  }

  /**
   * @param {Handler | null} handler
   * @param {boolean} isNew
   */
  #setHandler(handler, isNew) {
    this.#handler = handler;
    this.#described = JSON.stringify([handler?.data, handler?.meta, handler?.pattern, this.#schemas]);
    const target = targetOf(this.#kind);
    byId('send-target-row').hidden = target === null;
    byId('send-target-label').textContent = target === 'method' ? 'Method' : 'Channel';
    byId('send-token-row').hidden = !tokenKinds.includes(this.#kind);
    byId('send-key-row').hidden = !keyKinds.includes(this.#kind);
    fill(byId('send-docs'), handler?.docs ? h('p', { class: 'docs' }, handler.docs) : null, handler ? h('code', { class: 'place' }, `${handler.handler}  ${handler.file}:${handler.line}`) : null);
    const type = handler?.data;
    byId('send-type').textContent = type ? type.type : '';
    byId('send-note').textContent = dataNote(this.#kind, handler, this.#store.description);
    this.#data.setType(type?.schema, this.#schemas, !type || type.optional);
    this.#meta.setType(handler?.meta?.schema, this.#schemas, true);
    const hasForm = Boolean(type?.schema);
    byId('send-fields-pane').hidden = !hasForm;
    byId('send-data-panes').classList.toggle('has-form', hasForm);
    byId('send-example').hidden = !hasForm;
    byId('send-full-example').hidden = !hasForm;
    if (isNew) {
      this.#target.value = handler?.pattern ? patternExample(handler.pattern) : '';
      if (hasForm && !type?.optional) this.#setExample(false);
      else this.#setData(listExample(this.#kind));
      this.#meta.setText(handler?.meta?.schema && !handler.meta.optional ? writeJson(exampleOf(handler.meta.schema, this.#schemas), 2) : '');
    } else {
      this.#setData(this.#data.content().text);
      this.#meta.check();
    }
    this.#checkTarget();
  }

  /** @param {string} text */
  #setData(text) {
    const content = this.#data.setText(text);
    if (this.#handler?.data?.schema) {
      this.#schemaForm.show(this.#handler.data.schema, this.#schemas, content.value);
      this.#schemaForm.showProblems(content.problems);
    }
  }

  /** @param {boolean} optional */
  #setExample(optional) {
    const schema = this.#handler?.data?.schema;
    if (schema !== null && schema !== undefined) this.#setData(writeJson(exampleOf(schema, this.#schemas, { optional }), 2));
  }

  #checkTarget() {
    const pattern = this.#handler?.pattern;
    const text = this.#target.value;
    const isWrong = Boolean(pattern) && !isMatch(/** @type {string} */ (pattern), text);
    byId('send-target-status').textContent = isWrong ? `does not match ${pattern}` : '';
    this.#target.toggleAttribute('aria-invalid', isWrong);
  }

  /** @returns {Send} */
  #send() {
    const field = (/** @type {string} */ id) => byId(id).value || undefined;
    const target = targetOf(this.#kind);
    const timeout = Number(byId('send-timeout').value);
    return {
      kind: this.#kind,
      ...(target ? { [target]: this.#target.value } : {}),
      user: field('send-user'),
      client: field('send-client'),
      transport: field('send-transport'),
      protocol: byId('send-protocol').value,
      headers: this.#headers.get(),
      meta: this.#meta.content().value,
      data: this.#data.content().value,
      token: tokenKinds.includes(this.#kind) ? field('send-token') : undefined,
      key: keyKinds.includes(this.#kind) ? field('send-key') : undefined,
      two_way: this.#handler?.needs.includes('client_stream') || undefined,
      timeout_ms: timeout > 0 ? timeout : undefined,
    };
  }

  async send() {
    if (this.#sending) return;
    const data = this.#data.check();
    const meta = this.#meta.check();
    // Values of a wrong type are sent: how the program answers to them is of interest. Text that is no JSON cannot be.
    if ((data.text !== '' && !data.isJson) || (meta.text !== '' && !meta.isJson)) {
      announce('The data is not JSON.');
      byId(data.text !== '' && !data.isJson ? 'send-data' : 'send-meta').focus();
      return;
    }
    const send = this.#send();
    const handler = this.#handler?.handler ?? null;
    this.#sending = new AbortController();
    this.#setSending(true);
    try {
      const texts = { ...(data.text ? { data: data.text } : {}), ...(meta.text ? { meta: meta.text } : {}) };
      const answer = await postSend(send, texts, this.#sending.signal);
      fill(byId('send-answer'), answerView(answer, this.#store.description, handler));
      this.#history.add({ at_ms: Date.now(), handler, send, outcome: answer.outcome, duration_us: answer.duration_us });
    } catch (error) {
      fill(byId('send-answer'), h('div', { class: 'seen bad', role: 'alert' }, h('p', {}, h('strong', {}, 'Not sent: '), error instanceof RequestError ? error.message : String(error))));
    } finally {
      this.#sending = null;
      this.#setSending(false);
      this.#renderHistory();
      if (innerWidth <= 800) byId('send-answer').scrollIntoView({ block: 'start' });
    }
  }

  /** @param {boolean} isSending */
  #setSending(isSending) {
    byId('send-submit').disabled = isSending;
    byId('send-submit-text').textContent = isSending ? 'Sending…' : 'Send';
    byId('send-cancel').hidden = !isSending;
    byId('send-answer').setAttribute('aria-busy', String(isSending));
  }

  /** @param {Handler} handler */
  chooseHandler(handler) {
    this.#pick(handlerValue(handler));
    this.#target.focus();
  }

  /**
   * Puts an event into the form.
   *
   * @param {Send} send
   * @param {string | null} handlerPath
   */
  load(send, handlerPath) {
    const handler = this.#store.description?.handlers.find((known) => known.handler === handlerPath && known.event === send.kind);
    this.#pick(handler ? handlerValue(handler) : `kind ${send.kind}`);
    this.#isChosen = true;
    this.#awaited = handler ? null : handlerPath;
    this.#target.value = send.method ?? send.channel ?? '';
    byId('send-user').value = send.user ?? '';
    byId('send-client').value = send.client ?? '';
    byId('send-transport').value = send.transport ?? '';
    byId('send-protocol').value = send.protocol ?? 'json';
    byId('send-token').value = send.token ?? '';
    byId('send-key').value = send.key ?? '';
    byId('send-timeout').value = send.timeout_ms ?? '';
    this.#headers.set(send.headers ?? {});
    this.#meta.setText(send.meta === undefined ? '' : writeJson(send.meta, 2));
    this.#setData(send.data === undefined ? '' : writeJson(send.data, 2));
    this.#checkTarget();
    byId('send-more').open = Boolean(send.headers || send.meta !== undefined || send.client || send.token);
  }

  #renderHistory() {
    const entries = this.#history.entries();
    byId('history-clear').hidden = entries.length === 0;
    fill(byId('send-history'), entries.length === 0
      ? h('li', { class: 'muted' }, 'What you send is listed here, so that you can send it again. Tokens, secrets and data that is not JSON are not kept.')
      : entries.map(({ at_ms, handler, send, outcome, duration_us }) =>
          h('li', {}, h('button', { type: 'button', class: 'item history-item', onclick: () => this.load(send, handler) },
            h('span', { class: 'item-title' }, kindBadge(send.kind), ' ', send.method ?? send.channel ?? ''),
            outcomeBadge(outcome),
            h('span', { class: 'item-subtitle' }, [clock(at_ms).slice(0, 8), send.user || 'anonymous', duration(duration_us), writeJson(send.data).slice(0, 60)].filter(Boolean).join(' · '))))));
  }
}

/** @param {Handler} handler */
const handlerValue = (handler) => `${handler.event} ${handler.pattern ?? ''} ${handler.handler}`;

/** @param {string} kind */
function listExample(kind) {
  if (kind === 'shared_poll_refresh') return writeJson([{ key: 'key', version: 0 }], 2);
  if (kind === 'notify_channel_state') return writeJson([{ channel: 'channel', type: 'occupied' }], 2);
  return '';
}

/**
 * @param {string} kind
 * @param {Handler | null} handler
 * @param {import('../types.js').Description | null} description
 */
function dataNote(kind, handler, description) {
  if (kind === 'shared_poll_refresh') return 'The items that clients track, with the versions that Centrifugo has.';
  if (kind === 'notify_channel_state') return 'The channels that are occupied or vacated.';
  if (!handler) return 'JSON, or {"$bytes": "…"} with bytes in Base64, as clients on the protocol Protobuf send them.';
  if (!description?.schemas) return noSchemas;
  if (!handler.data) return 'The handler does not read the data.';
  if (handler.data.schema === null) return handler.data.note ?? 'The type has no schema.';
  return handler.data.optional ? 'May be left empty.' : '';
}
