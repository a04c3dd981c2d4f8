// Made by `cargo centrifugo client`. Run it again to change this file.
/* eslint-disable */

/** The codes of the errors and disconnects of the backend. */
export const errorCodes = {
  /**
   * Temporary error of `data_shapes::AppError`: slow down, {0}
   *
   * Errors of other types are called `Busy`, too, and have other codes.
   */
  "AppError.Busy": 1001,
  /** Disconnect of `data_shapes::AppError`: you are banned */
  Banned: 4501,
  /** Error of `data_shapes::RoomError`: the room is full */
  Full: 1002,
  /**
   * Nobody has this number. *\/ alert(1) /*
   *
   * Error of `data_shapes::AppError`: no such user
   */
  NoSuchUser: 404,
  /**
   * Error of `data_shapes::RoomError`: too many calls
   *
   * Errors of other types are called `Busy`, too, and have other codes.
   */
  "RoomError.Busy": 1003,
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
  Chat: { text: "chat:{room}", parts: ["chat:", { name: "room" }] },
  Delete: { text: "files:{folder}-{path*}", parts: ["files:", { name: "folder" }, "-", { name: "path", rest: true }] },
  Loud: { text: "loud:{topic}", parts: ["loud:", { name: "topic" }] },
  Prices: { text: "prices:{market}", parts: ["prices:", { name: "market" }] },
  Rpc: { text: "rpc:all", parts: ["rpc:all"] },
  Scores: { text: "scores:{game}", parts: ["scores:", { name: "game" }] },
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

/** Makes a method that is a group of methods, too. Some properties of functions, such as `name`, must be defined to be changed. */
function methodAndGroup(method, group) {
  for (const [name, value] of Object.entries(group)) Object.defineProperty(method, name, { value });
  return method;
}

const rpcMethods = (call) => ({
  ["__proto__"]: async () => call("__proto__", null),
  any: async (parameters) => call(writePattern("the method `any/*`", ["any/", { name: "wildcard", rest: true }], parameters), null),
  bytes: async (data) => call("bytes", data),
  delete: async () => call("delete", null),
  echo: {
    adjacent: async (data) => call("echo/adjacent", data),
    class: async (data) => call("echo/class", data),
    empty: async (data) => call("echo/empty", data),
    external: async (data) => call("echo/external", data),
    fields: async (data) => call("echo/fields", data),
    flattened: async (data) => call("echo/flattened", data),
    flattened_map: async (data) => call("echo/flattened_map", data),
    internal: async (data) => call("echo/internal", data),
    nothing: async (data) => call("echo/nothing", data),
    option: async (data) => call("echo/option", data),
    other: async (data) => call("echo/other", data),
    page: {
      plain: async (data) => call("echo/page.plain", data),
      words: async (data) => call("echo/page.words", data),
    },
    promise: async (data) => call("echo/promise", data),
    strict: async (data) => call("echo/strict", data),
    tree: async (data) => call("echo/tree", data),
    unit_struct: async (data) => call("echo/unit_struct", data),
    untagged: async (data) => call("echo/untagged", data),
    "without-schema": async (data) => call("echo/without-schema", data),
    words: async (data) => call("echo/words", data),
    wrapper: async (data) => call("echo/wrapper", data),
  },
  fail: async (parameters) => call(writePattern("the method `fail/{code}`", ["fail/", { name: "code" }], parameters), null),
  files: async (parameters, data) => call(writePattern("the method `files/{folder}-{path*}`", ["files/", { name: "folder" }, "-", { name: "path", rest: true }], parameters), data),
  "get-all": {
    now: async () => call("get-all:now", null),
  },
  new: async () => call("new", null),
  nothing: async () => call("nothing", null),
  optional: async (data) => call("optional", data),
  user: methodAndGroup(async () => call("user", null), {
    name: async () => call("user/name", null),
  }),
  user2: async (parameters) => call(writePattern("the method `user/{id}`", ["user/", { name: "id" }], parameters), null),
});

/** The methods and channels of the backend, over a client of centrifuge-js. */
export class Api {
  constructor(centrifuge) {
    this.centrifuge = centrifuge;
    this.rpc = rpcMethods(async (method, data) => (await centrifuge.rpc(method, data)).data);
  }

  /**
   * A room of the chat. *\/ alert(1) /*
   *
   * Makes a subscription to a channel `chat:{room}`.
   *
   * Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003).
   */
  chat(fields, options) {
    return this.centrifuge.newSubscription(channelName("Chat", fields), options);
  }

  /**
   * Two fields, and a name that is a word of TypeScript.
   *
   * Makes a subscription to a channel `files:{folder}-{path*}`.
   *
   * No handler takes publications of clients.
   */
  delete(fields, options) {
    return this.centrifuge.newSubscription(channelName("Delete", fields), options);
  }

  /**
   * A stream in both directions.
   *
   * Makes a subscription to a channel `loud:{topic}`.
   */
  loud(fields, options) {
    return this.centrifuge.newSubscription(channelName("Loud", fields), options);
  }

  /**
   * Makes a subscription to a channel `prices:{market}`.
   *
   * The type of the items is unknown: `data_shapes::WithoutSchema` does not implement `schemars::JsonSchema`.
   */
  prices(fields, options) {
    return this.centrifuge.newSharedPollSubscription(channelName("Prices", fields), options);
  }

  /**
   * A channel without fields, whose name is that of a member.
   *
   * Makes a subscription to a channel `rpc:all`.
   *
   * It is called `rpc2`, because another member is called `rpc`.
   */
  rpc2(options) {
    return this.centrifuge.newSubscription(channelName("Rpc", {}), options);
  }

  /** Makes a subscription to a channel `scores:{game}`. */
  scores(fields, options) {
    return this.centrifuge.newMapSubscription(channelName("Scores", fields), options);
  }

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription) {
    this.centrifuge.removeSubscription(subscription);
  }
}
