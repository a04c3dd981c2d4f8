// @ts-check
// The tab «Client»: a real connection to Centrifugo, as a chosen user.

import { exampleOf } from '../schema/example.js';
import { HeaderRows } from '../send/header_rows.js';
import { JsonInput } from '../send/json_input.js';
import { counted } from '../values/format.js';
import { writeJson } from '../values/json.js';
import { isMatch, patternExample } from '../values/pattern.js';
import { byId, fill, h } from '../view/dom.js';
import { ClientLog } from './client_log.js';
import { Connection } from './connection.js';
import { subscriptionCard } from './subscription_card.js';

/** @typedef {import('./subscription_card.js').Card} Card */

export class ClientTab {
  #store;
  #log = new ClientLog(byId('client-log'));
  #connection;
  #headers = new HeaderRows(byId('client-headers'));
  #data;
  #rpcData;
  #subscribeData;
  /** @type {Map<string, Card>} */
  #cards = new Map();

  /** @param {import('../server/store.js').Store} store */
  constructor(store) {
    this.#store = store;
    this.#connection = new Connection((direction, what, channel, value) => this.#log.add(direction, what, channel, value), () => this.#update());
    this.#data = new JsonInput(byId('client-data'), byId('client-data-status'));
    this.#rpcData = new JsonInput(byId('rpc-data'), byId('rpc-data-status'));
    this.#subscribeData = new JsonInput(byId('subscribe-data'), byId('subscribe-data-status'));
    this.#onSubmit('client-form', () => this.#connect());
    this.#onSubmit('subscribe-form', () => this.#subscribe());
    this.#onSubmit('rpc-form', () => this.#rpc());
    byId('client-disconnect').addEventListener('click', () => this.#connection.disconnect());
    byId('client-cut').addEventListener('click', () => this.#connection.cut());
    byId('client-log-clear').addEventListener('click', () => this.#log.clear());
    // Not `change`: it happens while a button is pressed, which then moves away from the pointer.
    byId('rpc-method').addEventListener('input', () => this.#fillRpcExample());
    store.descriptionChanged.listen(() => this.#fillExamples());
    store.stateChanged.listen(() => this.#update());
    this.#update();
  }

  /**
   * @param {string} id
   * @param {() => void | Promise<void>} action
   */
  #onSubmit(id, action) {
    byId(id).addEventListener('submit', async (/** @type {Event} */ event) => {
      event.preventDefault();
      try {
        await action();
        byId('client-problem').textContent = '';
      } catch (error) {
        byId('client-problem').textContent = error instanceof Error ? error.message : String(error);
      }
    });
  }

  async #connect() {
    const { value, problems, isJson, text } = this.#data.check();
    if (text !== '' && !isJson) throw new Error(problems[0].message);
    for (const key of this.#cards.keys()) this.#removeCard(key);
    const user = byId('client-user').value.trim();
    const { hasToken } = await this.#connection.connect({ user, token: byId('client-token').value.trim(), data: value, headers: this.#headers.get() });
    byId('client-note').textContent = this.#connectNote(user, hasToken);
    this.#update();
  }

  /**
   * Says who decides about the user.
   *
   * @param {string} user
   * @param {boolean} hasToken
   */
  #connectNote(user, hasToken) {
    const hasHandler = this.#store.description?.handlers.some(({ event }) => event === 'connect') ?? false;
    if (hasToken) return hasHandler ? 'The token says who the user is. Leave user and token empty to ask the connect handler.' : '';
    return user === '' ? '' : 'There is no token for this user, because the configuration has no HMAC key. The connect handler decides who the user is.';
  }

  #subscribe() {
    const channel = byId('subscribe-channel').value.trim();
    if (channel === '') throw new Error('The channel is missing.');
    if (this.#cards.has(channel)) throw new Error(`There is a subscription to ${channel} already.`);
    const type = byId('subscribe-type').value;
    const flag = (/** @type {string} */ name) => (byId(`subscribe-${name}`).checked ? { [name]: true } : {});
    const token = byId('subscribe-token').value.trim();
    const { value, isJson, text } = this.#subscribeData.check();
    if (text !== '' && !isJson) throw new Error('The data of the subscription is not JSON.');
    const options = {
      ...(type === 'stream' ? { ...flag('recoverable'), ...flag('positioned'), ...flag('joinLeave') } : {}),
      ...(token ? { token } : {}),
      ...(value === undefined ? {} : { data: value }),
    };
    const subscription = this.#connection.subscribe(channel, type, options);
    const card = subscriptionCard(subscription, type, (what, where, call, sent) => this.#run(what, where, call, sent), () => {
      this.#connection.remove(subscription, type);
      this.#removeCard(channel);
    }, this.#publicationExample(channel));
    this.#cards.set(channel, card);
    byId('subscriptions').prepend(card.element);
    this.#update();
  }

  /** @param {string} channel */
  #publicationExample(channel) {
    const { description } = this.#store;
    const handler = description?.handlers.find(({ event, pattern }) => ['publish', 'map_publish'].includes(event) && pattern && isMatch(pattern, channel));
    const channelType = description?.channels.find(({ pattern }) => isMatch(pattern, channel));
    const schema = (handler?.data ?? channelType?.publication ?? channelType?.item)?.schema;
    return schema ? writeJson(exampleOf(schema, description?.schemas ?? {})) : '';
  }

  /** @param {string} channel */
  #removeCard(channel) {
    this.#cards.get(channel)?.element.remove();
    this.#cards.delete(channel);
    this.#update();
  }

  async #rpc() {
    const method = byId('rpc-method').value.trim();
    const { value, isJson, text, problems } = this.#rpcData.check();
    if (text !== '' && !isJson) throw new Error(problems[0].message);
    const { centrifuge } = this.#connection;
    if (!centrifuge) throw new Error('Connect first.');
    this.#run(`rpc ${method}`, '', () => centrifuge.rpc(method, value ?? null), value);
  }

  /**
   * Calls something, and lists the call and the answer.
   *
   * @param {string} what
   * @param {string} channel
   * @param {() => Promise<any>} call
   * @param {any} [sent]
   */
  async #run(what, channel, call, sent) {
    this.#log.add('out', what, channel, sent);
    const start = performance.now();
    try {
      const result = await call();
      const elapsed = `${(performance.now() - start).toFixed(1)} ms`;
      this.#log.add('in', `${what}: ok, ${elapsed}`, channel, result);
    } catch (error) {
      const { code, message } = /** @type {any} */ (error);
      this.#log.add('problem', `${what}: error`, channel, { code, message });
    }
  }

