// @ts-check
// A form for a value of a type, made from its JSON Schema.

import { exampleOf } from '../schema/example.js';
import { shapeOf } from '../schema/shape.js';
import { resolve } from '../schema/resolve.js';
import { typeText } from '../schema/type_text.js';
import { closestVariant, isValid } from '../schema/validator.js';
import { isEqual, typeOf, writeJson } from '../values/json.js';
import { getAt, pathKey, pathText, renameKey, setAt } from '../values/path.js';
import { fill, freshId, h } from '../view/dom.js';
import { icon } from '../view/icons.js';

/** @typedef {import('../types.js').Json} Json */
/** @typedef {import('../types.js').Path} Path */
/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */
/** @typedef {import('../schema/validator.js').Problem} Problem */
/** @typedef {{ schema: Schema, path: Path, label: string, required: boolean, remove?: () => void }} Place */

const maxItems = 50;
const maxDepth = 10;

export class SchemaForm {
  #element;
  #onChange;
  /** @type {Schema} */
  #schema = true;
  /** @type {Schemas} */
  #schemas = {};
  /** @type {any} */
  #value = null;
  #prefix = freshId();

  /**
   * @param {HTMLElement} element
   * @param {(value: any) => void} onChange
   */
  constructor(element, onChange) {
    this.#element = element;
    this.#onChange = onChange;
  }

  /**
   * @param {Schema} schema
   * @param {Schemas} schemas
   * @param {any} value
   */
  show(schema, schemas, value) {
    this.#schema = schema;
    this.#schemas = schemas;
    this.#value = value;
    this.#render();
  }

  /** @param {any} value */
  setValue(value) {
    this.#value = value;
    this.#render();
  }

