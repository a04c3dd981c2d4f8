// @ts-check
// Times, durations and numbers as text.

const numbers = new Intl.NumberFormat('en');
const pad = (/** @type {number} */ number, digits = 2) => String(number).padStart(digits, '0');

/** @param {number} number */
export const count = (number) => numbers.format(number);

/**
 * Writes a number with its noun: `1 event`, `2 events`.
 *
 * @param {number} number
 * @param {string} noun
 */
export const counted = (number, noun) => `${count(number)} ${noun}${number === 1 ? '' : 's'}`;

/**
 * Writes the local time of day with milliseconds.
 *
 * @param {number} at_ms Milliseconds since 1970.
 */
export function clock(at_ms) {
  const date = new Date(at_ms);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/**
 * Writes a duration with three significant digits.
 *
 * @param {number | null | undefined} microseconds
 */
export function duration(microseconds) {
  if (microseconds === null || microseconds === undefined) return '–';
  if (microseconds < 1000) return `${Math.round(microseconds)} µs`;
  if (microseconds < 999_500) return `${(microseconds / 1000).toPrecision(3)} ms`;
  const seconds = microseconds / 1_000_000;
  if (seconds < 60) return `${seconds.toPrecision(3)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Shortens text.
 *
 * @param {string} text
 * @param {number} length
 */
export const clip = (text, length) => (text.length > length ? `${text.slice(0, length)}…` : text);

/**
 * Removes colors and other escape sequences of terminals.
 *
 * @param {string} text
 */
// eslint-disable-next-line no-control-regex
export const withoutColours = (text) => text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g, '');

/**
 * Returns the last part of a Rust path: `say` of `app::chat::say`.
 *
 * @param {string} path
 */
export const lastPart = (path) => path.slice(path.lastIndexOf('::') + (path.includes('::') ? 2 : 1));
