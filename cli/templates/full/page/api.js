// Made by `cargo centrifugo client`. Run it again to change this file.
/* eslint-disable */

/** The codes of the errors and disconnects of the backend. */
export const errorCodes = {
  /**
   * The line has no text.
   *
   * Error of `{{crate_name}}::error::AppError`: write something first
   */
  EmptyLine: 1001,
  /**
   * The name is empty or too long.
   *
   * Error of `{{crate_name}}::error::AppError`: choose another name
   */
  InvalidName: 1000,
};

/**
 * Whether a call has failed with this error, by its code. It takes the contexts of the events `unsubscribed`, `disconnected` and
 * `connecting`, too.
 */
export function isError(error, name) {
  return typeof error === "object" && error !== null && "code" in error && error.code === errorCodes[name];
}

/** Writes a name. It throws if a value does not fit the pattern. */
function writePattern(what, parts, values) {
  let text = "";
  const written = [];
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

function wildcardText(value) {
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
function readPattern(parts, text) {
  const sources = parts.map((part) => {
    if (typeof part === "string") return part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    return part.rest ? "([^]+?)" : "([^:/.#]+?)";
  });
  return new RegExp(`^${sources.join("")}$`).exec(text)?.slice(1);
}

const patterns = {
  Room: { text: "room:{name}", parts: ["room:", { name: "name" }] },
};

/** Writes the name of a channel. It throws if a field does not fit the pattern. */
export function channelName(name, fields) {
  const { text, parts } = patterns[name];
  return writePattern(`the channel \`${text}\``, parts, fields);
}

/** Whether a publication of a server-side subscription is in a channel of this type. */
export function isPublication(
  context,
  name,
) {
  return readPattern(patterns[name].parts, context.channel) !== undefined;
}

const rpcMethods = (call) => ({
  greet: async (data) => call("greet", data),
});

/** The methods and channels of the backend, over a client of centrifuge-js. */
export class Api {
  constructor(centrifuge) {
    this.centrifuge = centrifuge;
    this.rpc = rpcMethods(async (method, data) => (await centrifuge.rpc(method, data)).data);
  }

  /**
   * A room: its name, what is published to it, and its options in Centrifugo.
   *
   * Makes a subscription to a channel `room:{name}`.
   */
  room(fields, options) {
    return this.centrifuge.newSubscription(channelName("Room", fields), options);
  }

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription) {
    this.centrifuge.removeSubscription(subscription);
  }
}
