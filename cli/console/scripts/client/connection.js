// @ts-check
// A connection of centrifuge-js, whose WebSocket can be cut to see how the client reconnects.

import { getClient } from '../server/api.js';

/** @typedef {(direction: 'in' | 'out' | 'state' | 'problem', what: string, channel: string, value?: any) => void} Report */

export class Connection {
  /** @type {any} */
  centrifuge = null;
  /** @type {WebSocket | null} */
  #socket = null;
  #report;
  #onChange;
  reconnects = 0;

  /**
   * @param {Report} report
   * @param {() => void} onChange
   */
  constructor(report, onChange) {
    this.#report = report;
    this.#onChange = onChange;
  }

  get state() {
    return this.centrifuge?.state ?? 'disconnected';
  }

  /**
   * Connects as a user. Without a token for the user, the connect handler decides.
   *
   * @param {{ user: string, token: string, data: any, headers: Record<string, string> | undefined }} options
   */
  async connect({ user, token, data, headers }) {
    this.disconnect();
    const client = await getClient(user);
    if (client === null) throw new Error('Centrifugo does not run.');
    const given = token || client.token || '';
    const self = this;
    /** Keeps the socket. */
    class Socket extends WebSocket {
      /** @param {string} url @param {any} protocols */
      constructor(url, protocols) {
        super(url, protocols);
        self.#socket = this;
      }
    }
    const options = {
      websocket: Socket,
      name: 'console',
      ...(given ? { token: given } : {}),
      ...(given && !token ? { getToken: async () => (await getClient(user))?.token ?? '' } : {}),
      ...(data === undefined ? {} : { data }),
      ...(headers ? { headers } : {}),
    };
    const centrifuge = new (/** @type {any} */ (globalThis).Centrifuge)(client.websocket_url, options);
    this.centrifuge = centrifuge;
    this.reconnects = 0;
    this.#listen(centrifuge);
    centrifuge.connect();
    return { hasToken: given !== '' };
  }

  /** @param {any} centrifuge */
  #listen(centrifuge) {
    let wasConnected = false;
    const on = (/** @type {string} */ name, /** @type {(context: any) => void} */ listener) =>
      centrifuge.on(name, (/** @type {any} */ context) => {
        listener(context);
        this.#onChange();
      });
    on('connecting', ({ code, reason }) => this.#report('state', 'connecting', '', code === 0 ? undefined : { code, reason }));
    on('connected', ({ client, transport, data }) => {
      if (wasConnected) this.reconnects += 1;
      wasConnected = true;
      this.#report('state', 'connected', '', { client, transport, ...(data === undefined ? {} : { data }) });
    });
    on('disconnected', ({ code, reason }) => this.#report('state', 'disconnected', '', { code, reason }));
    on('error', ({ type, error }) => this.#report('problem', type, '', error));
    on('message', ({ data }) => this.#report('in', 'message', '', data));
    // Subscriptions that the server made.
    on('subscribed', ({ channel, ...rest }) => this.#report('state', 'subscribed by the server', channel, rest));
    on('unsubscribed', ({ channel }) => this.#report('state', 'unsubscribed by the server', channel));
    on('publication', ({ channel, ...rest }) => this.#report('in', 'publication', channel, rest));
    on('join', ({ channel, info }) => this.#report('in', 'join', channel, info));
    on('leave', ({ channel, info }) => this.#report('in', 'leave', channel, info));
  }

  disconnect() {
    this.centrifuge?.disconnect();
  }

  /** Closes the WebSocket as a lost network does. */
  cut() {
    this.#socket?.close();
  }

  /**
   * Subscribes to a channel.
   *
   * @param {string} channel
   * @param {'stream' | 'map' | 'shared poll'} type
   * @param {any} options
   */
  subscribe(channel, type, options) {
    const { centrifuge } = this;
    if (!centrifuge) throw new Error('Connect first.');
    const make = { stream: 'newSubscription', map: 'newMapSubscription', 'shared poll': 'newSharedPollSubscription' }[type];
    const subscription = centrifuge[make](channel, options);
    const on = (/** @type {string} */ name, /** @type {(context: any) => void} */ listener) =>
      subscription.on(name, (/** @type {any} */ context) => {
        listener(context);
        this.#onChange();
      });
    on('subscribing', ({ code, reason }) => this.#report('state', 'subscribing', channel, code === 0 ? undefined : { code, reason }));
    on('subscribed', ({ channel: _, ...rest }) => this.#report('state', recoveryText(rest), channel, rest));
    on('unsubscribed', ({ code, reason }) => this.#report('state', 'unsubscribed', channel, { code, reason }));
    on('error', ({ type: what, error }) => this.#report('problem', what, channel, error));
    on('publication', ({ channel: _, ...rest }) => this.#report('in', 'publication', channel, rest));
    on('join', ({ info }) => this.#report('in', 'join', channel, info));
    on('leave', ({ info }) => this.#report('in', 'leave', channel, info));
    if (type !== 'stream') {
      on('sync', ({ entries }) => this.#report('in', 'sync', channel, entries));
      on('update', ({ channel: _, ...rest }) => this.#report('in', 'update', channel, rest));
    }
    subscription.subscribe();
    return subscription;
  }

  /**
   * @param {any} subscription
   * @param {'stream' | 'map' | 'shared poll'} type
   */
  remove(subscription, type) {
    const remove = { stream: 'removeSubscription', map: 'removeMapSubscription', 'shared poll': 'removeSharedPollSubscription' }[type];
    this.centrifuge[remove](subscription);
  }
}

/** @param {any} context */
function recoveryText({ wasRecovering, recovered }) {
  if (!wasRecovering) return 'subscribed';
  return recovered ? 'subscribed, recovered' : 'subscribed, not recovered';
}
