// @ts-check
// Validates values against the part of JSON Schema that schemars writes.

import { isEqual, typeOf, writeJson } from '../values/json.js';
import { clip, counted } from '../values/format.js';
import { integerRange } from './integer_formats.js';
import { referenceName, resolve } from './resolve.js';
import { typeText } from './type_text.js';

/** @typedef {import('../types.js').Json} Json */
/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */
/** @typedef {import('../types.js').Path} Path */
/** @typedef {{ path: Path, message: string }} Problem */

const maxProblems = 50;
const maxDepth = 128;

/** @type {Record<string, RegExp>} */
const stringFormats = {
  'date-time': /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
};

/**
 * Returns what is wrong with a value; nothing if it has the type.
 *
 * @param {Json} value
 * @param {Schema | null | undefined} schema
 * @param {Schemas} schemas The definitions that schemas refer to.
 * @returns {Problem[]}
 */
export function validate(value, schema, schemas) {
  /** @type {Problem[]} */
  const problems = [];
  check({ schemas, problems, depth: 0 }, value, schema ?? true, []);
  return problems;
}

/**
 * @param {Json} value
 * @param {Schema | null | undefined} schema
 * @param {Schemas} schemas
 */
export const isValid = (value, schema, schemas) => validate(value, schema, schemas).length === 0;

/** @typedef {{ schemas: Schemas, problems: Problem[], depth: number }} Context */

/**
 * @param {Context} context
 * @param {Json} value
 * @param {Schema} unresolved
 * @param {Path} path
 */
function check(context, value, unresolved, path) {
  if (context.problems.length >= maxProblems) return;
  const add = (/** @type {string} */ message) => context.problems.push({ path, message });
  if (context.depth >= maxDepth) {
    add(`is nested deeper than ${maxDepth} levels`);
    return;
  }
  const schema = resolve(unresolved, context.schemas);
  if (schema === true) return;
  if (schema === false) {
    add('must be absent');
    return;
  }
  const inner = { ...context, depth: context.depth + 1 };
  if ('const' in schema && !isEqual(value, schema.const)) {
    add(`must be ${writeJson(schema.const)}`);
    return;
  }
  if (Array.isArray(schema.enum) && !schema.enum.some((allowed) => isEqual(value, allowed))) {
    add(`must be ${oneOfTexts(schema.enum.map((allowed) => writeJson(allowed)))}`);
    return;
  }
  if (schema.type !== undefined && !hasType(value, schema.type)) {
    add(`must be ${withArticle([schema.type].flat().join(' or '))}, but is ${withArticle(typeOf(value))}`);
    return;
  }
  if (typeof value === 'string') checkString(value, schema, add);
  else if (typeof value === 'number' || typeof value === 'bigint') checkNumber(value, schema, add);
  else if (Array.isArray(value)) checkArray(inner, value, schema, path, add);
  else if (value !== null && typeof value === 'object') checkObject(inner, value, schema, path, add);
  for (const variants of [schema.oneOf, schema.anyOf]) {
    if (Array.isArray(variants)) checkVariants(inner, value, variants, path);
  }
  if (schema.not !== undefined && isValidInside(inner, value, schema.not)) add('has a value that is excluded');
}

/**
 * @param {Json} value
 * @param {string | string[]} types
 */
function hasType(value, types) {
  const type = typeOf(value);
  return [types].flat().some((allowed) => allowed === type || (allowed === 'number' && type === 'integer'));
}

/**
 * @param {string} value
 * @param {Record<string, any>} schema
 * @param {(message: string) => void} add
 */
function checkString(value, schema, add) {
  // JSON Schema counts characters, not UTF-16 units.
  const length = schema.minLength !== undefined || schema.maxLength !== undefined ? [...value].length : 0;
  if (length < schema.minLength) add(`must have at least ${counted(schema.minLength, 'character')}`);
  if (length > schema.maxLength) add(`must have at most ${counted(schema.maxLength, 'character')}`);
  const format = schema.format !== undefined && Object.hasOwn(stringFormats, schema.format) && stringFormats[schema.format];
  if (format && !format.test(value)) add(`must be a ${schema.format}`);
  if (typeof schema.pattern === 'string' && !matches(schema.pattern, value)) add(`must match ${schema.pattern}`);
}

/**
 * @param {string} pattern
 * @param {string} value
 */
function matches(pattern, value) {
  try {
    return new RegExp(pattern, 'u').test(value);
  } catch {
    // The dialect of Rust's crate `regex` has more than JavaScript's.
    return true;
  }
}

/**
 * @param {number | bigint} value
 * @param {Record<string, any>} schema
 * @param {(message: string) => void} add
 */
function checkNumber(value, schema, add) {
  if (value < schema.minimum) add(`must be at least ${schema.minimum}`);
  if (value > schema.maximum) add(`must be at most ${schema.maximum}`);
  if (value <= schema.exclusiveMinimum) add(`must be greater than ${schema.exclusiveMinimum}`);
  if (value >= schema.exclusiveMaximum) add(`must be less than ${schema.exclusiveMaximum}`);
  if (schema.multipleOf > 0 && !isMultiple(value, schema.multipleOf)) add(`must be a multiple of ${schema.multipleOf}`);
  const range = integerRange(schema.format);
  if (!range) return;
  if (value < range[0] && !(value < schema.minimum)) add(`must be at least ${range[0]}`);
  if (value > range[1] && !(value > schema.maximum)) add(`must be at most ${range[1]}`);
}

/**
 * @param {number | bigint} value
 * @param {number} of
 */