  /**
   * Shows problems at the fields that they belong to.
   *
   * @param {Problem[]} problems
   */
  showProblems(problems) {
    for (const element of this.#element.querySelectorAll('.field-problem')) element.textContent = '';
    for (const element of this.#element.querySelectorAll('[aria-invalid]')) element.removeAttribute('aria-invalid');
    for (const { path, message } of problems) {
      const element = document.getElementById(`${this.#id(path)}-problem`);
      if (!element) continue;
      element.textContent = message;
      document.getElementById(this.#id(path))?.setAttribute('aria-invalid', 'true');
    }
  }

  /** @param {Path} path */
  #id(path) {
    return `${this.#prefix}-${pathKey(path)}`;
  }

  #render() {
    const focused = document.activeElement?.id;
    fill(this.#element, this.#field({ schema: this.#schema, path: [], label: '', required: true }));
    if (focused?.startsWith(this.#prefix)) document.getElementById(focused)?.focus();
  }

  /**
   * Sets a value that does not change which fields there are.
   *
   * @param {Path} path
   * @param {any} value
   */
  #set(path, value) {
    this.#value = setAt(this.#value, path, value);
    this.#onChange(this.#value);
  }

  /**
   * Sets a value that changes which fields there are.
   *
   * @param {Path} path
   * @param {any} value
   */
  #rebuild(path, value) {
    this.#value = setAt(this.#value, path, value);
    this.#render();
    this.#onChange(this.#value);
    document.getElementById(this.#id(path))?.focus();
  }

  /**
   * @param {Place} place
   * @returns {HTMLElement}
   */
  #field(place) {
    const { schema, path } = place;
    const shape = shapeOf(schema, this.#schemas);
    const value = getAt(this.#value, path);
    if (value === undefined && !place.required) return this.#absent(place);
    if (path.length > maxDepth) return this.#row(place, h('p', { class: 'muted' }, 'Nested too deep for the form. Write it as JSON.'));
    if (value !== undefined && !fits(value, shape)) return this.#misfit(place, value);
    switch (shape.kind) {
      case 'object':
        return this.#object(place, shape);
      case 'array':
        return this.#array(place, shape);
      case 'tuple':
        return this.#group(place, shape.items.map((item, index) => this.#field({ schema: item, path: [...path, index], label: `[${index}]`, required: true })));
      case 'nullable':
        return this.#nullable(place, shape.inner);
      case 'union':
        return this.#union(place, shape.variants);
      case 'choice':
        return this.#choice(place, shape.choices);
      case 'constant':
        return this.#row(place, h('input', { id: this.#id(path), value: writeJson(shape.value), readonly: true }));
      case 'boolean':
        return this.#boolean(place);
      case 'string':
        return this.#string(place, shape.format);
      case 'integer':
      case 'number':
        return this.#number(place, shape.kind);
      case 'null':
        return this.#row(place, h('code', { id: this.#id(path) }, 'null'));
      default:
        return this.#anything(place);
    }
  }

  /**
   * A label with one control.
   *
   * @param {Place} place
   * @param {HTMLElement} control
   */
  #row(place, control) {
    const description = this.#description(place);
    return h('div', { class: 'field' }, this.#label(place), control, this.#problem(place.path), description);
  }

  /** @param {Place} place */
  #label({ schema, path, label, required, remove }) {
    const isAny = resolve(schema, this.#schemas) === true;
    return h('div', { class: 'field-head' },
      h('label', { for: this.#id(path) }, label || 'value'),
      h('span', { class: 'type' }, isAny ? 'any' : typeText(schema)),
      required ? null : h('span', { class: 'muted' }, 'optional'),
      remove ? this.#button('remove', `Remove ${pathText(path)}`, remove) : null);
  }

  /** @param {Place} place */
  #description({ schema }) {
    const resolved = resolve(schema, this.#schemas);
    const text = typeof resolved === 'object' ? resolved.description : '';
    return text ? h('p', { class: 'help' }, String(text)) : null;
  }

  /** @param {Path} path */
  #problem(path) {
    return h('p', { class: 'field-problem', id: `${this.#id(path)}-problem`, role: 'status' });
  }

  /**
   * @param {string} name
   * @param {string} label
   * @param {() => void} onclick
   */
  #button(name, label, onclick) {
    return h('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick }, icon(name));
  }

  /**
   * Several fields with a common label.
   *
   * @param {Place} place
   * @param {(Node | null)[]} content
   */
  #group(place, content) {
    const { path, label } = place;
    const children = [this.#description(place), ...content, this.#problem(path)];
    if (path.length === 0) return h('div', { class: 'field-group root', id: this.#id(path), tabindex: -1 }, children);
    return h('div', { class: 'field-group', role: 'group', 'aria-label': label, id: this.#id(path), tabindex: -1 }, this.#label(place), h('div', { class: 'nested' }, children));
  }

  /** @param {Place} place */
  #absent({ schema, path, label }) {
    const shape = shapeOf(schema, this.#schemas);
    // Who adds the field wants a value, not null.
    const added = shape.kind === 'nullable' ? shape.inner : schema;
    const add = () => this.#rebuild(path, exampleOf(added, this.#schemas));
    return h('div', { class: 'field absent' },
      h('button', { type: 'button', class: 'add', id: this.#id(path), onclick: add }, icon('add'), h('span', {}, label)),
      h('span', { class: 'type' }, typeText(schema)));
  }

  /**
   * @param {Place} place
   * @param {Json} value
   */
  #misfit(place, value) {
    const replace = () => this.#rebuild(place.path, exampleOf(place.schema, this.#schemas));
    return this.#row(place, h('div', { class: 'misfit' },
      h('code', {}, writeJson(value).slice(0, 200)),
      h('button', { type: 'button', class: 'small', id: this.#id(place.path), 'aria-label': `Replace by an example: ${place.label || 'the data'}`, onclick: replace }, 'Replace by an example')));
  }

  /**
   * @param {Place} place
   * @param {Extract<import('../schema/shape.js').Shape, { kind: 'object' }>} shape
   */
  #object(place, { fields, extra }) {
    const { path } = place;
    const value = getAt(this.#value, path) ?? {};
    const known = new Set(fields.map((field) => field.name));
    /** @type {(HTMLElement | null)[]} */
    const rows = fields.map(({ name, schema, required }) => {
      const inner = [...path, name];
      return this.#field({ schema, path: inner, label: name, required, remove: required ? undefined : () => this.#rebuild(inner, undefined) });
    });
    const others = Object.keys(value).filter((key) => !known.has(key));
    if (extra !== null) {
      rows.push(...others.slice(0, maxItems).map((key) => this.#mapEntry(path, key, extra)), this.#more(others.length), this.#addEntry(path, extra));
    } else if (others.length > 0) {
      rows.push(h('p', { class: 'muted' }, `Only in the JSON: ${others.slice(0, 10).join(', ')}`));
    }
    if (rows.length === 0) rows.push(h('p', { class: 'muted' }, 'An object without fields.'));
    return this.#group(place, rows);
  }

  /**
   * @param {Path} path
   * @param {string} key
   * @param {Schema} schema
   */
  #mapEntry(path, key, schema) {
    const inner = [...path, key];
    const rename = (/** @type {any} */ event) => {
      const next = event.target.value;
      const map = getAt(this.#value, path);
      if (next === key || Object.hasOwn(map, next)) event.target.value = key;
      else this.#rebuild(path, renameKey(map, key, next));
    };
    return h('div', { class: 'map-entry' },
      h('input', { value: key, 'aria-label': `Key ${key}`, onchange: rename, spellcheck: 'false' }),
      this.#field({ schema, path: inner, label: key, required: true, remove: () => this.#rebuild(inner, undefined) }));
  }

  /**
   * @param {Path} path
   * @param {Schema} schema
   */
  #addEntry(path, schema) {
    const add = () => {
      const map = getAt(this.#value, path) ?? {};
      let key = 'key';
      for (let number = 2; Object.hasOwn(map, key); number += 1) key = `key${number}`;
      this.#rebuild([...path, key], exampleOf(schema, this.#schemas));
    };
    return h('button', { type: 'button', class: 'add', onclick: add }, icon('add'), h('span', {}, 'key'));
  }

  /**
   * @param {Place} place
   * @param {Extract<import('../schema/shape.js').Shape, { kind: 'array' }>} shape
   */
  #array(place, { item, min, max }) {
    const { path } = place;
    const items = getAt(this.#value, path) ?? [];
    const rows = items.slice(0, maxItems).map((/** @type {Json} */ _, /** @type {number} */ index) => {
      const inner = [...path, index];
      const remove = items.length > min ? () => this.#rebuild(inner, undefined) : undefined;
      return this.#field({ schema: item, path: inner, label: `[${index}]`, required: true, remove });
    });
    const add = () => this.#rebuild([...path, items.length], exampleOf(item, this.#schemas));
    const name = path.length > 0 ? `Add an item to ${pathText(path)}` : 'Add an item';
    return this.#group(place, [
      ...rows,
      this.#more(items.length),
      items.length < max ? h('button', { type: 'button', class: 'add', 'aria-label': name, onclick: add }, icon('add'), h('span', {}, 'item')) : null,
    ]);
  }

  /** @param {number} length */
  #more(length) {
    return length > maxItems ? h('p', { class: 'muted' }, `${length - maxItems} more in the JSON.`) : null;
  }

  /**
   * @param {Place} place
   * @param {Schema} inner
   */
  #nullable(place, inner) {
    const { path } = place;
    if (getAt(this.#value, path) !== null) {
      const toNull = h('button', { type: 'button', class: 'small', onclick: () => this.#rebuild(path, null) }, 'null');
      const field = this.#field({ ...place, schema: inner });
      toNull.setAttribute('aria-label', `Set ${pathText(path) || 'the value'} to null`);
      field.querySelector('.field-head')?.append(toNull);
      if (path.length === 0) field.prepend(toNull);
      return field;
    }
    const set = () => this.#rebuild(path, exampleOf(inner, this.#schemas));
    return this.#row(place, h('div', { class: 'misfit' }, h('code', {}, 'null'), h('button', { type: 'button', class: 'small', id: this.#id(path), 'aria-label': `Set a value for ${place.label || 'the data'}`, onclick: set }, 'Set a value')));
  }

  /**
   * @param {Place} place
   * @param {import('../schema/shape.js').Variant[]} variants
   */
  #union(place, variants) {
    const { path } = place;
    const value = getAt(this.#value, path);
    const current = this.#variantOf(value, variants);
    const choose = (/** @type {any} */ event) => this.#rebuild(path, exampleOf(variants[event.target.value].schema, this.#schemas));
    const select = h('select', { id: this.#id(path), onchange: choose, 'aria-label': place.label || 'Variant' },
      current === -1 ? h('option', { value: '' }, '–') : null,
      variants.map(({ label }, index) => h('option', { value: index, selected: index === current }, label)));
    const rows = [select, current === -1 ? null : this.#variant(place, variants[current])];
    return h('div', { class: 'field-group', role: 'group', 'aria-label': place.label || 'value' },
      this.#label(place), this.#description(place), h('div', { class: 'nested' }, rows), this.#problem(path));
  }

  /**
   * @param {Json} value
   * @param {import('../schema/shape.js').Variant[]} variants
   */
  #variantOf(value, variants) {
    if (value === undefined) return -1;
    const index = variants.findIndex(({ schema }) => isValid(value, schema, this.#schemas));
    if (index !== -1) return index;
    const schemas = variants.map(({ schema }) => schema);
    const closest = closestVariant(value, schemas, this.#schemas);
    return schemas.findIndex((schema) => resolve(schema, this.#schemas) === closest || isEqual(/** @type {any} */ (resolve(schema, this.#schemas)), /** @type {any} */ (closest)));
  }

  /**
   * The fields of the chosen variant, which are at the same place as the union itself.
   *
   * @param {Place} place
   * @param {import('../schema/shape.js').Variant} variant
   */
  #variant(place, variant) {
    const shape = shapeOf(variant.schema, this.#schemas);
    if (shape.kind === 'constant' || shape.kind === 'null') return variant.description ? h('p', { class: 'help' }, variant.description) : null;
    const field = this.#field({ schema: variant.schema, path: place.path, label: variant.label, required: true });
    // The select has the id and the problem of this place.
    field.querySelector(`#${CSS.escape(this.#id(place.path))}`)?.removeAttribute('id');
    field.removeAttribute('id');
    field.querySelector(`#${CSS.escape(`${this.#id(place.path)}-problem`)}`)?.remove();
    if (shape.kind === 'object') field.querySelector(':scope > .field-head')?.remove();
    return field;
  }

  /**
   * @param {Place} place
   * @param {import('../schema/shape.js').Choice[]} choices
   */
  #choice(place, choices) {
    const value = getAt(this.#value, place.path);
    const current = choices.findIndex((choice) => isEqual(choice.value, value));
    const help = h('p', { class: 'help' }, choices[current]?.description ?? '');
    const choose = (/** @type {any} */ event) => {
      const choice = choices[event.target.value];
      help.textContent = choice.description;
      this.#set(place.path, choice.value);
    };
    const select = h('select', { id: this.#id(place.path), onchange: choose },
      current === -1 ? h('option', { value: '' }, '–') : null,
      choices.map(({ label }, index) => h('option', { value: index, selected: index === current }, label)));
    const row = this.#row(place, select);
    row.append(help);
    return row;
  }

  /** @param {Place} place */
  #boolean(place) {
    const input = h('input', {
      type: 'checkbox',
      id: this.#id(place.path),
      checked: getAt(this.#value, place.path) === true,
      onchange: (/** @type {any} */ event) => this.#set(place.path, event.target.checked),
    });
    return this.#row(place, h('div', { class: 'check' }, input));
  }

  /**
   * @param {Place} place
   * @param {string} format
   */
  #string(place, format) {
    const value = getAt(this.#value, place.path) ?? '';
    const isLong = typeof value === 'string' && (value.includes('\n') || value.length > 80);
    const input = h(isLong ? 'textarea' : 'input', {
      id: this.#id(place.path),
      value,
      rows: isLong ? 3 : null,
      placeholder: format,
      spellcheck: 'false',
      autocomplete: 'off',
      oninput: (/** @type {any} */ event) => this.#set(place.path, event.target.value),
    });
    return this.#row(place, input);
  }

  /**
   * @param {Place} place
   * @param {'integer' | 'number'} kind
   */
  #number(place, kind) {
    const value = getAt(this.#value, place.path);
    const input = h('input', {
      id: this.#id(place.path),
      value: value === undefined ? '' : String(value),
      inputmode: kind === 'integer' ? 'numeric' : 'decimal',
      autocomplete: 'off',
      // A text that is no number stays a text, so that the validation names it.
      oninput: (/** @type {any} */ event) => this.#set(place.path, numberOf(event.target.value) ?? event.target.value),
    });
    return this.#row(place, input);
  }

  /** @param {Place} place */
  #anything(place) {
    const text = h('textarea', {
      id: this.#id(place.path),
      rows: 2,
      class: 'code-input',
      spellcheck: 'false',
      value: writeJson(getAt(this.#value, place.path), 2),
      oninput: (/** @type {any} */ event) => {
        const problem = document.getElementById(`${this.#id(place.path)}-problem`);
        try {
          this.#set(place.path, JSON.parse(event.target.value));
        } catch {
          if (problem) problem.textContent = 'is not JSON';
        }
      },
    });
    return this.#row(place, text);
  }
}

/**
 * Returns the number that a text stands for, or `null`.
 *
 * @param {string} text
 * @returns {number | bigint | null}
 */
function numberOf(text) {
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
function fits(value, shape) {
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
