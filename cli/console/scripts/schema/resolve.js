// @ts-check
// References between schemas, and schemas that are made of several.

/** @typedef {import('../types.js').Schema} Schema */
/** @typedef {import('../types.js').Schemas} Schemas */

// References that lead only to references have no type.
const maxReferences = 32;

/**
 * Returns the name of the definition that a schema refers to.
 *
 * @param {Schema | null | undefined} schema
 * @returns {string | null}
 */
export function referenceName(schema) {
  if (schema === null || typeof schema !== 'object' || typeof schema.$ref !== 'string') return null;
  const match = /^#\/schemas\/(.+)$/.exec(schema.$ref);
  return match ? decode(match[1]).replaceAll('~1', '/').replaceAll('~0', '~') : null;
}

/** @param {string} text */
function decode(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Replaces a reference by what it refers to, and `allOf` by one schema. What stands beside a reference is kept.
 *
 * @param {Schema | null | undefined} schema
 * @param {Schemas} schemas
 * @returns {Schema}
 */
export function resolve(schema, schemas) {
  let resolved = schema ?? true;
  for (let count = 0; count < maxReferences; count += 1) {
    if (typeof resolved !== 'object') return resolved;
    if ('$ref' in resolved) {
      const name = referenceName(resolved);
      const { $ref: _, ...beside } = resolved;
      const target = name !== null && Object.hasOwn(schemas, name) ? schemas[name] : true;
      resolved = merge(target, beside);
    } else if (Array.isArray(resolved.allOf)) {
      const { allOf, ...beside } = resolved;
      resolved = [...allOf, beside].reduce((all, part) => merge(all, inline(part, schemas)), /** @type {Schema} */ (true));
    } else {
      return resolved;
    }
  }
  return true;
}

/**
 * @param {Schema} schema
 * @param {Schemas} schemas
 * @returns {Schema}
 */
function inline(schema, schemas) {
  const name = referenceName(schema);
  if (name === null || typeof schema !== 'object') return schema;
  const { $ref: _, ...beside } = schema;
  return merge(Object.hasOwn(schemas, name) ? schemas[name] : true, beside);
}

/**
 * Joins two schemas that both apply.
 *
 * @param {Schema} a
 * @param {Schema} b Wins where only one can be kept.
 * @returns {Schema}
 */
export function merge(a, b) {
  if (a === false || b === false) return false;
  if (a === true) return b;
  if (b === true) return a;
  const merged = { ...a, ...b };
  if (a.properties && b.properties) merged.properties = { ...a.properties, ...b.properties };
  if (a.required && b.required) merged.required = [...new Set([...a.required, ...b.required])];
  // A value cannot be described by two lists of alternatives at once here. The first list keeps its meaning for forms.
  for (const key of ['oneOf', 'anyOf']) {
    if (a[key] && b[key]) merged.allOf = [...(merged.allOf ?? []), { [key]: a[key] }];
  }
  if (merged.allOf?.length === 1 && (merged.oneOf || merged.anyOf)) {
    const other = merged.allOf[0];
    delete merged.allOf;
    return distribute(merged, other);
  }
  return merged;
}

/**
 * Joins two lists of alternatives into the list of their combinations.
 *
 * @param {Record<string, any>} schema
 * @param {Record<string, any>} other
 * @returns {Schema}
 */
function distribute(schema, other) {
  const key = schema.oneOf ? 'oneOf' : 'anyOf';
  const more = other.oneOf ?? other.anyOf;
  const combined = schema[key].flatMap((/** @type {Schema} */ one) =>
    more.map((/** @type {Schema} */ two) => ({ allOf: [one, two] })),
  );
  return { ...schema, [key]: combined };
}
