// @ts-check
// Places in JSON values. Values are never changed: setting a place returns a copy.

/** @typedef {import('../types.js').Json} Json */
/** @typedef {import('../types.js').Path} Path */

/**
 * Returns the value at a place, or `undefined` if there is none.
 *
 * @param {any} value
 * @param {Path} path
 * @returns {any}
 */
export function getAt(value, path) {
  for (const step of path) {
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

/**
 * Returns a copy in which the place has the new value. `undefined` removes the key or the item.
 *
 * @param {any} value
 * @param {Path} path
 * @param {any} next
 * @returns {any}
 */
export function setAt(value, path, next) {
  if (path.length === 0) return next;
  const [step, ...rest] = path;
  if (typeof step === 'number') {
    const items = Array.isArray(value) ? [...value] : [];
    const item = setAt(items[step], rest, next);
    if (item === undefined) items.splice(step, 1);
    else items[step] = item;
    return items;
  }
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  // A map keeps the order of keys and takes the key `__proto__`.
  const entries = new Map(isObject ? Object.entries(value) : []);
  const item = setAt(entries.get(step), rest, next);
  if (item === undefined) entries.delete(step);
  else entries.set(step, item);
  return Object.fromEntries(entries);
}

/**
 * Renames a key and keeps its position.
 *
 * @param {Record<string, any>} value
 * @param {string} from
 * @param {string} to
 */
export function renameKey(value, from, to) {
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key === from ? to : key, item]));
}

/**
 * Writes a place as code does: `items[0].name`.
 *
 * @param {Path} path
 */
export function pathText(path) {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}

/**
 * Returns a text that only this place has.
 *
 * @param {Path} path
 */
export const pathKey = (path) => JSON.stringify(path);
