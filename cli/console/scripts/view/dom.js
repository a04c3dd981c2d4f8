// @ts-check
// Makes elements. Texts become text nodes and are never parsed as HTML.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Makes an element.
 *
 * A key `onX` is a listener; a boolean sets or leaves out the attribute; the others are attributes.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === 'value') /** @type {any} */ (element).value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...nodes(children));
  return element;
}

/** @param {(Child | Child[])[]} children */
function nodes(children) {
  return children
    .flat()
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Replaces what is in an element.
 *
 * @param {Element} element
 * @param {...(Child | Child[])} children
 */
export const fill = (element, ...children) => element.replaceChildren(...nodes(children));

/**
 * Returns the element with this id.
 *
 * @param {string} id
 * @returns {any}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no element ${id}`);
  return element;
}

/**
 * Returns a function that runs `update` before a frame, once for any number of calls.
 *
 * @param {() => void} update
 * @param {number} [interval_ms] The shortest time between two updates.
 */
export function oncePerFrame(update, interval_ms = 0) {
  let isScheduled = false;
  let last = -Infinity;
  const run = () =>
    requestAnimationFrame(() => {
      isScheduled = false;
      last = performance.now();
      update();
    });
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    const wait = last + interval_ms - performance.now();
    if (wait > 0) setTimeout(run, wait);
    else run();
  };
}

let ids = 0;
/** Returns an id that no other element has. */
export const freshId = () => `id-${(ids += 1)}`;
