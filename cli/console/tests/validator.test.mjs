import assert from 'node:assert/strict';
import { test } from 'node:test';
import { validate } from '../scripts/schema/validator.js';
import { pathText } from '../scripts/values/path.js';
import { description } from './mock_description.mjs';

const { schemas } = description;
const problems = (value, schema) => validate(value, schema, schemas).map(({ path, message }) => `${pathText(path)}: ${message}`.replace(/^: /, ''));
const reference = (name) => ({ $ref: `#/schemas/${name}` });

test('accepts values of the type', () => {
  const order = { items: [{ article: 'a', count: 255 }], priority: 'high', gift: true, payment: { card: { number: '4' } }, note: null, labels: { a: 'b' }, place: [1, 2.5] };
  assert.deepEqual(problems(order, reference('Order')), []);
  assert.deepEqual(problems({ id: 2n ** 64n - 1n, filter: { by: 'not', filter: { by: 'name', is: 'a' } } }, reference('Query')), []);
});

test('names each problem with its place', () => {
  const order = { items: [{ article: 'a long article', count: 256 }], priority: 'mid', gift: 'yes', payment: { card: {} }, place: [1], labels: { a: 1 } };
  assert.deepEqual(problems(order, reference('Order')).sort(), [
    'gift: must be a boolean, but is a string',
    'items[0].article: must have at most 12 characters',
    'items[0].count: must be at most 255',
    'labels.a: must be a string, but is an integer',
    'payment.card.number: is missing',
    'place: must have at least 2 items',
    'priority: must be "low" or "high"',
  ]);
  assert.deepEqual(problems({}, reference('Query')), ['id: is missing']);
});

test('knows the ranges of Rust integers', () => {
  assert.deepEqual(problems(-1, { type: 'integer', format: 'uint32', minimum: 0 }), ['must be at least 0']);
  assert.deepEqual(problems(2 ** 31, { type: 'integer', format: 'int32' }), ['must be at most 2147483647']);
  assert.deepEqual(problems(2n ** 64n, { type: 'integer', format: 'uint64' }), ['must be at most 18446744073709551615']);
  assert.deepEqual(problems(1.5, { type: 'integer' }), ['must be an integer, but is a number']);
  assert.deepEqual(problems(3, { type: 'number' }), []);
});

test('reports the problems of the variant that is meant', () => {
  assert.deepEqual(problems({ by: 'name' }, reference('Filter')), ['is: is missing']);
  assert.deepEqual(problems({ by: 'not', filter: { by: 'name', is: 1 } }, reference('Filter')), ['filter.is: must be a string, but is an integer']);
  assert.deepEqual(problems({ voucher: 1 }, reference('Payment')), ['voucher: must be a string, but is an integer']);
  assert.deepEqual(problems({ id: 1, filter: 3 }, reference('Query')).length, 1);
});

test('refuses unknown keys where the type does', () => {
  assert.deepEqual(problems({ a: 1, b: 2 }, { type: 'object', properties: { a: true }, additionalProperties: false }), ['b: is not a known key']);
  const flattened = { type: 'object', properties: { a: true }, oneOf: [{ properties: { c: true }, required: ['c'] }], unevaluatedProperties: false };
  assert.deepEqual(problems({ a: 1, c: 1 }, flattened), []);
  assert.deepEqual(problems({ a: 1, c: 1, d: 1 }, flattened), ['d: is not a known key']);
  // The key is one of the object itself, not of its prototype.
  assert.deepEqual(problems(JSON.parse('{"toString":1,"__proto__":2}'), { type: 'object', properties: { a: true }, additionalProperties: false }).length, 2);
});

test('ends with schemas and values without an end', () => {
  const endless = { A: { $ref: '#/schemas/A' }, List: { type: 'array', items: { $ref: '#/schemas/List' } } };
  assert.deepEqual(validate(1, { $ref: '#/schemas/A' }, endless), []);
  let value = [];
  for (let depth = 0; depth < 1000; depth += 1) value = [value];
  assert.match(validate(value, { $ref: '#/schemas/List' }, endless)[0].message, /nested deeper/);
  assert.ok(validate(Array(10_000).fill('x'), { type: 'array', items: { type: 'integer' } }, {}).length <= 50);
});

test('checks texts', () => {
  assert.deepEqual(problems('😀', { type: 'string', minLength: 2 }), ['must have at least 2 characters']);
  assert.deepEqual(problems('a', { type: 'string', pattern: '^b$' }), ['must match ^b$']);
  assert.deepEqual(problems('a', { type: 'string', pattern: '(?x) not JavaScript (' }), []);
  assert.deepEqual(problems('today', { type: 'string', format: 'date-time' }), ['must be a date-time']);
  assert.deepEqual(problems('2026-11-27T10:00:00.5Z', { type: 'string', format: 'date-time' }), []);
});

test('takes a missing definition and a boolean schema as they are meant', () => {
  assert.deepEqual(problems(1, { $ref: '#/schemas/Missing' }), []);
  assert.deepEqual(problems(1, true), []);
  assert.deepEqual(problems(1, null), []);
  assert.deepEqual(problems(1, false), ['must be absent']);
  assert.deepEqual(problems('a', { $ref: '#/schemas/Priority', description: 'beside' }), ['must be "low" or "high"']);
});
