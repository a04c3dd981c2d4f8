// @ts-check
// Which values the fields of a form can show, and which numbers their texts are.

import { isEqual, typeOf } from '../values/json.js';

/** @typedef {import('../types.js').Json} Json */

/**
 * Returns the number that a text stands for, or `null`.
 *
 * @param {string} text
 * @returns {number | bigint | null}
 */
export function numberOf(text) {
  const trimmed = text.trim();
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(trimmed)) return null;
  const number = Number(trimmed);
  if (/^-?\d+$/.test(trimmed) && !Number.isSafeInteger(number)) return BigInt(trimmed);
  return Number.isFinite(number) ? number : null;
}

/**
 * Tells whether fields of this shape can show the value. Numbers show any text.
 *
 * @param {Json} value
 * @param {import('../schema/shape.js').Shape} shape
 */
export function fits(value, shape) {
  const type = typeOf(value);
  switch (shape.kind) {
    case 'object':
      return type === 'object';
    case 'array':
    case 'tuple':
      return type === 'array';
    case 'boolean':
    case 'null':
      return type === shape.kind;
    case 'string':
      return type === 'string';
    case 'integer':
    case 'number':
      return ['integer', 'number', 'string'].includes(type);
    case 'constant':
      return isEqual(value, shape.value);
    default:
      return true;
  }
}
