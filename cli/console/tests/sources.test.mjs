// What must hold of the files themselves.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const scripts = readdirSync(join(root, 'scripts'), { recursive: true }).filter((name) => name.endsWith('.js')).map((name) => join(root, 'scripts', name));
const page = readFileSync(join(root, 'index.html'), 'utf8');

test('never parses text as HTML or as code', () => {
  for (const file of scripts) {
    assert.doesNotMatch(readFileSync(file, 'utf8'), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|setHTML|\beval\(|new Function/, file);
  }
});

test('needs no network and no inline script or style', () => {
  assert.doesNotMatch(page, /<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|https?:\/\//);
  for (const file of scripts) assert.doesNotMatch(readFileSync(file, 'utf8'), /\.setAttribute\('style'|from '(?!\.)|import\('(?!\.)/, file);
});

test('names only files that exist, and uses each', () => {
  const used = new Set();
  for (const [, name] of page.matchAll(/(?:src|href)="([^#"][^"]*)"/g)) {
    assert.ok(existsSync(join(root, name)), name);
    used.add(join(root, name));
  }
  for (const file of scripts) {
    const text = readFileSync(file, 'utf8');
    assert.ok(text.startsWith('// @ts-check'), file);
    for (const [, name] of text.matchAll(/(?:from |import\()'(\.[^']*)'/g)) {
      assert.ok(existsSync(join(dirname(file), name)), `${file}: ${name}`);
      used.add(join(dirname(file), name));
    }
  }
  assert.deepEqual(scripts.filter((file) => !used.has(file)), []);
  for (const name of readdirSync(join(root, 'styles'))) assert.ok(used.has(join(root, 'styles', name)), name);
});

test('names only elements that the page has', () => {
  const ids = [...page.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const file of scripts) {
    for (const [, id] of readFileSync(file, 'utf8').matchAll(/byId\('([^']*)'\)/g)) assert.ok(ids.includes(id), `${file}: ${id}`);
  }
  for (const [, id] of page.matchAll(/(?:for|aria-describedby|aria-labelledby|list)="([^"]*)"/g)) assert.ok(ids.includes(id), id);
});

test('has centrifuge-js as it is published', () => {
  const published = new URL('../../../tests/peers/js/node_modules/centrifuge/', import.meta.url);
  assert.deepEqual(readFileSync(join(root, 'vendor/centrifuge.js')), readFileSync(new URL('dist/centrifuge.js', published)));
  assert.deepEqual(readFileSync(join(root, 'vendor/centrifuge.LICENSE')), readFileSync(new URL('LICENSE', published)));
});
