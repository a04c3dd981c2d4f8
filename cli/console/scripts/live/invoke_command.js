// @ts-check

import { writeJson } from '../values/json.js';
import { listKinds, targetOf } from '../values/kinds.js';
import { escapeForTerminal, shellQuote } from '../values/shell_quote.js';

/** @typedef {import('../types.js').Send} Send */

/**
 * Returns the command line that sends an event.
 *
 * @param {Send} send
 * @returns {string}
 * @throws {Error} if a value cannot be part of a command line
 */
export function invokeCommand(send) {
  const words = ['cargo', 'centrifugo', 'invoke', send.kind];
  const bytes = bytesOf(send.data);
  const lists = listKinds.includes(send.kind) && Array.isArray(send.data) ? send.data : [];
  if (send.kind === 'notify_channel_state' && lists.length > 1) throw new Error('A command line takes one channel.');
  const target = targetOf(send.kind) === 'method' ? send.method : (send.channel ?? lists[0]?.channel);
  const option = (/** @type {string} */ name, /** @type {string | undefined | null} */ value) => {
    if (value === undefined || value === null || value === '') return;
    // A value that starts with a hyphen would be read as an option.
    if (value.startsWith('-')) words.push(shellQuote(`${name}=${value}`));
    else words.push(name, shellQuote(value));
  };
  const json = (/** @type {any} */ value) => (value === undefined ? undefined : escapeForTerminal(writeJson(value)));
  if (target && !target.startsWith('-')) words.push(shellQuote(target));
  option('--user', send.user);
  if (send.kind === 'shared_poll_refresh') for (const { key, version } of lists) option('--item', version ? `${key}=${version}` : key);
  else if (send.kind === 'notify_channel_state') option('--state', lists[0]?.type);
  else option('--data', bytes === null ? json(send.data) : '-');
  for (const [key, value] of Object.entries(send.headers ?? {})) option('--header', `${key}=${value}`);
  option('--meta', json(send.meta));
  option('--client', send.client);
  option('--transport', send.transport);
  // Bytes need it, even if the event came from a client on the JSON protocol.
  option('--protocol', bytes !== null ? 'protobuf' : send.protocol === 'json' ? undefined : send.protocol);
  option('--token', send.token);
  option('--key', send.key);
  if (send.two_way) words.push('--two-way');
  option('--timeout', send.timeout_ms === undefined ? undefined : `${send.timeout_ms}ms`);
  if (target?.startsWith('-')) words.push('--', shellQuote(target));
  // `--data -` reads bytes from standard input.
  const source = bytes === null ? '' : `printf %s ${shellQuote(bytes)} | base64 -d | `;
  return source + words.join(' ');
}

/** @param {any} data */
function bytesOf(data) {
  const isBytes = data !== null && typeof data === 'object' && typeof data.$bytes === 'string' && Object.keys(data).length === 1;
  return isBytes ? data.$bytes : null;
}
