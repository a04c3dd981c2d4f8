// @ts-check
// The ranges of Rust's integers, which schemars names as formats.

/** @type {Record<string, [bigint, bigint]>} */
const ranges = {};
for (const bits of [8, 16, 32, 64, 128]) {
  const size = 1n << BigInt(bits);
  ranges[`uint${bits}`] = [0n, size - 1n];
  ranges[`int${bits}`] = [-size / 2n, size / 2n - 1n];
}
ranges.uint = ranges.uint64;
ranges.int = ranges.int64;

/**
 * Returns the smallest and the largest integer of a format.
 *
 * @param {string | undefined} format
 * @returns {[bigint, bigint] | null}
 */
export const integerRange = (format) => (format !== undefined && Object.hasOwn(ranges, format) ? ranges[format] : null);
