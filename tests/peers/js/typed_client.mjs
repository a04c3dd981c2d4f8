// Uses a client of `tests/worker/src/bin/data_shapes.rs`, and prints what it sees. The arguments are the URL of Centrifugo and the
// path of the client.
import { Centrifuge } from 'centrifuge';
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import WebSocket from 'ws';

const [url, path] = process.argv.slice(2);
const { Api, channelName, isError, isPublication } = await import(pathToFileURL(path));

const show = (...parts) =>
  console.log(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
const once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));
const failure = (promise) => promise.then(() => assert.fail('no error'), (error) => error);
setTimeout(() => process.exit(2), 20000).unref();

const centrifuge = new Centrifuge(url, { websocket: WebSocket, data: { user: 'ann' } });
const api = new Api(centrifuge);
centrifuge.connect();
assert.deepEqual((await once(centrifuge, 'connected')).data, { firstName: 'ann' });

// Methods: all shapes of data arrive and come back as they are.
const plain = { firstName: 'Ann' };
const fields = {
  boolean: true, byte: 1, large: 2 ** 52, float: 1.5, character: 'é', text: '*/', unit: null, optional: null, left_out: 1,
  'renamed-field': 'x', ['__proto__']: true, type: 't', bytes: [0, 255], base64: 'AA==', at: '2026-01-01T00:00:00Z',
  after: { secs: 1, nanos: 5 }, pair: [1, 'a'], triple: [1, 2, 3], key: Array(32).fill(7), set: ['a'], by_name: { a: plain },
  by_number: { 1: true }, anything: [{}], outcome: { Err: 'no' }, old: null,
};
const echoed = await api.rpc.echo.fields(fields);
assert.deepEqual(echoed, { ...fields, ['__proto__']: true, with_default: 10 });
for (const [method, values] of [
  ['external', ['Unit', { Newtype: plain }, { Tuple: [1, 'a'] }, { Struct: { a: 1 } }]],
  ['internal', [{ kind: 'unit' }, { kind: 'newtype', ...plain }, { kind: 'struct', a: 1, b: { kind: 'unit' } }]],
  ['adjacent', [{ t: 'Unit' }, { t: 'Newtype', c: plain }, { t: 'Tuple', c: [1, 'a'] }, { t: 'Struct', c: { a: 1 } }]],
  ['untagged', [1, 'a', [1, ['a']]]],
  ['words', ['one-word', 'two-words']],
  ['tree', [{ value: 1, children: [], parent: { value: 2, children: [], parent: null } }]],
  ['nothing', [null]],
  ['flattened', [{ own: 1, firstName: 'a', t: 'Struct', c: { a: 1 } }]],
  ['flattened_map', [{ own: 1, other: 'text' }]],
  ['empty', [{}]],
  ['unit_struct', [null]],
  ['wrapper', [[plain]]],
  ['promise', [{ kept: true }]],
  ['class', [{ students: 1 }]],
  ['option', [null, plain]],
]) {
  for (const value of values) assert.deepEqual(await api.rpc.echo[method](value), value, method);
}
assert.deepEqual(await api.rpc.echo.page.words({ items: ['one-word'] }), { items: ['one-word'], next: null });
show('methods', await api.rpc.user(), await api.rpc.user.name(), await api.rpc.user2({ id: 7n }));
show('files', await api.rpc.files({ folder: 'a', path: 'b/c-d' }));
show('optional', await api.rpc.optional(), await api.rpc.optional(plain), await api.rpc.bytes([1]));
for (const call of [api.rpc.nothing, api.rpc.delete, api.rpc.new, api.rpc['__proto__'], api.rpc['get-all'].now]) {
  assert.equal(await call(), undefined, call.toString());
}
await api.rpc.any({ wildcard: 'a/b.c#d' });

// Values that do not fit a pattern are refused here, and nothing is sent.
for (const parameters of [{}, { id: '' }, { id: 'a/b' }, { id: 'a.b' }, { id: 1.5 }, { id: 2 ** 53 }, { id: NaN }, { id: null }]) {
  const error = await failure(api.rpc.user2(parameters));
  assert.ok(error instanceof TypeError && error.message.includes('`id` does not fit the method `user/{id}`'), `${error}`);
}
show('refused', (await failure(api.rpc.files({ folder: 'a-b', path: 'c' }))).message);
assert.throws(() => api.chat({ room: '1:2' }), /`1:2` contains `:`/);
show(channelName('Delete', { folder: 'a', path: 'b:c' }), channelName('Rpc', {}), channelName('Scores', { game: false }));

// Errors by code.
const error = await failure(api.rpc.user2({ id: 0 }));
show('error', isError(error, 'NoSuchUser'), isError(error, 'Full'), error.message);
for (const [code, name] of [[1001, 'AppError.Busy'], [1002, 'Full'], [404, 'NoSuchUser']]) {
  assert.ok(isError(await failure(api.rpc.fail({ code })), name), name);
}
const internal = await failure(api.rpc.fail({ code: 100 }));
assert.ok(internal.code === 100 && !isError(internal, 'NoSuchUser') && !isError(undefined, 'Full') && !isError('x', 'Full'));

// A subscription: its data, publications, history and presence.
const refused = api.chat({ room: 1 }, { data: { password: 'wrong' } });
const unsubscribed = once(refused, 'unsubscribed');
refused.subscribe();
const context = await unsubscribed;
show('unsubscribed', isError(context, 'Full'), context.reason);
api.removeSubscription(refused);
const chat = api.chat({ room: 1 }, { data: { password: 'right' } });
const subscribed = once(chat, 'subscribed');
chat.subscribe();
assert.deepEqual((await subscribed).data, { text: 'welcome', by: 'app' });
const published = once(chat, 'publication');
await chat.publish({ text: 'hello' });
show('publication', (await published).channel, (await published).data);
show('history', (await chat.history({ limit: 10 })).publications.map(({ data }) => data.text));
show('presence', Object.values((await chat.presence()).clients).map(({ user, connInfo, chanInfo }) => [user, connInfo, chanInfo]));
assert.ok(isError(await failure(chat.publish({ text: '' })), 'AppError.Busy'));
assert.ok(isPublication({ channel: 'chat:1' }, 'Chat') && !isPublication({ channel: 'chat:1:2' }, 'Chat'));

// A stream in both directions.
const loud = api.loud({ topic: 'all' });
const shouted = once(loud, 'publication');
const opened = once(loud, 'subscribed');
loud.subscribe();
await loud.ready();
show('answer of the stream', (await opened).data);
show('presence of the stream', Object.values((await loud.presence()).clients).map(({ chanInfo }) => chanInfo));
await loud.publish({ text: 'hello' });
show('stream', (await shouted).data);

// A map, and a channel without fields to which clients publish by themselves.
const scores = api.scores({ game: true });
const update = once(scores, 'update');
scores.subscribe();
await scores.ready();
// Centrifugo 6.9 carries this out and answers with error 107.
await scores.publish('ann', plain).catch(({ code }) => assert.equal(code, 107));
const { key, data } = await update;
show('update', key, data);
const all = api.rpc2();
all.subscribe();
await all.ready();
const number = once(all, 'publication');
await all.publish(7);
show('number', (await number).data);

const ended = once(centrifuge, 'disconnected');
api.rpc.fail({ code: 4501 }).catch(() => {});
show('disconnected', isError(await ended, 'Banned'));
process.exit(0);
