import assert from 'node:assert/strict';
import { test } from 'node:test';

// What the modules of the page expect of a browser.
globalThis.location = { href: 'http://127.0.0.1/?token=t' };
globalThis.history = { replaceState: () => {} };
globalThis.sessionStorage = { getItem: () => null, setItem: () => {} };
globalThis.EventSource = class {
  static last = null;
  constructor() {
    EventSource.last = this;
  }
  close() {}
  push(state) {
    this.onmessage({ lastEventId: '1', data: JSON.stringify({ type: 'state', state }) });
  }
};

const { Store } = await import('../scripts/server/store.js');

const state = (configuration, running = true) => ({
  phase: 'ready', build: null, problems: [], program: { pid: 1, started_ms: 2 }, centrifugo: { running, configuration }, project: null,
});

/** Answers requests for findings when it is told to. */
class Requests {
  asked = [];

  constructor() {
    globalThis.fetch = async (path) => {
      if (path === '/api/state') return this.#response(state(1));
      if (path !== '/api/check') return this.#response({ path: 'c.json', text: '{}', variables: {} });
      return new Promise((resolve) => this.asked.push((message) => resolve(this.#response({ findings: [{ message }] }))));
    };
  }

  #response = (body) => ({ ok: true, status: 200, text: async () => JSON.stringify(body) });
}

async function until(condition) {
  for (const end = Date.now() + 5000; !condition(); ) {
    assert.ok(Date.now() < end, 'nothing happens');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('asks for the findings of each configuration', async () => {
  const requests = new Requests();
  const store = new Store();
  let loads = 0;
  store.descriptionChanged.listen(() => (loads += 1));
  await store.start();
  await until(() => requests.asked.length === 1);
  requests.asked[0]('first');
  await until(() => loads === 1);
  // The same program and the same Centrifugo, with another configuration.
  EventSource.last.push(state(2));
  await until(() => requests.asked.length === 2);
  // The answer comes after that of a newer request.
  EventSource.last.push(state(3));
  await until(() => requests.asked.length === 3);
  requests.asked[2]('third');
  await until(() => loads === 2);
  requests.asked[1]('second');
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(store.findings.map(({ message }) => message), ['third']);
  // Nothing has changed.
  EventSource.last.push(state(3));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(requests.asked.length, 3);
});
