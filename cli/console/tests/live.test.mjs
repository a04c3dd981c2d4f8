import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { matcher, noFilter } from '../scripts/live/event_filter.js';
import { EventLog } from '../scripts/live/event_log.js';
import { EventView } from '../scripts/live/event_view.js';
import { invokeCommand } from '../scripts/live/invoke_command.js';
import { sendOf, unsendableReason } from '../scripts/live/sendable.js';
import { loadEvent, samples } from './mock_events.mjs';

const log = (event, text = 'line') => ({ type: 'log', at_ms: 0, level: 'INFO', text, event });
const message = (id, direction = 'to_client') => ({ type: 'stream', id, at_ms: 0, direction, data: 1, status: null });

test('filters by each field', () => {
  const entries = samples(1).map((event) => new EventLog().add(event).added);
  const found = (filter) => entries.filter(matcher({ ...noFilter, ...filter })).map(({ event }) => event.id);
  assert.equal(found({}).length, entries.length);
  assert.deepEqual(found({ kind: 'publish' }), [4]);
  assert.deepEqual(found({ outcome: 'refused' }), [5, 10]);
  assert.deepEqual(found({ outcome: 'not ok' }), [2, 5, 6, 7, 10, 17]);
  assert.deepEqual(found({ handler: 'shop::get_user' }), [6]);
  assert.deepEqual(found({ handler: 'none', kind: 'rpc' }), [10]);
  assert.deepEqual(found({ user: ' 42 ' }), [6]);
  assert.deepEqual(found({ text: 'NO SUCH' }), [6]);
  assert.deepEqual(found({ text: 'chat:1', kind: 'subscribe' }), [3]);
});

test('keeps what belongs to an event with it, in any order', () => {
  const events = new EventLog(3);
  events.attach(log(1, 'before'));
  events.attach(message(1));
  const { added } = events.add(loadEvent(1));
  events.attach(log(1, 'after'));
  events.attach(message(1, 'end'));
  assert.deepEqual([...added.logs].map(({ text }) => text), ['before', 'after']);
  assert.deepEqual([added.messages.length, added.messageCount], [2, 1]);
  assert.ok(added.version > 0);
  // The same event again, with its final outcome.
  assert.deepEqual(events.add({ ...loadEvent(1), outcome: 'timeout' }), {});
  assert.equal(events.get(1).event.outcome, 'timeout');
  for (const id of [2, 3, 4]) events.add(loadEvent(id));
  assert.equal(events.get(1), undefined);
  events.attach(log(1));
  events.attach(log(null));
  assert.equal(events.entries.length, 3);
});

test('is bounded, whatever arrives', () => {
  const events = new EventLog(10);
  for (let id = 1; id <= 5000; id += 1) events.attach(log(id));
  events.add(loadEvent(6000));
  for (let count = 0; count < 5000; count += 1) {
    events.attach(message(6000));
    events.attach(log(6000));
  }
  assert.deepEqual([events.get(6000).messages.length, events.get(6000).messageCount, events.get(6000).logs.length], [500, 5000, 200]);
  // The log lines of the oldest unknown events were dropped.
  assert.equal(events.add(loadEvent(1)).added.logs.length, 0);
  assert.equal(events.add(loadEvent(5000)).added.logs.length, 1);
});

