// Serves the console's page as `cargo centrifugo dev` does. The contract is what the page sends and expects.
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { description } from './mock_description.mjs';
import { html, loadEvent, samples } from './mock_events.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const contentTypes = { '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml' };

const base64 = (value) => Buffer.from(value).toString('base64url');

/** A token as Centrifugo reads it. */
export function token(user, key) {
  const body = `${base64('{"alg":"HS256","typ":"JWT"}')}.${base64(JSON.stringify({ sub: user, exp: Math.floor(Date.now() / 1000) + 3600 }))}`;
  return `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
}

export class MockServer {
  token = 'secret-token';
  /** What `/api/send` received, as text. */
  sent = [];
  recordings = [];
  websocketUrl = null;
  hmacKey = '';
  state = {
    phase: 'ready',
    build: { started_ms: Date.now() - 9000, duration_ms: 4210, ok: true, messages: ['warning: unused variable: `room`\n  --> src/chat.rs:12:9\n   |\n12 |     let room = 1;\n   |         ^^^^ help: prefix it with an underscore: `_room`\n'] },
    problems: [],
    program: { executable: 'target/debug/shop', pid: 4711, started_ms: Date.now() - 4000, restarts: 2, address: '127.0.0.1:10001' },
    centrifugo: { running: false, version: null, url: null, problem: 'Centrifugo was not found. Get it from https://centrifugal.dev, or give its place with --centrifugo PATH.', configuration: 1 },
    project: { name: 'shop', path: '/home/ann/shop' },
  };
  findings = [
    { level: 'error', path: 'channel.namespaces[0].allow_subscribe_for_client', place: 'centrifugo.json:14', message: 'Clients subscribe to `chat:*` without the handler being asked.', help: 'Remove the option, or remove the handler.', handler: 'shop::join' },
    { level: 'warning', path: 'rpc.proxy.timeout', place: 'centrifugo.json:31', message: 'The timeout is shorter than the limit of the handler.', help: 'Set it to at least 10s.', handler: 'shop::get_user' },
    { level: 'note', path: 'client.allowed_origins', place: null, message: 'Every origin is allowed.', help: null, handler: null },
  ];
  #streams = new Set();
  #buffer = [];
  #counter = 0;
  #ids = 0;
  #server = createServer((request, response) => this.#answer(request, response).catch((error) => {
    response.writeHead(500).end(String(error));
  }));

  async start() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = this.#server.address().port;
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/?token=${this.token}`;
  }

  async stop() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Closes the streams of events, as a restart does. */
  dropStreams() {
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  push(message) {
    this.#counter += 1;
    const text = `id: ${this.#counter}\ndata: ${typeof message === 'string' ? message : JSON.stringify(message)}\n\n`;
    this.#buffer.push([this.#counter, text]);
    if (this.#buffer.length > 10_000) this.#buffer.shift();
    for (const stream of this.#streams) stream.write(text);
  }

  setState(change) {
    this.state = { ...this.state, ...change };
    this.push({ type: 'state', state: this.state });
  }

  nextId() {
    this.#ids += 1;
    return this.#ids;
  }

  /** Sends one event of each kind, with log lines and a stream. */
  pushSamples() {
    const events = samples(this.#ids + 1);
    this.#ids += events.length;
    for (const event of events) {
      if (event.outcome !== 'ok') this.push({ type: 'log', at_ms: event.at_ms, level: event.outcome === 'error' ? 'INFO' : 'ERROR', text: `handler answered ${event.outcome} ${html}`, event: event.id });
      this.push(event);
    }
    const stream = events.find(({ kind }) => kind === 'subscribe_stream');
    for (let number = 1; number <= 5; number += 1) this.push({ type: 'stream', id: stream.id, at_ms: Date.now(), direction: number === 3 ? 'from_client' : 'to_client', data: { tick: number, html }, status: null });
    this.push({ type: 'stream', id: stream.id, at_ms: Date.now(), direction: 'end', data: null, status: { code: 0, message: '' } });
    this.push({ type: 'log', at_ms: Date.now(), level: 'INFO', text: `listening ${html}`, event: null });
    return events;
  }

  /** Sends `count` events evenly over `seconds`. */
  async load(count, seconds) {
    const start = performance.now();
    let sent = 0;
    while (sent < count) {
      const due = Math.min(count, Math.ceil(((performance.now() - start) / (seconds * 1000)) * count));
      for (; sent < due; sent += 1) {
        const id = this.nextId();
        if (id % 4 === 0) this.push({ type: 'log', at_ms: Date.now(), level: 'INFO', text: `event ${id}`, event: id });
        this.push(loadEvent(id));
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async #answer(request, response) {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/')) return this.#file(url.pathname, response);
    const isEvents = url.pathname === '/api/events';
    const given = isEvents ? url.searchParams.get('token') : (request.headers.authorization ?? '').replace(/^Bearer /, '');
    if (given !== this.token) return this.#json(response, 401, { error: 'wrong token' });
    const body = await text(request);
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /api/state':
        return this.#json(response, 200, this.state);
      case 'GET /api/description':
        return this.state.program?.pid ? this.#json(response, 200, description) : this.#json(response, 404, { error: 'no program is running yet' });
      case 'GET /api/check':
        return this.state.program?.pid ? this.#json(response, 200, { findings: this.findings }) : this.#json(response, 404, { error: 'no program is running yet' });
      case 'GET /api/configuration':
        if (!this.state.centrifugo.running) return this.#json(response, 404, { error: 'Centrifugo has no configuration yet' });
        return this.#json(response, 200, { path: 'target/centrifugo-dev/config.json', text: JSON.stringify({ channel: { namespaces: [{ name: 'chat', presence: true }] } }, null, 2), variables: { CENTRIFUGO_HTTP_SERVER_PORT: '8000' } });
      case 'POST /api/send':
        return this.#send(body, response);
      case 'POST /api/recording': {
        const recording = JSON.parse(body);
        this.recordings.push(recording);
        return this.#json(response, 200, { path: recording.path, events: recording.ids.length });
      }
      case 'GET /api/client': {
        if (!this.websocketUrl) return this.#json(response, 404, { error: 'Centrifugo does not run' });
        const user = url.searchParams.get('user');
        return this.#json(response, 200, { websocket_url: this.websocketUrl, token_for: user, ...(user && this.hmacKey ? { token: token(user, this.hmacKey) } : {}) });
      }
      case 'GET /api/events':
        return this.#events(Number(url.searchParams.get('since') ?? 0), response);
      default:
        return this.#json(response, 404, { error: 'unknown path' });
    }
  }

  #events(since, response) {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(this.#buffer.filter(([id]) => id > since).map(([, text]) => text).join('') || ':\n\n');
    this.#streams.add(response);
    response.on('close', () => this.#streams.delete(response));
  }

  async #send(body, response) {
    this.sent.push(body);
    const send = JSON.parse(body);
    if (send.method === 'slow') await new Promise((resolve) => setTimeout(resolve, 1500));
    const id = this.nextId();
    const isUnknown = send.method === 'user/get' && send.data?.id === 7;
    const answer = isUnknown ? { error: { code: 404, message: `no such user ${html}`, temporary: false } } : { result: { data: { received: send.data ?? null, exact: '$exact' } } };
    const outcome = isUnknown ? 'error' : 'ok';
    const { kind, channel = null, method = null, user = null } = send;
    this.push({ ...loadEvent(id), kind, channel, method, user, data: send.data ?? null, handler: null, pattern: null, outcome, answer, source: 'console' });
    const text = JSON.stringify({ id, outcome, duration_us: 734, answer, log: isUnknown ? [{ level: 'WARN', text: `no user 7 in the database ${html}` }] : [] });
    response.writeHead(200, { 'content-type': 'application/json' }).end(text.replace('"$exact"', '18446744073709551615'));
  }

  async #file(path, response) {
    const file = normalize(join(root, path === '/' ? 'index.html' : path));
    try {
      if (!file.startsWith(root)) throw new Error('outside');
      const content = await readFile(file);
      response.writeHead(200, { 'content-type': contentTypes[extname(file)] ?? 'application/octet-stream', 'content-security-policy': "default-src 'self'; connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*", 'x-content-type-options': 'nosniff' });
      response.end(content);
    } catch {
      response.writeHead(404).end('not found');
    }
  }

  #json(response, status, value) {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(value));
  }
}

async function text(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await new MockServer().start();
  server.pushSamples();
  console.log(server.url);
  setInterval(() => server.load(2, 1), 1000);
}
