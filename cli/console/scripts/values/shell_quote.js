// @ts-check

// Control characters and characters that reorder text. A terminal acts on them while text is pasted.
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const allUnsafe = new RegExp(unsafe, 'g');

/**
 * Quotes an argument for bash, zsh and other POSIX shells.
 *
 * @param {string} text
 * @returns {string}
 * @throws {Error} if the text has a NUL character, which no argument of a program can have
 */
export function shellQuote(text) {
  if (text.includes('\0')) throw new Error('a NUL character cannot be part of a command line');
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(text) && !text.startsWith('=')) return text;
  if (!unsafe.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  const escaped = text
    .replace(/[\\']/g, (character) => `\\${character}`)
    .replace(allUnsafe, (character) => {
      const code = character.charCodeAt(0);
      return code < 0x80 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
    });
  return `$'${escaped}'`;
}

/**
 * Escapes in JSON text what a terminal would act on. The text stays the same JSON value.
 *
 * @param {string} json JSON without line breaks between its tokens.
 */
export function escapeForTerminal(json) {
  return json.replace(allUnsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
