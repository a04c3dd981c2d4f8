// @ts-check
// Types as people write them: `string[]`, `Filter | null`, `{ id: uint32 }`.

import { writeJson } from '../values/json.js';
import { referenceName } from './resolve.js';

/** @typedef {import('../types.js').Schema} Schema */

/** What is said of a program that does not describe its types. */
export const noSchemas = 'The types of data are not known: the feature `schema` of the crate `centrifugo` describes them.';

/**
 * Returns a short text for a type. Definitions are named, not written out.
 *
 * @param {Schema | null | undefined} schema
 * @param {number} [depth]
 * @returns {string}
 */
export function typeText(schema, depth = 0) {
  if (schema === null || schema === undefined || schema === true) return 'any';
  if (schema === false) return 'nothing';
  const name = referenceName(schema);
  if (name !== null) return name;
  if (depth > 3) return '…';
  if ('const' in schema) return writeJson(schema.const);
  if (Array.isArray(schema.enum)) return alternatives(schema.enum.map((value) => writeJson(value)));
  const variants = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(variants)) {
    const text = alternatives(variants.map((variant) => typeText(variant, depth + 1)));
    return schema.properties ? `${objectText(schema, depth)} & (${text})` : text;
  }
  if (Array.isArray(schema.allOf)) return schema.allOf.map((part) => typeText(part, depth + 1)).join(' & ');
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return alternatives(types.map((type) => plainText(type, schema, depth)));
}

/** @param {string[]} texts */
function alternatives(texts) {
  const unique = [...new Set(texts)];
  return unique.length > 8 ? `${unique.slice(0, 7).join(' | ')} | … ${unique.length - 7} more` : unique.join(' | ');
}

/**
 * @param {string | undefined} type
 * @param {Record<string, any>} schema
 * @param {number} depth
 */
function plainText(type, schema, depth) {
  switch (type) {
    case 'integer':
    case 'number':
      return schema.format ?? type;
    case 'string':
      return schema.format ? `string (${schema.format})` : 'string';
    case 'array':
      return arrayText(schema, depth);
    case 'object':
      return objectText(schema, depth);
    case undefined:
      return schema.properties ? objectText(schema, depth) : 'any';
    default:
      return type;
  }
}

/**
 * @param {Record<string, any>} schema
 * @param {number} depth
 */
function arrayText(schema, depth) {
  if (Array.isArray(schema.prefixItems)) {
    return `[${schema.prefixItems.map((item) => typeText(item, depth + 1)).join(', ')}]`;
  }
  const item = typeText(schema.items, depth + 1);
  return item.includes(' ') ? `(${item})[]` : `${item}[]`;
}

/**
 * @param {Record<string, any>} schema
 * @param {number} depth
 */
function objectText(schema, depth) {
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0) {
    const values = schema.additionalProperties;
    return values && typeof values === 'object' ? `map of ${typeText(values, depth + 1)}` : 'object';
  }
  const required = new Set(schema.required ?? []);
  const texts = properties.map(([key, value]) => `${key}${required.has(key) ? '' : '?'}: ${typeText(value, depth + 1)}`);
  const shown = texts.length > 6 ? [...texts.slice(0, 5), '…'] : texts;
  return `{ ${shown.join(', ')} }`;
}
