// Events as `dev` sends them: every kind, every outcome, and texts that would do harm as HTML.

export const html = '<img src=x onerror="document.title=\'run\'"><script>document.title="run"</script>';

const base = (id, kind, more) => ({
  type: 'event', id, at_ms: Date.now(), kind, pattern: null, handler: null, channel: null, method: null, two_way: false, user: 'ann', client: '8f2c0f6e-8a58-4e0c-8d58-0c3b9a4d7d11',
  transport: 'websocket', protocol: 'json', headers: { 'x-tenant': ['a'], 'user-agent': ['grpc-go/1.82.0'] }, data: null, meta: null, outcome: 'ok', duration_us: 412, answer: { result: {} }, source: null, ...more,
});

/** The samples; their ids start at `first`. */
export function samples(first) {
  let id = first;
  const next = () => (id += 1) - 1;
  return [
    base(next(), 'connect', { handler: 'shop::connect', data: { token: 't-ann' }, answer: { result: { user: 'ann', expire_at: 1790000000 } }, duration_us: 1830 }),
    base(next(), 'refresh', { handler: 'shop::refresh', outcome: 'failed', answer: { status: { code: 14, message: 'database' } } }),
    base(next(), 'subscribe', { pattern: 'chat:{room}', handler: 'shop::join', channel: 'chat:1', meta: { tenant: 'a' } }),
    base(next(), 'publish', { pattern: 'chat:{room}', handler: 'shop::say', channel: 'chat:1', data: { text: html }, answer: { result: { data: { text: html, by: 'ann' } } } }),
    base(next(), 'sub_refresh', { channel: 'chat:1', outcome: 'refused', answer: { status: { code: 12, message: 'no handler' } }, duration_us: 40 }),
    base(next(), 'rpc', { pattern: 'user/get', handler: 'shop::get_user', method: 'user/get', data: { id: 7 }, outcome: 'error', answer: { error: { code: 404, message: 'no such user', temporary: false } }, user: '42' }),
    base(next(), 'rpc', { pattern: 'slow', handler: 'shop::slow', method: 'slow', outcome: 'timeout', answer: { error: { code: 100, message: 'internal server error', temporary: true } }, duration_us: 10_000_210, user: '' }),
    base(next(), 'rpc', { pattern: 'echo', handler: 'shop::echo', method: 'echo', data: { $bytes: 'AP8Q' }, protocol: 'protobuf', answer: { result: { data: { $bytes: 'AP8Q' } } } }),
    base(next(), 'rpc', { pattern: 'echo', handler: 'shop::echo', method: 'echo', data: { $clipped: `{"text":"${'a'.repeat(400)}`, length: 4_000_000 }, user: html }),
    base(next(), 'rpc', { method: 'unknown', outcome: 'refused', answer: { error: { code: 104, message: 'method not found', temporary: false } } }),
    base(next(), 'subscribe_stream', { pattern: 'clock:{zone}', handler: 'shop::clock', channel: 'clock:utc' }),
    base(next(), 'map_publish', { channel: 'scores:1', data: { score: 3 } }),
    base(next(), 'map_remove', { channel: 'scores:1' }),
    base(next(), 'shared_poll_refresh', { channel: 'votes:1' }),
    base(next(), 'notify_cache_empty', { channel: 'cache:1' }),
    base(next(), 'notify_channel_state', {}),
    base(next(), 'connect', { handler: 'shop::connect', outcome: 'disconnect', answer: { disconnect: { code: 4501, reason: 'banned' } }, user: '' }),
  ];
}

/** A plain event, for load. */
export function loadEvent(id) {
  const isBad = id % 10 === 0;
  return base(id, 'rpc', {
    pattern: 'user/get', handler: 'shop::get_user', method: 'user/get', user: `user-${id % 50}`, data: { id, filter: null }, duration_us: 200 + (id % 700),
    ...(isBad ? { outcome: 'error', answer: { error: { code: 404, message: 'no such user', temporary: false } } } : { answer: { result: { data: { name: `user ${id}` } } } }),
  });
}