function isMultiple(value, of) {
  if (typeof value === 'bigint') return !Number.isInteger(of) || value % BigInt(of) === 0n;
  const quotient = value / of;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

/**
 * @param {Context} context
 * @param {Json[]} value
 * @param {Record<string, any>} schema
 * @param {Path} path
 * @param {(message: string) => void} add
 */
function checkArray(context, value, schema, path, add) {
  if (value.length < schema.minItems) add(`must have at least ${counted(schema.minItems, 'item')}`);
  if (value.length > schema.maxItems) add(`must have at most ${counted(schema.maxItems, 'item')}`);
  if (schema.uniqueItems && new Set(value.map((item) => writeJson(item))).size < value.length) {
    add('must not have an item twice');
  }
  const prefix = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  for (let index = 0; index < value.length && context.problems.length < maxProblems; index += 1) {
    const item = index < prefix.length ? prefix[index] : schema.items;
    if (item !== undefined && (item !== false || prefix.length === 0)) check(context, value[index], item, [...path, index]);
  }
  if (schema.items === false && value.length > prefix.length && schema.maxItems === undefined) {
    add(`must have at most ${counted(prefix.length, 'item')}`);
  }
}

/**
 * @param {Context} context
 * @param {Record<string, Json>} value
 * @param {Record<string, any>} schema
 * @param {Path} path
 * @param {(message: string) => void} add
 */
function checkObject(context, value, schema, path, add) {
  for (const key of schema.required ?? []) {
    if (!Object.hasOwn(value, key)) context.problems.push({ path: [...path, key], message: 'is missing' });
  }
  const keys = Object.keys(value);
  if (keys.length < schema.minProperties) add(`must have at least ${counted(schema.minProperties, 'key')}`);
  if (keys.length > schema.maxProperties) add(`must have at most ${counted(schema.maxProperties, 'key')}`);
  const known = schema.unevaluatedProperties === false ? knownKeys(schema, context.schemas) : null;
  for (const key of keys) {
    const own = schema.properties && Object.hasOwn(schema.properties, key);
    const patterns = Object.entries(schema.patternProperties ?? {}).filter(([pattern]) => matches(pattern, key));
    const place = [...path, key];
    if (own) check(context, value[key], schema.properties[key], place);
    for (const [, item] of patterns) check(context, value[key], item, place);
    if (own || patterns.length > 0) continue;
    if (schema.additionalProperties === false || known?.has(key) === false) {
      context.problems.push({ path: place, message: 'is not a known key' });
    } else if (schema.additionalProperties !== undefined) {
      check(context, value[key], schema.additionalProperties, place);
    }
  }
}

/**
 * Returns the keys that any part of a schema names.
 *
 * @param {Schema} unresolved
 * @param {Schemas} schemas
 * @param {number} [depth]
 * @returns {Set<string>}
 */
function knownKeys(unresolved, schemas, depth = 0) {
  const schema = resolve(unresolved, schemas);
  if (typeof schema !== 'object' || depth > 8) return new Set();
  const parts = [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])];
  return new Set([
    ...Object.keys(schema.properties ?? {}),
    ...parts.flatMap((part) => [...knownKeys(part, schemas, depth + 1)]),
  ]);
}

/**
 * A value may fit several variants: serde takes the first.
 *
 * @param {Context} context
 * @param {Json} value
 * @param {Schema[]} variants
 * @param {Path} path
 */
function checkVariants(context, value, variants, path) {
  if (variants.some((variant) => isValidInside(context, value, variant))) return;
  const meant = closestVariant(value, variants, context.schemas);
  if (meant !== null) check(context, value, meant, path);
  else context.problems.push({ path, message: `must be ${oneOfTexts(variants.map((variant) => typeText(variant)))}` });
}

/**
 * @param {Context} context
 * @param {Json} value
 * @param {Schema} schema
 */
function isValidInside(context, value, schema) {
  const inner = { ...context, problems: [] };
  check(inner, value, schema, []);
  return inner.problems.length === 0;
}

/**
 * Returns the variant that the tag of an object, or its only key, stands for; or the only variant of the value's type.
 *
 * @param {Json} value
 * @param {Schema[]} variants
 * @param {Schemas} schemas
 * @returns {Schema | null}
 */
export function closestVariant(value, variants, schemas) {
  const resolved = variants.map((variant) => resolve(variant, schemas));
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    const tagged = resolved.find((variant) => {
      const constants = Object.entries(/** @type {any} */ (variant).properties ?? {}).filter(
        ([, property]) => property !== null && typeof property === 'object' && 'const' in property,
      );
      return (
        constants.length > 0 &&
        constants.every(([key, property]) => Object.hasOwn(value, key) && isEqual(/** @type {any} */ (value)[key], property.const))
      );
    });
    if (tagged !== undefined) return tagged;
    const keyed = resolved.find((variant) => {
      const required = /** @type {any} */ (variant).required ?? [];
      return required.length === 1 && Object.hasOwn(value, required[0]);
    });
    if (keyed !== undefined) return keyed;
  }
  const sameType = resolved.filter(
    (variant) => typeof variant === 'object' && variant.type !== undefined && hasType(value, variant.type) && !('const' in variant),
  );
  return sameType.length === 1 ? sameType[0] : null;
}

/** @param {string[]} texts */
function oneOfTexts(texts) {
  const unique = [...new Set(texts)].map((text) => clip(text, 60));
  if (unique.length === 1) return unique[0];
  if (unique.length > 12) return `one of ${unique.slice(0, 12).join(', ')} and ${unique.length - 12} more`;
  return `${unique.slice(0, -1).join(', ')} or ${unique.at(-1)}`;
}

/** @param {string} noun */
const withArticle = (noun) => (noun === 'null' ? noun : /^[aeio]/.test(noun) ? `an ${noun}` : `a ${noun}`);
