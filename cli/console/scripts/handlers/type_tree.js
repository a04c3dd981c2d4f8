// @ts-check
// A type with its fields. Types inside it open on demand, so that recursive types end.

import { referenceName, resolve } from '../schema/resolve.js';
import { shapeOf } from '../schema/shape.js';
import { typeText } from '../schema/type_text.js';
import { writeJson } from '../values/json.js';
import { h } from '../view/dom.js';

/** @typedef {import('../types.js').DataType} DataType */
/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */

/**
 * @param {DataType} type
 * @param {Schemas} schemas
 */
export function typeTree(type, schemas) {
  const head = h('p', { class: 'type-head' },
    h('code', {}, type.schema === null ? type.type : typeText(type.schema)),
    type.optional ? h('span', { class: 'muted' }, ' may be missing') : null);
  if (type.schema === null) return h('div', {}, head, h('p', { class: 'muted' }, type.note ?? 'The schema is unknown.'));
  return h('div', { class: 'type-tree' }, head, description(type.schema, schemas), content(type.schema, schemas));
}

/**
 * @param {Schema} schema
 * @param {Schemas} schemas
 */
function description(schema, schemas) {
  const resolved = resolve(schema, schemas);
  const text = typeof resolved === 'object' ? resolved.description : '';
  return text ? h('p', { class: 'help' }, String(text)) : null;
}

/**
 * @param {Schema} schema
 * @param {Schemas} schemas
 * @returns {HTMLElement | null}
 */
function content(schema, schemas) {
  const shape = shapeOf(schema, schemas);
  switch (shape.kind) {
    case 'object': {
      const rows = shape.fields.map(({ name, schema: field, required }) => row(name, required, field, schemas));
      if (shape.extra !== null) rows.push(row('[key]', true, shape.extra, schemas));
      return rows.length > 0 ? h('ul', { class: 'fields' }, rows) : null;
    }
    case 'array':
      return hasContent(shape.item, schemas) ? h('ul', { class: 'fields' }, row('[item]', true, shape.item, schemas)) : null;
    case 'tuple':
      return h('ul', { class: 'fields' }, shape.items.map((item, index) => row(`[${index}]`, true, item, schemas)));
    case 'nullable':
      return content(shape.inner, schemas);
    case 'union':
      return h('ul', { class: 'fields' }, shape.variants.map(({ label, schema: variant }) => row(label, true, variant, schemas)));
    case 'choice':
      return isListed(schema, shape.choices)
        ? h('ul', { class: 'fields' }, shape.choices.map((choice) => h('li', {}, h('code', {}, writeJson(choice.value)), ' ', h('span', { class: 'help' }, choice.description))))
        : null;
    default:
      return null;
  }
}

/**
 * @param {Schema} schema
 * @param {Schemas} schemas
 * @returns {boolean}
 */
function hasContent(schema, schemas) {
  const shape = shapeOf(schema, schemas);
  if (shape.kind === 'nullable') return hasContent(shape.inner, schemas);
  if (shape.kind === 'choice') return isListed(schema, shape.choices);
  return ['object', 'array', 'tuple', 'union'].includes(shape.kind);
}

/**
 * Tells whether the text of the type does not say all about the values.
 *
 * @param {Schema} schema
 * @param {import('../schema/shape.js').Choice[]} choices
 */
const isListed = (schema, choices) =>
  referenceName(schema) !== null || choices.length > 8 || choices.some((choice) => choice.description);

/**
 * @param {string} name
 * @param {boolean} required
 * @param {Schema} schema
 * @param {Schemas} schemas
 */
function row(name, required, schema, schemas) {
  const line = [h('span', { class: 'field-name' }, name, required ? '' : '?'), h('code', { class: 'type' }, typeText(schema))];
  if (!hasContent(schema, schemas)) return h('li', {}, h('div', { class: 'field-line' }, line), description(schema, schemas));
  const details = h('details', {}, h('summary', {}, line), description(schema, schemas));
  details.addEventListener('toggle', () => details.open && details.append(content(schema, schemas) ?? ''), { once: true });
  return h('li', {}, details);
}
