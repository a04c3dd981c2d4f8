// @ts-check
// JSON whose large integers stay exact: integers that no JavaScript number can hold become `bigint`.

/** @typedef {import('../types.js').Json} Json */

/**
 * Parses JSON text.
 *
 * @param {string} text
 * @returns {any}
 */
export function parseJson(text) {
  // Only integers of 16 and more digits can be inexact. The reviver makes parsing slower.
  return /\d{16}/.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

/**
 * @param {string} _key
 * @param {any} value
 * @param {{ source?: string }} [context] Absent in engines that do not give the source text.
 */
function exactInteger(_key, value, context) {
  const isInexact = typeof value === 'number' && !Number.isSafeInteger(value);
  return isInexact && context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/**
 * Writes a value as JSON text.
 *
 * @param {Json | undefined} value
 * @param {number} [indent]
 * @returns {string}
 */
export function writeJson(value, indent = 0) {
  if (value === undefined) return '';
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    if (error instanceof RangeError) return '"(nested too deep to show)"';
    // `JSON.stringify` refuses `bigint`.
    return write(value, ' '.repeat(indent), '\n');
  }
}

/**
 * @param {Json} value
 * @param {string} indent
 * @param {string} newline The line break and the indentation of the line that `value` is on.
 * @returns {string}
 */
function write(value, indent, newline) {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = newline + indent;
  const items = Array.isArray(value)
    ? value.map((item) => write(item, indent, inner))
    : Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .map(([key, item]) => `${JSON.stringify(key)}:${indent ? ' ' : ''}${write(item, indent, inner)}`);
  if (items.length === 0) return open + close;
  return indent ? open + inner + items.join(`,${inner}`) + newline + close : open + items.join(',') + close;
}

/**
 * Returns what is wrong with JSON text, with the line and the column where the engine tells the position.
 *
 * @param {string} text
 * @param {unknown} error What `parseJson` threw.
 */
export function syntaxProblem(text, error) {
  const message = error instanceof Error ? error.message : String(error);
  const position = /at position (\d+)/.exec(message);
  if (/line \d+ column \d+/.test(message) || !position) return message;
  const before = text.slice(0, Number(position[1])).split('\n');
  return `${message} (line ${before.length} column ${(before.at(-1) ?? '').length + 1})`;
}

/**
 * Returns what JSON calls the type of a value.
 *
 * @param {Json} value
 */
export function typeOf(value) {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return /** @type {'boolean' | 'string' | 'object'} */ (typeof value);
}

/**
 * @param {Json} a
 * @param {Json} b
 * @returns {boolean}
 */
export function isEqual(a, b) {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual(/** @type {any} */ (a)[key], /** @type {any} */ (b)[key]))
  );
}
