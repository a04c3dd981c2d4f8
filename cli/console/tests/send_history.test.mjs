import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SendHistory } from '../scripts/send/send_history.js';

class MemoryStorage {
  items = new Map();
  getItem = (key) => this.items.get(key) ?? null;
  setItem = (key, value) => void this.items.set(key, value);
}

const sent = (more = {}) => ({ at_ms: 1, handler: null, outcome: 'ok', duration_us: 5, send: { kind: 'rpc', method: 'echo', ...more } });

test('keeps the newest first, without secrets', () => {
  const storage = new MemoryStorage();
  const history = new SendHistory('/shop', storage);
  history.add(sent({ token: 'secret', headers: { Authorization: 'secret', 'X-Api-Key': 'secret', 'x-tenant': 'a' } }));
  history.add(sent({ method: 'second' }));
  assert.deepEqual(history.entries().map(({ send }) => send.method), ['second', 'echo']);
  assert.deepEqual(history.entries()[1].send.headers, { 'x-tenant': 'a' });
  assert.doesNotMatch([...storage.items.values()].join(), /secret/);
  assert.deepEqual(new SendHistory('/other', storage).entries(), []);
  history.clear();
  assert.deepEqual(history.entries(), []);
});

test('is bounded, and survives a broken storage', () => {
  const storage = new MemoryStorage();
  const history = new SendHistory('/shop', storage);
  for (let count = 0; count < 80; count += 1) history.add(sent());
  history.add(sent({ data: 'x'.repeat(100_000) }));
  assert.equal(history.entries().length, 50);
  for (const text of ['{', '{}', '[1,null,{"send":3}]']) {
    storage.getItem = () => text;
    assert.deepEqual(history.entries(), []);
  }
  storage.setItem = () => {
    throw new Error('full');
  };
  history.add(sent());
});
