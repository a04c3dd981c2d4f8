// @ts-check
// Patterns of channels and methods: `{name}`, `{name*}`, `*`, and `{{`, `}}`, `\*` for the characters themselves.

/** @typedef {{ text: string } | { name: string, rest: boolean }} Part */

/**
 * Splits a pattern into literal texts and wildcards. A `*` is a wildcard without a name.
 *
 * @param {string} pattern
 * @returns {Part[]}
 */
export function patternParts(pattern) {
  /** @type {Part[]} */
  const parts = [];
  const token = /\{\{|\}\}|\\\*|\{([^{}*]+)(\*?)\}|\*|[\s\S]/gu;
  for (const [text, name, rest] of pattern.matchAll(token)) {
    if (name !== undefined) parts.push({ name, rest: rest === '*' });
    else if (text === '*') parts.push({ name: '', rest: true });
    else addText(parts, text === '{{' ? '{' : text === '}}' ? '}' : text === '\\*' ? '*' : text);
  }
  return parts;
}

/**
 * @param {Part[]} parts
 * @param {string} text
 */
function addText(parts, text) {
  const last = parts.at(-1);
  if (last && 'text' in last) last.text += text;
  else parts.push({ text });
}

/**
 * Tells whether a channel or a method matches a pattern.
 *
 * @param {string} pattern
 * @param {string} text
 */
export function isMatch(pattern, text) {
  const source = patternParts(pattern).map((part) => {
    if ('text' in part) return part.text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
    return part.rest ? '[\\s\\S]+' : '[^:/.#]+';
  });
  return new RegExp(`^${source.join('')}$`, 'u').test(text);
}

/**
 * Returns a channel or a method that matches the pattern.
 *
 * @param {string} pattern
 */
export function patternExample(pattern) {
  return patternParts(pattern)
    .map((part) => ('text' in part ? part.text : '1'))
    .join('');
}