test('shows what passes the filter, and nothing new in a pause', () => {
  const events = new EventLog(10);
  const view = new EventView(events, 10);
  const add = (id) => view.update(events.add(loadEvent(id)));
  const shown = () => [...view.shown].map(({ event }) => event.id);
  for (let id = 1; id <= 12; id += 1) add(id);
  assert.deepEqual(shown(), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  view.setFilter({ ...noFilter, outcome: 'error' });
  assert.deepEqual(shown(), [10]);
  view.setFilter(noFilter);
  view.pause();
  add(13);
  assert.deepEqual([shown().at(-1), shown()[0], view.waiting], [12, 3, 1]);
  view.setFilter({ ...noFilter, user: 'user-13' });
  assert.deepEqual(shown(), []);
  view.setFilter(noFilter);
  view.resume();
  assert.deepEqual([shown().at(-1), shown()[0], view.waiting], [13, 4, 0]);
  assert.equal(view.added, 12);
});

test('writes the command line of an event', () => {
  assert.equal(invokeCommand({ kind: 'rpc', method: 'user/get', user: '42', data: { id: 7 } }), `cargo centrifugo invoke rpc user/get --user 42 --data '{"id":7}'`);
  const full = { kind: 'publish', channel: "a 'room'", user: '-u', client: 'c', transport: 'sse', protocol: 'protobuf', headers: { 'x-a': 'b c' }, meta: { t: null }, data: 'x', token: 't', key: 'k', timeout_ms: 500 };
  assert.equal(invokeCommand(full), `cargo centrifugo invoke publish 'a '\\''room'\\''' --user=-u --data '"x"' --header 'x-a=b c' --meta '{"t":null}' --client c --transport sse --protocol protobuf --token t --key k --timeout 500ms`);
  assert.equal(invokeCommand({ kind: 'rpc', method: '-m', protocol: 'json' }), 'cargo centrifugo invoke rpc -- -m');
  assert.equal(invokeCommand({ kind: 'connect', data: { n: 2n ** 60n } }), `cargo centrifugo invoke connect --data '{"n":1152921504606846976}'`);
  // Messages with a list in place of data.
  assert.equal(invokeCommand({ kind: 'shared_poll_refresh', channel: 'prices:1', data: [{ key: 'gold', version: 3 }, { key: 'tin' }] }), 'cargo centrifugo invoke shared_poll_refresh prices:1 --item gold=3 --item tin');
  const states = [{ channel: 'a', type: 'vacated' }, { channel: 'b', type: 'occupied' }];
  assert.equal(invokeCommand({ kind: 'notify_channel_state', data: states.slice(0, 1) }), 'cargo centrifugo invoke notify_channel_state a --state vacated');
  assert.throws(() => invokeCommand({ kind: 'notify_channel_state', data: states }), /one channel/);
});

test('opens a stream in the directions that it had', () => {
  const [event] = samples(1).filter(({ kind }) => kind === 'subscribe_stream');
  const { kind, channel, two_way } = sendOf({ ...event, two_way: true });
  assert.equal(two_way, true);
  assert.equal(invokeCommand({ kind, channel, two_way }), 'cargo centrifugo invoke subscribe_stream clock:utc --two-way');
  assert.equal('two_way' in sendOf({ ...event, two_way: false }), false);
});

test('gives bytes to the command on its standard input', () => {
  const command = invokeCommand({ kind: 'rpc', method: 'echo', protocol: 'protobuf', data: { $bytes: 'AP8Q' } });
  assert.equal(command, 'printf %s AP8Q | base64 -d | cargo centrifugo invoke rpc echo --data=- --protocol protobuf');
  // A command line takes bytes on this protocol alone.
  assert.equal(invokeCommand({ kind: 'rpc', method: 'echo', protocol: 'json', data: { $bytes: 'AP8Q' } }), command);
  const bytes = execFileSync('bash', ['-c', command.replace(/cargo.*/, 'od -An -tx1')], { encoding: 'utf8' });
  assert.equal(bytes.trim(), '00 ff 10');
});

test('runs the command line in a shell with the same arguments', () => {
  const send = { kind: 'rpc', method: 'a b', user: "o'neil $HOME", data: { text: "it's\n\u001b[31m \\ ü" } };
  const script = `cargo() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }; ${invokeCommand(send)}`;
  const seen = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).split('\0');
  assert.deepEqual(seen.slice(0, 6), ['centrifugo', 'invoke', 'rpc', 'a b', '--user', "o'neil $HOME"]);
  assert.deepEqual(JSON.parse(seen[7]), send.data);
});

test('makes what is sent again from an event', () => {
  const [, , subscribe, , , rpc, , , clipped] = samples(1);
  assert.deepEqual(sendOf(subscribe), { kind: 'subscribe', channel: 'chat:1', user: 'ann', client: subscribe.client, transport: 'websocket', protocol: 'json', headers: { 'x-tenant': 'a' }, meta: { tenant: 'a' } });
  assert.equal(sendOf({ ...subscribe, kind: 'map_remove', key: 'k' }).key, 'k');
  assert.equal(unsendableReason(rpc), null);
  assert.match(unsendableReason(clipped), /too long/);
});
