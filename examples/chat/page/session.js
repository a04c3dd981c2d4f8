// @ts-check
// Who the user of this tab is. It survives a reload, and no other tab shares it.

const random = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * @typedef {object} Session
 * @property {string} secret
 * @property {string} [name]
 * @property {string} [token]
 * @property {string} [room]
 */

/**
 * The name and the secret of the user, or the token of a linked device, and the room that is open.
 *
 * @type {Session}
 */
export const session = JSON.parse(sessionStorage.getItem('session') ?? 'null') ?? { secret: random() };

/**
 * Changes the session. A value of `undefined` deletes one.
 *
 * @param {{ [Key in keyof Session]?: Session[Key] | undefined }} changes
 */
export function save(changes) {
  Object.assign(session, changes);
  sessionStorage.setItem('session', JSON.stringify(session));
}
