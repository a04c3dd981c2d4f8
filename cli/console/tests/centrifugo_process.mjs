// A real Centrifugo for the tab «Client».
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const hmacKey = 'key-of-the-console-test';
const program = process.env.CENTRIFUGO ?? fileURLToPath(new URL('../../../tests/peers/.bin/centrifugo', import.meta.url));

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export class CentrifugoProcess {
  async start() {
    this.port = await freePort();
    this.folder = await mkdtemp(join(tmpdir(), 'console-test-'));
    const namespace = {
      name: 'chat', presence: true, join_leave: true, force_push_join_leave: true, history_size: 100, history_ttl: '10m', force_recovery: true,
      allow_subscribe_for_client: true, allow_publish_for_client: true, allow_presence_for_subscriber: true, allow_history_for_subscriber: true,
    };
    const scores = {
      name: 'scores', subscription_type: 'map', map: { mode: 'ephemeral', key_ttl: '5m', allow_publish_for_client: true, allow_remove_for_client: true },
      allow_subscribe_for_client: true, allow_publish_for_client: true,
    };
    const config = {
      http_server: { address: '127.0.0.1', port: String(this.port) },
      http_api: { insecure: true },
      client: { allowed_origins: ['*'], token: { hmac_secret_key: hmacKey } },
      channel: { namespaces: [namespace, scores] },
      log: { level: 'error' },
    };
    const file = join(this.folder, 'config.json');
    await writeFile(file, JSON.stringify(config));
    this.process = spawn(program, ['-c', file], { stdio: ['ignore', 'inherit', 'inherit'] });
    const failure = new Promise((_, reject) => this.process.once('error', reject));
    this.kill = () => this.process.kill('SIGKILL');
    process.once('exit', this.kill);
    await Promise.race([this.#listens(), failure]);
    return this;
  }

  async #listens() {
    for (let attempt = 0; attempt < 300; attempt += 1) {
      try {
        await fetch(`http://127.0.0.1:${this.port}/`);
        return;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    throw new Error('Centrifugo does not listen');
  }

  get websocketUrl() {
    return `ws://127.0.0.1:${this.port}/connection/websocket`;
  }

  async api(method, body) {
    const response = await fetch(`http://127.0.0.1:${this.port}/api/${method}`, { method: 'POST', body: JSON.stringify(body) });
    return response.json();
  }

  async stop() {
    if (!this.process) return;
    process.removeListener('exit', this.kill);
    const exit = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill('SIGKILL');
    await exit;
    await rm(this.folder, { recursive: true });
  }
}
