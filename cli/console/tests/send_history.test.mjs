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

test('keeps no secrets of headers, data and meta', () => {
  const storage = new MemoryStorage();
  const history = new SendHistory('/shop', storage);
  const secret = { password: 'secret', list: [{ Token: 'secret', n: 2 ** 60 }], deep: { SECRET: { a: 'secret' } }, tokens: 3 };
  history.add(sent({ data: secret, meta: secret, headers: { 'x-auth': 'secret', 'X-Cookie': 'secret', 'my-apikey': 'secret', 'x-a': 'b' } }));
  history.add(sent({ data: { $bytes: 'c2VjcmV0' }, meta: ['kept', null] }));
  history.add(sent({ data: 'text', meta: null }));
  assert.doesNotMatch([...storage.items.values()].join(), /secret|c2VjcmV0/);
  const [text, bytes, cleaned] = history.entries().map(({ send }) => send);
  assert.deepEqual(cleaned.data, { list: [{ n: 2 ** 60 }], deep: {}, tokens: 3 });
  assert.deepEqual(cleaned.meta, cleaned.data);
  assert.deepEqual(cleaned.headers, { 'x-a': 'b' });
  assert.deepEqual(bytes, { kind: 'rpc', method: 'echo', meta: ['kept', null] });
  assert.deepEqual(text, { kind: 'rpc', method: 'echo', data: 'text', meta: null });
  // Nothing that is nested too deep is kept, and nothing fails.
  let deep = [];
  for (let count = 0; count < 100_000; count += 1) deep = [deep];
  history.add(sent({ data: deep }));
  assert.equal(history.entries().length, 3);
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
