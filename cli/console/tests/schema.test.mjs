import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleOf } from '../scripts/schema/example.js';
import { merge, resolve } from '../scripts/schema/resolve.js';
import { shapeOf } from '../scripts/schema/shape.js';
import { typeText } from '../scripts/schema/type_text.js';
import { validate } from '../scripts/schema/validator.js';
import { description } from './mock_description.mjs';

const { schemas } = description;
const reference = (name) => ({ $ref: `#/schemas/${name}` });

test('makes examples that are valid, with and without optional fields', () => {
  for (const name of Object.keys(schemas)) {
    for (const optional of [false, true]) {
      const value = exampleOf(reference(name), schemas, { optional });
      assert.deepEqual(validate(value, reference(name), schemas), [], `${name} ${JSON.stringify(value)}`);
    }
  }
  assert.deepEqual(exampleOf(reference('Query'), schemas), { id: 1 });
  assert.deepEqual(exampleOf(reference('Query'), schemas, { optional: true }), { id: 1, filter: { by: 'name', is: 'is' } });
  assert.deepEqual(exampleOf({ type: 'integer', minimum: 7, multipleOf: 5 }, {}), 10);
  assert.deepEqual(exampleOf({ type: 'string', minLength: 6 }, {}), 'textxx');
  assert.deepEqual(exampleOf({ type: 'string', examples: ['given'] }, {}), 'given');
});

test('ends with types that contain themselves', () => {
  const recursive = { Node: { type: 'object', properties: { next: reference('Node') }, required: ['next'] }, Tree: { type: 'object', properties: { left: { anyOf: [reference('Tree'), { type: 'null' }] } }, required: ['left'] } };
  assert.equal(exampleOf(reference('Node'), recursive), null);
  assert.deepEqual(exampleOf(reference('Tree'), recursive, { optional: true }), { left: null });
});

test('finds out what a form shows', () => {
  const kind = (schema) => shapeOf(schema, schemas).kind;
  assert.equal(kind(reference('Order')), 'object');
  assert.equal(kind(reference('Priority')), 'choice');
  assert.equal(kind(reference('Payment')), 'union');
  assert.equal(kind({ type: ['string', 'null'] }), 'nullable');
  assert.equal(kind({ anyOf: [reference('Filter'), { type: 'null' }] }), 'nullable');
  assert.equal(kind(schemas.Order.properties.place), 'tuple');
  assert.equal(kind(schemas.Order.properties.labels), 'object');
  assert.equal(kind({ const: 1 }), 'constant');
  assert.equal(kind(true), 'any');
  assert.equal(kind({}), 'any');
  assert.deepEqual(shapeOf(reference('Payment'), schemas).variants.map(({ label }) => label), ['"cash"', 'card', 'voucher']);
  assert.deepEqual(shapeOf(reference('Filter'), schemas).variants.map(({ label }) => label), ['name', 'not']);
  assert.deepEqual(shapeOf(reference('Priority'), schemas).choices.map(({ label, description: text }) => [label, text]), [['low', 'Within a week.'], ['high', 'Tomorrow.']]);
  // Required fields are first.
  assert.deepEqual(shapeOf(reference('Query'), schemas).fields.map(({ name, required }) => [name, required]), [['id', true], ['filter', false]]);
});

test('joins the fields beside alternatives with each of them', () => {
  const flattened = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'], oneOf: [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, { type: 'object', properties: { b: { type: 'string' } }, required: ['b'] }] };
  assert.deepEqual(exampleOf(flattened, {}), { id: 1, a: 'a' });
  const both = resolve({ allOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: { type: 'string' } }, required: ['b'] }] }, {});
  assert.deepEqual(both.required, ['a', 'b']);
  assert.deepEqual(Object.keys(merge({ properties: { a: true } }, { properties: { b: true } }).properties), ['a', 'b']);
});

test('writes types as text', () => {
  assert.equal(typeText(reference('Order')), 'Order');
  assert.equal(typeText(schemas.Order.properties.items), 'Item[]');
  assert.equal(typeText(schemas.Query.properties.filter), 'Filter | null');
  assert.equal(typeText(schemas.Line), '{ text: string, by: string }');
  assert.equal(typeText(schemas.LineInput), '{ text: string, by?: string }');
  assert.equal(typeText(schemas.Order.properties.place), '[double, double]');
  assert.equal(typeText(schemas.Order.properties.labels), 'map of string');
  assert.equal(typeText({ type: 'array', items: { type: ['string', 'null'] } }), '(string | null)[]');
  assert.equal(typeText(null), 'any');
});
