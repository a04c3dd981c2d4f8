// @ts-check
// Example values for schemas.

import { integerRange } from './integer_formats.js';
import { referenceName, resolve } from './resolve.js';
import { shapeOf } from './shape.js';
import { isValid } from './validator.js';

/** @typedef {import('../types.js').Json} Json */
/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */

/** Says that a value of the type would have to contain itself. */
class Endless extends Error {}

/**
 * Returns a value of the type.
 *
 * @param {Schema | null | undefined} schema
 * @param {Schemas} schemas
 * @param {{ optional?: boolean }} [options] `optional`: with the keys that may be missing.
 * @returns {Json}
 */
export function exampleOf(schema, schemas, { optional = false } = {}) {
  try {
    return make(schema ?? true, { schemas, optional, references: [], name: '' });
  } catch (error) {
    if (error instanceof Endless) return null;
    throw error;
  }
}

/** @typedef {{ schemas: Schemas, optional: boolean, references: string[], name: string }} Context */

/**
 * @param {Schema} unresolved
 * @param {Context} outer
 * @returns {Json}
 */
function make(unresolved, outer) {
  const reference = referenceName(unresolved);
  if (reference !== null && outer.references.includes(reference)) throw new Endless();
  const references = reference === null ? outer.references : [...outer.references, reference];
  if (references.length > 24) throw new Endless();
  const context = { ...outer, references };
  const schema = resolve(unresolved, context.schemas);
  if (typeof schema !== 'object') return null;
  for (const given of [schema.examples?.[0], schema.example, schema.default]) {
    if (given !== undefined && isValid(given, schema, context.schemas)) return given;
  }
  const shape = shapeOf(schema, context.schemas);
  switch (shape.kind) {
    case 'constant':
      return shape.value;
    case 'choice':
      return shape.choices[0]?.value ?? null;
    case 'nullable':
      return context.optional ? orElse(() => make(shape.inner, context), null) : null;
    case 'union':
      return firstFinite(shape.variants.map((variant) => variant.schema), context);
    case 'object':
      return objectExample(shape, context);
    case 'array':
      return arrayExample(shape, context);
    case 'tuple':
      return shape.items.map((item) => make(item, context));
    case 'string':
      return stringExample(schema, context.name);
    case 'integer':
    case 'number':
      return numberExample(schema);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

/**
 * @template T
 * @param {() => T} value
 * @param {T} otherwise
 */
function orElse(value, otherwise) {
  try {
    return value();
  } catch (error) {
    if (error instanceof Endless) return otherwise;
    throw error;
  }
}

/**
 * @param {Schema[]} variants
 * @param {Context} context
 */
function firstFinite(variants, context) {
  for (const variant of variants) {
    const value = orElse(() => make(variant, context), undefined);
    if (value !== undefined) return value;
  }
  throw new Endless();
}

/**
 * @param {Extract<import('./shape.js').Shape, { kind: 'object' }>} shape
 * @param {Context} context
 */
function objectExample(shape, context) {
  /** @type {[string, Json][]} */
  const entries = [];
  for (const field of shape.fields) {
    const inner = { ...context, name: field.name };
    if (field.required) entries.push([field.name, make(field.schema, inner)]);
    else if (context.optional) {
      const value = orElse(() => make(field.schema, inner), undefined);
      if (value !== undefined) entries.push([field.name, value]);
    }
  }
  if (context.optional && shape.fields.length === 0 && shape.extra !== null) {
    const extra = shape.extra;
    const value = orElse(() => make(extra, context), undefined);
    if (value !== undefined) entries.push(['key', value]);
  }
  return Object.fromEntries(entries);
}

/**
 * @param {Extract<import('./shape.js').Shape, { kind: 'array' }>} shape
 * @param {Context} context
 */
function arrayExample(shape, context) {
  const length = Math.min(Math.max(shape.min, context.optional ? 1 : 0), shape.max, 100);
  if (length > shape.min) return orElse(() => [make(shape.item, context)], []);
  return Array.from({ length }, () => make(shape.item, context));
}

/**
 * @param {Record<string, any>} schema
 * @param {string} name
 */
function stringExample(schema, name) {
  switch (schema.format) {
    case 'date-time':
      return new Date().toISOString();
    case 'date':
      return new Date().toISOString().slice(0, 10);
    case 'time':
      return '12:00:00Z';
    case 'uuid':
      return '6f1c1f0e-3c1b-4d52-9f6e-0a5f0c1d2e3f';
    case 'email':
      return 'ann@example.org';
    case 'ipv4':
    case 'ip':
      return '127.0.0.1';
    case 'ipv6':
      return '::1';
    case 'uri':
    case 'url':
      return 'https://example.org/';
    default:
  }
  const text = (name || 'text').padEnd(schema.minLength ?? 0, 'x');
  return schema.maxLength === undefined ? text : [...text].slice(0, schema.maxLength).join('');
}

/**
 * Returns 1 if the type has it, otherwise the number that is nearest to it.
 *
 * @param {Record<string, any>} schema
 * @returns {number | bigint}
 */
function numberExample(schema) {
  const range = integerRange(schema.format);
  const step = schema.multipleOf ?? 1;
  const from = Math.max(
    schema.minimum ?? -Infinity,
    (schema.exclusiveMinimum ?? -Infinity) + step,
    range ? Number(range[0]) : -Infinity,
  );
  const to = Math.min(schema.maximum ?? Infinity, (schema.exclusiveMaximum ?? Infinity) - step);
  const number = Math.min(Math.max(1, from), to);
  return schema.multipleOf ? Math.ceil(number / step) * step : number;
}