  #fillExamples() {
    const { description } = this.#store;
    if (!description) return;
    const patterns = (/** @type {string[]} */ kinds) => [...new Set(description.handlers.filter(({ event }) => kinds.includes(event)).flatMap(({ pattern }) => (pattern ? [patternExample(pattern)] : [])))];
    const channels = [...new Set([...patterns(['subscribe', 'subscribe_stream', 'publish', 'map_publish', 'shared_poll_refresh']), ...description.channels.map(({ pattern }) => patternExample(pattern))])];
    fill(byId('known-channels'), channels.map((value) => h('option', { value })));
    fill(byId('known-methods'), patterns(['rpc']).map((value) => h('option', { value })));
    const connect = description.handlers.find(({ event }) => event === 'connect');
    this.#data.setType(connect?.data?.schema, description.schemas ?? {}, true);
    if (byId('client-data').value === '' && connect?.data?.schema && !connect.data.optional) {
      this.#data.setText(writeJson(exampleOf(connect.data.schema, description.schemas ?? {}), 2));
    }
  }

  #fillRpcExample() {
    const { description } = this.#store;
    const handler = description?.handlers.find(({ event, pattern }) => event === 'rpc' && pattern && patternExample(pattern) === byId('rpc-method').value);
    this.#rpcData.setType(handler?.data?.schema, description?.schemas ?? {}, true);
    if (handler?.data?.schema) this.#rpcData.setText(writeJson(exampleOf(handler.data.schema, description?.schemas ?? {}), 2));
  }

  #update() {
    const centrifugo = this.#store.state?.centrifugo;
    const isMissing = this.#store.state !== null && !centrifugo?.running;
    byId('client-missing').hidden = !isMissing;
    byId('client-missing-text').textContent = centrifugo?.problem ?? 'Start `cargo centrifugo dev` with `--centrifugo PATH`, or put `centrifugo` on PATH.';
    byId('client-panes').hidden = isMissing && this.#connection.centrifuge === null;
    const { state, reconnects } = this.#connection;
    const badge = byId('client-state');
    badge.textContent = state;
    badge.className = `badge state-${state}`;
    byId('client-reconnects').textContent = reconnects > 0 ? counted(reconnects, 'reconnect') : '';
    byId('client-disconnect').disabled = state === 'disconnected';
    byId('client-cut').disabled = state !== 'connected';
    byId('no-subscriptions').hidden = this.#cards.size > 0;
    for (const card of this.#cards.values()) card.update();
  }
}
