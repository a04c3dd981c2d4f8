// @ts-check
// JSON as text, validated against a type while it is written.

import { validate } from '../schema/validator.js';
import { parseJson, syntaxProblem, writeJson } from '../values/json.js';
import { pathText } from '../values/path.js';
import { fill, h } from '../view/dom.js';

/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */
/** @typedef {import('../schema/validator.js').Problem} Problem */
/** @typedef {{ text: string, value: any, isJson: boolean, problems: Problem[] }} Content */

export class JsonInput {
  #area;
  #status;
  /** @type {Schema | null} */
  #schema = null;
  /** @type {Schemas} */
  #schemas = {};
  /** Whether an empty text is right. */
  #mayBeEmpty = true;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} status Shows what is wrong.
   * @param {(content: Content) => void} [onInput]
   */
  constructor(area, status, onInput) {
    this.#area = area;
    this.#status = status;
    area.addEventListener('input', () => {
      this.resize();
      onInput?.(this.check());
    });
  }

  /**
   * @param {Schema | null | undefined} schema
   * @param {Schemas} schemas
   * @param {boolean} mayBeEmpty
   */
  setType(schema, schemas, mayBeEmpty) {
    this.#schema = schema ?? null;
    this.#schemas = schemas;
    this.#mayBeEmpty = mayBeEmpty;
  }

  /** @param {any} value */
  setValue(value) {
    this.setText(writeJson(value, 2));
  }

  /** @param {string} text */
  setText(text) {
    this.#area.value = text;
    this.resize();
    return this.check();
  }

  /** Validates the text and shows what is wrong. */
  check() {
    const content = this.content();
    const messages = content.problems.map(({ path, message }) => {
      const place = pathText(path);
      return h('li', {}, place ? h('code', {}, place) : null, place ? ' ' : null, message);
    });
    this.#area.toggleAttribute('aria-invalid', content.problems.length > 0);
    const isKnown = content.isJson && this.#schema !== null && content.problems.length === 0;
    fill(this.#status, messages.length > 0 ? h('ul', { class: 'problems' }, messages) : isKnown ? h('p', { class: 'good' }, 'valid') : null);
    return content;
  }

  /** @returns {Content} */
  content() {
    const text = this.#area.value.trim();
    if (text === '') {
      const problems = this.#mayBeEmpty ? [] : [{ path: [], message: 'is missing' }];
      return { text, value: undefined, isJson: false, problems };
    }
    let value;
    try {
      value = parseJson(text);
    } catch (error) {
      return { text, value: undefined, isJson: false, problems: [{ path: [], message: syntaxProblem(text, error) }] };
    }
    const isBytes = value !== null && typeof value === 'object' && '$bytes' in value;
    return { text, value, isJson: true, problems: isBytes ? [] : validate(value, this.#schema, this.#schemas) };
  }

  resize() {
    const lines = this.#area.value.split('\n').length;
    this.#area.rows = Math.min(Math.max(lines, 4), 24);
  }
}
