// @ts-check
// Requests to `cargo centrifugo dev`.

import { parseJson, writeJson } from '../values/json.js';

const tokenKey = 'centrifugo-console.token';

/** Takes the token out of the address, so that it is neither bookmarked nor shown. */
function readToken() {
  const address = new URL(location.href);
  const given = address.searchParams.get('token');
  if (given === null) return sessionStorage.getItem(tokenKey) ?? '';
  sessionStorage.setItem(tokenKey, given);
  address.searchParams.delete('token');
  history.replaceState(null, '', address);
  return given;
}

export const token = readToken();

/** What a request has failed with. */
export class RequestError extends Error {
  /**
   * @param {number} status 0 if there was no answer.
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * @param {string} path
 * @param {RequestInit} [init]
 * @returns {Promise<any>}
 */
async function request(path, init = {}) {
  let response;
  let text;
  try {
    response = await fetch(path, {
      ...init,
      cache: 'no-store',
      headers: { authorization: `Bearer ${token}`, ...(init.body ? { 'content-type': 'application/json' } : {}) },
    });
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) throw new RequestError(0, 'cancelled');
    throw new RequestError(0, '`cargo centrifugo dev` does not answer');
  }
  let body;
  try {
    body = text === '' ? null : parseJson(text);
  } catch {
    body = null;
  }
  if (!response.ok) throw new RequestError(response.status, body?.error ?? (text.slice(0, 500) || `status ${response.status}`));
  return body;
}

/**
 * Returns `null` for what is not there.
 *
 * @param {string} path
 */
async function optional(path) {
  try {
    return await request(path);
  } catch (error) {
    if (error instanceof RequestError && error.status === 404) return null;
    throw error;
  }
}

/** @returns {Promise<import('../types.js').State>} */
export const getState = () => request('/api/state');
/** @returns {Promise<import('../types.js').Description | null>} */
export const getDescription = () => optional('/api/description');
/** @returns {Promise<{ findings: import('../types.js').Finding[] } | null>} */
export const getCheck = () => optional('/api/check');
/** @returns {Promise<import('../types.js').Configuration | null>} */
export const getConfiguration = () => optional('/api/configuration');

/**
 * @param {string} user
 * @returns {Promise<{ websocket_url: string, token?: string | null } | null>}
 */
export const getClient = (user) => optional(`/api/client${user === '' ? '' : `?user=${encodeURIComponent(user)}`}`);

/**
 * Sends an event. The data is sent as it was written, so that numbers stay exact.
 *
 * @param {import('../types.js').Send} send
 * @param {{ data?: string, meta?: string }} texts JSON texts that take the place of `data` and `meta`.
 * @param {AbortSignal} [signal]
 * @returns {Promise<import('../types.js').Answer>}
 */
export function postSend(send, texts, signal) {
  const members = Object.entries(send)
    .filter(([key, value]) => value !== undefined && !(key in texts))
    .map(([key, value]) => `${JSON.stringify(key)}:${writeJson(value)}`);
  for (const [key, text] of Object.entries(texts)) if (text !== undefined) members.push(`${JSON.stringify(key)}:${text}`);
  return request('/api/send', { method: 'POST', body: `{${members.join(',')}}`, signal });
}

/**
 * @param {number[]} ids
 * @param {string} path
 * @returns {Promise<{ path: string, events: number }>}
 */
export const postRecording = (ids, path) =>
  request('/api/recording', { method: 'POST', body: JSON.stringify({ ids, path }) });
