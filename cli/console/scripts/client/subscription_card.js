// @ts-check
// A subscription with what can be done with it.

import { h } from '../view/dom.js';
import { icon } from '../view/icons.js';

/** @typedef {{ element: HTMLElement, update: () => void }} Card */

/**
 * @param {any} subscription
 * @param {'stream' | 'map' | 'shared poll'} type
 * @param {(what: string, channel: string, call: () => Promise<any>, sent?: any) => void} run
 * @param {() => void} remove
 * @param {string} example JSON that can be published, or an empty text.
 * @returns {Card}
 */
export function subscriptionCard(subscription, type, run, remove, example) {
  const { channel } = subscription;
  const state = h('span', { class: 'badge' });
  const toggle = h('button', { type: 'button', class: 'small', onclick: () => (subscription.state === 'unsubscribed' ? subscription.subscribe() : subscription.unsubscribe()) });
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) => h('button', { type: 'button', class: 'small', onclick }, label);
  const actions = [
    button('Presence', () => run('presence', channel, () => subscription.presence())),
    button('Presence stats', () => run('presence stats', channel, () => subscription.presenceStats())),
    type === 'stream' ? button('History', () => run('history', channel, () => subscription.history({ limit: 20, reverse: true }))) : null,
    toggle,
  ];
  const element = h('li', { class: 'card subscription' },
    h('div', { class: 'card-head' }, h('strong', { class: 'target' }, channel), type === 'stream' ? null : h('span', { class: 'muted' }, type), state,
      h('button', { type: 'button', class: 'icon-button', 'aria-label': `Remove ${channel}`, onclick: remove }, icon('close'))),
    h('div', { class: 'actions' }, actions),
    type === 'stream' ? publishForm(subscription, run, example) : type === 'map' ? mapForm(subscription, run, example) : trackForm(subscription));
  const update = () => {
    state.textContent = subscription.state;
    state.className = `badge state-${subscription.state}`;
    toggle.textContent = subscription.state === 'unsubscribed' ? 'Subscribe' : 'Unsubscribe';
  };
  update();
  return { element, update };
}

/**
 * @param {string} text
 * @returns {any} The JSON value, or the text itself if it is no JSON.
 */
export function valueOf(text) {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param {string} label @param {string} placeholder @param {string} [value] */
const input = (label, placeholder, value) => h('input', { 'aria-label': label, placeholder, value, autocomplete: 'off', spellcheck: 'false' });

/**
 * @param {any} subscription
 * @param {(what: string, channel: string, call: () => Promise<any>, sent?: any) => void} run
 * @param {string} example
 */
function publishForm(subscription, run, example) {
  const { channel } = subscription;
  const data = input(`Data to publish to ${channel}`, 'JSON', example);
  const publish = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = valueOf(data.value) ?? {};
    run('publish', channel, () => subscription.publish(value), value);
  };
  return h('form', { class: 'inline-form', onsubmit: publish }, data, h('button', { class: 'small' }, 'Publish'));
}

/**
 * @param {any} subscription
 * @param {(what: string, channel: string, call: () => Promise<any>, sent?: any) => void} run
 * @param {string} example
 */
function mapForm(subscription, run, example) {
  const { channel } = subscription;
  const key = input(`Key in ${channel}`, 'key');
  const data = input(`Value in ${channel}`, 'JSON', example);
  const publish = (/** @type {Event} */ event) => {
    event.preventDefault();
    const value = valueOf(data.value) ?? {};
    run(`set ${key.value}`, channel, () => subscription.publish(key.value, value), value);
  };
  const remove = () => run(`remove ${key.value}`, channel, () => subscription.remove(key.value));
  return h('form', { class: 'inline-form', onsubmit: publish }, key, data, h('button', { class: 'small' }, 'Set'), h('button', { type: 'button', class: 'small', onclick: remove }, 'Remove'));
}

/** @param {any} subscription */
function trackForm(subscription) {
  const key = input(`Key of ${subscription.channel}`, 'key');
  const signature = input(`Signature for ${subscription.channel}`, 'signature');
  const track = (/** @type {Event} */ event) => {
    event.preventDefault();
    subscription.track([{ key: key.value, version: 0 }], signature.value || undefined);
  };
  return h('form', { class: 'inline-form', onsubmit: track }, key, signature, h('button', { class: 'small' }, 'Track'));
}
