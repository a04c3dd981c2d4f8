«/** A part of a pattern: text, or a wildcard, which takes any character if `rest` is set. */
type Part = string | { readonly name: string; readonly rest?: boolean };

»/** Writes a name. It throws if a value does not fit the pattern. */
function writePattern(what«: string», parts«: readonly Part[]», values«: { readonly [name: string]: unknown }»)«: string» {
  let text = "";
  const written«: string[]» = [];
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    const value = wildcardText(values[part.name]);
    const refused = part.rest ? null : /[:/.#]/.exec(value ?? "");
    const reason =
      value === undefined
        ? "it is missing, or no text, integer or boolean"
        : value === ""
          ? "it is empty"
          : refused && `\`${value}\` contains \`${refused[0]}\`, and a \`{${part.name}}\` none of \`: / . #\``;
    if (value === undefined || reason) {
      throw new TypeError(`\`${part.name}\` does not fit ${what}: ${reason}`);
    }
    text += value;
    written.push(value);
  }
  const read = readPattern(parts, text);
  if (!read || written.some((value, index) => value !== read[index])) {
    throw new TypeError(`the values do not fit ${what}: \`${text}\` would be read as other values`);
  }
  return text;
}

function wildcardText(value«: unknown»)«: string | undefined» {
  switch (typeof value) {
    case "string":
    case "bigint":
    case "boolean":
      return String(value);
    case "number":
      // Integers from 2^53 on are not exact.
      return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value)) ? String(value) : undefined;
    default:
      return undefined;
  }
}

/** Reads the values in a name, or returns `undefined` if it does not match the pattern. */
function readPattern(parts«: readonly Part[]», text«: string»)«: string[] | undefined» {
  const sources = parts.map((part) => {
    if (typeof part === "string") return part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    return part.rest ? "([^]+?)" : "([^:/.#]+?)";
  });
  return new RegExp(`^${sources.join("")}$`).exec(text)?.slice(1);
}

