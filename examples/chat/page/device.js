// @ts-check
// Links a second device: it opens an address that contains a token, and connects as the same user.

import { save, session } from './session.js';
import { $ } from './view.js';

/**
 * Takes the token out of the address of a linked device. It is in the fragment, which browsers do not send to servers, and is
 * removed from the address bar and the history.
 */
export function takeTokenFromAddress() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(null, '', location.pathname);
  // Otherwise the link of a stranger could replace the user without being noticed.
  const isOther = session.name || session.token;
  if (isOther && !confirm('Leave the chat in this tab and continue as the user of the link?')) return;
  save({ token, name: undefined });
}

// If the tab has the page open already, the address of a link only changes the fragment.
addEventListener('hashchange', () => location.reload());

/** @import { Api } from './api.js' */

/**
 * The options of a client that connects with a token. The client calls `getToken` before the token expires, and the device
 * then asks for a new one over its own connection. After a longer time without a connection it has to be linked again.
 *
 * @param {() => Api} currentApi
 */
export function tokenOptions(currentApi) {
  const getToken = async () => {
    const api = currentApi();
    if (api.centrifuge.state !== 'connected') throw new Centrifuge.UnauthorizedError('the token has expired');
    const token = await api.rpc.device.token();
    save({ token });
    return token;
  };
  return { token: session.token ?? '', getToken };
}

/**
 * Shows the address for the other device.
 *
 * @param {Api} api
 */
export async function showLink(api) {
  const token = await api.rpc.device.token();
  $('device-link').value = `${location.origin}${location.pathname}#token=${token}`;
  $('device-note').textContent = '';
  $('device').showModal();
}

$('device-close').onclick = () => $('device').close();
$('device-copy').onclick = async () => {
  $('device-link').select();
  try {
    await navigator.clipboard.writeText($('device-link').value);
    $('device-note').textContent = 'Copied.';
  } catch {
    $('device-note').textContent = 'Copy the selected address.';
  }
};
// The token is not left in the page.
$('device').onclose = () => ($('device-link').value = '');
