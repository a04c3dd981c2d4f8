// @ts-check
// Events as the form sends them.

/** @typedef {import('../types.js').Event} Event */
/** @typedef {import('../types.js').Send} Send */

/** @param {any} value */
export const isClipped = (value) => value !== null && typeof value === 'object' && '$clipped' in value;

/**
 * Returns why an event cannot be sent again, or `null`.
 *
 * @param {Event} event
 */
export function unsendableReason(event) {
  if (isClipped(event.data)) return 'The data is too long to be kept whole.';
  if (isClipped(event.meta)) return 'The meta is too long to be kept whole.';
  return null;
}

// Headers of the transport, which the sender sets itself.
const transportHeader = /^(:|grpc-)|^(content-type|content-length|te|host|connection|user-agent|accept-encoding|traceparent|tracestate)$/i;

/**
 * Returns what the form sends for an event that was seen.
 *
 * @param {Event} event
 * @returns {Send}
 */
export function sendOf(event) {
  /** @type {Send} */
  const send = { kind: event.kind };
  for (const key of /** @type {const} */ (['channel', 'method', 'user', 'client', 'transport', 'key'])) {
    const value = event[key];
    if (typeof value === 'string' && value !== '') send[key] = value;
  }
  if (event.two_way) send.two_way = true;
  if (event.protocol === 'json' || event.protocol === 'protobuf') send.protocol = event.protocol;
  const headers = Object.entries(event.headers ?? {}).filter(([key]) => !transportHeader.test(key));
  if (headers.length > 0) send.headers = Object.fromEntries(headers.map(([key, values]) => [key, [values].flat().join(', ')]));
  if (event.data !== undefined && event.data !== null) send.data = event.data;
  if (event.meta !== undefined && event.meta !== null) send.meta = event.meta;
  return send;
}
