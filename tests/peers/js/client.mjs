// Does what a page does, and prints what it sees.
import { Centrifuge } from 'centrifuge';
import WebSocket from 'ws';

const show = (...parts) =>
  console.log(parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part))).join(' '));
const once = (emitter, name) => new Promise((resolve) => emitter.once(name, resolve));
setTimeout(() => process.exit(2), 20000).unref();

const client = new Centrifuge(process.argv[2], { websocket: WebSocket, data: { user: 'js' } });
client.connect();
show('connected', (await once(client, 'connected')).data);

show('rpc', (await client.rpc('echo', { n: 2 ** 60, e: {} })).data);
for (const method of ['refused', 'panic']) {
  await client.rpc(method, null).catch((error) => show('rpc error', String(error.code), error.message));
}

const news = client.newSubscription('news:js');
news.subscribe();
show('subscribed', JSON.stringify((await once(news, 'subscribed')).data));

const chat = client.newSubscription('chat:js');
chat.subscribe();
await once(chat, 'subscribed');
const publication = once(chat, 'publication');
await chat.publish({ text: 'hi' });
const { data, tags } = await publication;
show('publication', data, tags);

const secret = client.newSubscription('news:secret');
const refused = once(secret, 'unsubscribed');
secret.subscribe();
const { code, reason } = await refused;
show('unsubscribed', String(code), reason);

const ended = once(client, 'disconnected');
client.rpc('kicked', null).catch(() => {});
const end = await ended;
show('disconnected', String(end.code), end.reason);
process.exit(0);
