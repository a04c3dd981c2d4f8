// @ts-check
// What a form shows for a schema.

import { writeJson } from '../values/json.js';
import { merge, referenceName, resolve } from './resolve.js';
import { typeText } from './type_text.js';

/** @typedef {import('../types.js').Json} Json */
/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */
/** @typedef {{ name: string, schema: Schema, required: boolean }} Field */
/** @typedef {{ label: string, description: string, schema: Schema }} Variant */
/** @typedef {{ label: string, description: string, value: Json }} Choice */

/**
 * @typedef {{ kind: 'object', fields: Field[], extra: Schema | null }
 *   | { kind: 'array', item: Schema, min: number, max: number }
 *   | { kind: 'tuple', items: Schema[] }
 *   | { kind: 'choice', choices: Choice[] }
 *   | { kind: 'union', variants: Variant[] }
 *   | { kind: 'nullable', inner: Schema }
 *   | { kind: 'constant', value: Json }
 *   | { kind: 'string' | 'integer' | 'number', format: string }
 *   | { kind: 'boolean' | 'null' | 'any' }} Shape
 */

/**
 * @param {Schema | null | undefined} unresolved
 * @param {Schemas} schemas
 * @returns {Shape}
 */
export function shapeOf(unresolved, schemas) {
  const schema = resolve(unresolved, schemas);
  if (typeof schema !== 'object') return { kind: 'any' };
  if ('const' in schema) return { kind: 'constant', value: schema.const };
  if (Array.isArray(schema.enum)) return choiceShape(schema.enum.map((value) => ({ const: value })), schemas);
  const variants = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(variants)) return variantsShape(schema, variants, schemas);
  const types = [schema.type ?? (schema.properties ? 'object' : 'any')].flat();
  if (types.length > 1) {
    const rest = types.filter((type) => type !== 'null');
    if (rest.length < types.length) return { kind: 'nullable', inner: { ...schema, type: rest.length === 1 ? rest[0] : rest } };
    return { kind: 'union', variants: types.map((type) => ({ label: type, description: '', schema: { ...schema, type } })) };
  }
  switch (types[0]) {
    case 'object':
      return objectShape(schema);
    case 'array':
      if (Array.isArray(schema.prefixItems)) return { kind: 'tuple', items: schema.prefixItems };
      return { kind: 'array', item: schema.items ?? true, min: schema.minItems ?? 0, max: schema.maxItems ?? Infinity };
    case 'string':
    case 'integer':
    case 'number':
      return { kind: types[0], format: schema.format ?? '' };
    case 'boolean':
    case 'null':
      return { kind: types[0] };
    default:
      return { kind: 'any' };
  }
}

/**
 * @param {Record<string, any>} schema
 * @returns {Shape}
 */
function objectShape(schema) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => ({
    name,
    schema: field,
    required: required.has(name),
  }));
  const extra = schema.additionalProperties;
  const isMap = extra !== undefined && extra !== false && (extra !== true || fields.length === 0);
  // Required fields first; the order is otherwise that of the document.
  fields.sort((a, b) => Number(b.required) - Number(a.required));
  return { kind: 'object', fields, extra: isMap ? extra : null };
}

/**
 * @param {Record<string, any>} schema
 * @param {Schema[]} variants
 * @param {Schemas} schemas
 * @returns {Shape}
 */
function variantsShape(schema, variants, schemas) {
  const { oneOf: _one, anyOf: _any, title: _title, description: _description, default: _default, ...base } = schema;
  // Fields beside the alternatives belong to each of them.
  const hasBase = base.properties !== undefined;
  const merged = hasBase ? variants.map((variant) => merge(base, resolve(variant, schemas))) : variants;
  const rest = merged.filter((variant) => !isNull(resolve(variant, schemas)));
  if (rest.length < merged.length && rest.length > 0) {
    return { kind: 'nullable', inner: rest.length === 1 ? rest[0] : { anyOf: rest } };
  }
  if (rest.every((variant) => isConstant(resolve(variant, schemas)))) return choiceShape(rest, schemas);
  if (rest.length === 1) return shapeOf(rest[0], schemas);
  return {
    kind: 'union',
    variants: rest.map((variant, index) => ({
      label: variantLabel(variant, variants[index], schemas),
      description: String(/** @type {any} */ (resolve(variant, schemas)).description ?? ''),
      schema: variant,
    })),
  };
}

/** @param {Schema} schema */
const isNull = (schema) => typeof schema === 'object' && (schema.type === 'null' || schema.const === null);

/** @param {Schema} schema */
const isConstant = (schema) => typeof schema === 'object' && ('const' in schema || Array.isArray(schema.enum));

/**
 * @param {Schema[]} variants
 * @param {Schemas} schemas
 * @returns {Shape}
 */
function choiceShape(variants, schemas) {
  const choices = variants.flatMap((variant) => {
    const schema = /** @type {Record<string, any>} */ (resolve(variant, schemas));
    const values = 'const' in schema ? [schema.const] : schema.enum;
    return values.map((/** @type {Json} */ value) => ({
      value,
      label: typeof value === 'string' ? value : writeJson(value),
      description: String(schema.description ?? ''),
    }));
  });
  return { kind: 'choice', choices };
}

/**
 * Names a variant after its title, its tag, its only key, or its type.
 *
 * @param {Schema} variant
 * @param {Schema} original
 * @param {Schemas} schemas
 */
function variantLabel(variant, original, schemas) {
  const schema = /** @type {Record<string, any>} */ (resolve(variant, schemas));
  if (typeof schema.title === 'string') return schema.title;
  const tags = Object.values(schema.properties ?? {}).filter(
    (property) => property !== null && typeof property === 'object' && typeof property.const === 'string',
  );
  if (tags.length > 0) return tags.map((tag) => tag.const).join(' ');
  if ('const' in schema) return typeof schema.const === 'string' ? schema.const : writeJson(schema.const);
  const name = referenceName(original);
  if (name !== null) return name;
  const keys = Object.keys(schema.properties ?? {});
  return keys.length === 1 ? keys[0] : typeText(schema);
}
