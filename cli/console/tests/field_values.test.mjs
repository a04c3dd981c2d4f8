import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fits, numberOf } from '../scripts/send/field_values.js';

test('reads numbers exactly, and no other texts', () => {
  assert.deepEqual(['7', ' -7 ', '0', '1.5', '1e3', '18446744073709551615'].map(numberOf), [7, -7, 0, 1.5, 1000, 18446744073709551615n]);
  assert.deepEqual(['', 'x', '01', '1.', '.5', '0x10', '1e999', 'NaN', 'Infinity', '1 2'].map(numberOf), Array(10).fill(null));
});

test('tells which values a field can show', () => {
  const seen = (kind, value, more = {}) => fits(value, { kind, ...more });
  assert.ok(seen('object', {}) && !seen('object', []) && !seen('object', null));
  assert.ok(seen('array', []) && seen('tuple', [1]) && !seen('array', {}));
  assert.ok(seen('boolean', false) && !seen('boolean', 'false') && seen('null', null));
  // A text that is no number stays in the field, and the validation names it.
  assert.ok(seen('integer', 'x') && seen('number', 1.5) && seen('integer', 2n ** 64n) && !seen('integer', true));
  assert.ok(seen('constant', 1, { value: 1 }) && !seen('constant', 2, { value: 1 }));
  assert.ok(seen('any', {}) && seen('union', 3) && !seen('string', 3));
});
