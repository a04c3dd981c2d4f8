import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { clip, clock, counted, duration, lastPart, withoutColours } from '../scripts/values/format.js';
import { isEqual, syntaxProblem, typeOf, writeJson } from '../scripts/values/json.js';
import { getAt, pathText, renameKey, setAt } from '../scripts/values/path.js';
import { isMatch, patternExample } from '../scripts/values/pattern.js';
import { RingBuffer } from '../scripts/values/ring_buffer.js';
import { escapeForTerminal, shellQuote } from '../scripts/values/shell_quote.js';

test('quotes arguments so that bash reads the same text', () => {
  const texts = ['', 'a', 'a b', "it's", '$HOME `id` $(id) "x" \\', '!!', '~', '=ls', '{a,b}', '*', '\n\t', "\u001b[201~; rm -rf 'x'", '\u202edne', 'ä😀', '\\x41', "'\\''", '-x', '#a', 'a\rb', '\u007f\u009b'];
  for (const text of texts) {
    const seen = execFileSync('bash', ['-c', `printf %s ${shellQuote(text)}`], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    assert.equal(seen, text, shellQuote(text));
    assert.doesNotMatch(shellQuote(text), /[\u0000-\u001f\u007f-\u009f\u202e]/);
  }
  assert.equal(shellQuote('user/get'), 'user/get');
  assert.equal(shellQuote('{"id":7}'), `'{"id":7}'`);
  assert.throws(() => shellQuote('a\0b'), /NUL/);
});

test('escapes JSON for terminals without changing its value', () => {
  const value = { a: '\u009b31m \u202e \u007f', b: 'ä' };
  const escaped = escapeForTerminal(JSON.stringify(value));
  assert.deepEqual(JSON.parse(escaped), value);
  assert.doesNotMatch(escaped, /[\u007f-\u009f\u202e]/);
});

test('keeps the newest items', () => {
  const buffer = new RingBuffer(3);
  assert.deepEqual([1, 2, 3, 4, 5].map((item) => buffer.push(item)), [undefined, undefined, undefined, 1, 2]);
  assert.deepEqual([...buffer], [3, 4, 5]);
  assert.deepEqual([buffer.at(0), buffer.at(-1), buffer.at(3), buffer.at(-4)], [3, 5, undefined, undefined]);
  assert.equal(buffer.shift(), 3);
  buffer.push(6);
  assert.deepEqual([...buffer], [4, 5, 6]);
  buffer.clear();
  assert.deepEqual([buffer.length, [...buffer], buffer.shift()], [0, [], undefined]);
});

test('sets places without changing the value', () => {
  const value = { a: [{ b: 1 }, 2], c: 3 };
  assert.deepEqual(setAt(value, ['a', 0, 'b'], 5), { a: [{ b: 5 }, 2], c: 3 });
  assert.deepEqual(setAt(value, ['a', 0], undefined), { a: [2], c: 3 });
  assert.deepEqual(setAt(value, ['c'], undefined), { a: [{ b: 1 }, 2] });
  assert.deepEqual(setAt(undefined, ['x', 0, 'y'], 1), { x: [{ y: 1 }] });
  assert.deepEqual(value, { a: [{ b: 1 }, 2], c: 3 });
  assert.equal(getAt(value, ['a', 0, 'b']), 1);
  assert.equal(getAt(value, ['toString']), undefined);
  const odd = setAt({}, ['__proto__'], { polluted: true });
  assert.equal(odd.polluted, undefined);
  assert.equal(writeJson(odd), '{"__proto__":{"polluted":true}}');
  assert.deepEqual(Object.keys(renameKey({ a: 1, b: 2, c: 3 }, 'b', 'x')), ['a', 'x', 'c']);
  assert.equal(pathText(['items', 0, 'a b', 'name']), 'items[0]["a b"].name');
});

test('writes and compares JSON', () => {
  assert.equal(writeJson({ n: 2n ** 60n, list: [1, []], o: {} }), '{"n":1152921504606846976,"list":[1,[]],"o":{}}');
  assert.equal(writeJson({ n: 2n ** 60n, list: [1] }, 2), '{\n  "n": 1152921504606846976,\n  "list": [\n    1\n  ]\n}');
  assert.equal(writeJson({ a: undefined, n: 2n ** 60n }), '{"n":1152921504606846976}');
  assert.equal(writeJson(undefined), '');
  assert.deepEqual([null, [], {}, 1, 1.5, 1n, 'a', true].map(typeOf), ['null', 'array', 'object', 'integer', 'number', 'integer', 'string', 'boolean']);
  assert.ok(isEqual({ a: [1, { b: null }] }, { a: [1, { b: null }] }));
  assert.ok(!isEqual({ a: 1 }, { b: 1 }) && !isEqual([], {}) && !isEqual([1], [1, 2]));
  let deep = [];
  for (let depth = 0; depth < 100_000; depth += 1) deep = [deep];
  assert.match(writeJson(deep), /too deep/);
});

test('names the line and the column of a syntax error', () => {
  const text = '{\n  "a": 1,\n  b\n}';
  try {
    JSON.parse(text);
    assert.fail('it is not JSON');
  } catch (error) {
    assert.match(syntaxProblem(text, error), /line 3 column 3/);
  }
});

test('matches patterns as the program does', () => {
  assert.ok(isMatch('chat:{room}', 'chat:1') && !isMatch('chat:{room}', 'chat:') && !isMatch('chat:{room}', 'chat:a:b') && !isMatch('chat:{room}', 'chat:a/b'));
  assert.ok(isMatch('files/{path*}', 'files/a/b.c') && isMatch('news:*', 'news:a:b') && !isMatch('news:*', 'news:'));
  assert.ok(isMatch('a{{b}}\\*', 'a{b}*') && !isMatch('a.b', 'axb'));
  for (const pattern of ['chat:{room}', 'files/{path*}', 'news:*', 'a{{b}}\\*', '{tenant}:{room}']) assert.ok(isMatch(pattern, patternExample(pattern)), pattern);
});

test('writes durations and numbers', () => {
  assert.deepEqual([null, 0, 999, 1000, 12_345, 999_499, 1_500_000, 75_000_000].map(duration), ['–', '0 µs', '999 µs', '1.00 ms', '12.3 ms', '999 ms', '1.50 s', '1 min 15 s']);
  assert.deepEqual([counted(1, 'event'), counted(10_000, 'event')], ['1 event', '10,000 events']);
  assert.match(clock(0), /^\d\d:\d\d:\d\d\.\d{3}$/);
  assert.deepEqual([lastPart('app::chat::say'), lastPart('main')], ['say', 'main']);
  assert.equal(clip('abcdef', 3), 'abc…');
  assert.equal(withoutColours('\u001b[1m\u001b[31merror\u001b[0m \u001b]8;;https://x\u0007link\u001b]8;;\u0007'), 'error link');
});
