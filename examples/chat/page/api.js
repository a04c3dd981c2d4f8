// Made by `cargo centrifugo client`. Run it again to change this file.
/* eslint-disable */

/** The codes of the errors and disconnects of the backend. */
export const errorCodes = {
  /** Error of `chat::error::ChatError`: a name has 2 to 20 letters, digits, - or _ */
  BadName: 422,
  /** Error of `chat::error::ChatError`: a secret has 16 to 128 characters */
  BadSecret: 423,
  /** Disconnect of `chat::error::ChatError`: you are banned */
  Banned: 4503,
  /** Error of `chat::error::ChatError`: there is nothing in this message */
  Empty: 1010,
  /** Error of `chat::error::ChatError`: a moderator expelled you from this room */
  Expelled: 1005,
  /** Error of `chat::error::ChatError`: the room is full */
  Full: 1001,
  /** Disconnect of `chat::error::ChatError`: log in again */
  LoginAgain: 4001,
  /** Error of `chat::error::ChatError`: this room is for moderators */
  ModeratorsOnly: 1003,
  /** Error of `chat::error::ChatError`: this name is taken */
  NameTaken: 409,
  /** Error of `chat::error::ChatError`: there is nobody of this name, or it is a moderator */
  NoSuchUser: 404,
  /** Error of `chat::error::ChatError`: this server can't link devices */
  NoTokens: 1020,
  /** Error of `chat::error::ChatError`: you are not in this room */
  NotInRoom: 1004,
  /** Error of `chat::error::ChatError`: only moderators may do this */
  NotModerator: 403,
  /** Error of `chat::error::ChatError`: a message has at most 500 characters */
  TooLong: 1011,
  /** Error of `chat::error::ChatError`: this is not the password */
  WrongPassword: 1002,
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
  PersonalChannel: { text: "personal:{user}", parts: ["personal:", { name: "user" }] },
  RoomChannel: { text: "room:{room}", parts: ["room:", { name: "room" }] },
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
  ban: async (parameters) => call(writePattern("the method `ban/{name}`", ["ban/", { name: "name" }], parameters), null),
  device: {
    token: async () => call("device/token", null),
  },
  expel: async (parameters) => call(writePattern("the method `expel/{room}/{name}`", ["expel/", { name: "room" }, "/", { name: "name" }], parameters), null),
  kick: async (parameters) => call(writePattern("the method `kick/{name}`", ["kick/", { name: "name" }], parameters), null),
  me: async () => call("me", null),
  messages: async (parameters, data) => call(writePattern("the method `messages/{room}`", ["messages/", { name: "room" }], parameters), data),
  readmit: async (parameters) => call(writePattern("the method `readmit/{room}/{name}`", ["readmit/", { name: "room" }, "/", { name: "name" }], parameters), null),
  rooms: async () => call("rooms", null),
  typing: async (parameters) => call(writePattern("the method `typing/{room}`", ["typing/", { name: "room" }], parameters), null),
  unban: async (parameters) => call(writePattern("the method `unban/{name}`", ["unban/", { name: "name" }], parameters), null),
});

/** The methods and channels of the backend, over a client of centrifuge-js. */
export class Api {
  constructor(centrifuge) {
    this.centrifuge = centrifuge;
    this.rpc = rpcMethods(async (method, data) => (await centrifuge.rpc(method, data)).data);
  }

  /**
   * The personal channel of a user.
   *
   * Makes a subscription to a channel `personal:{user}`.
   *
   * No handler takes publications of clients.
   */
  personalChannel(fields, options) {
    return this.centrifuge.newSubscription(channelName("PersonalChannel", fields), options);
  }

  /**
   * The channel of a room.
   *
   * Makes a subscription to a channel `room:{room}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  roomChannel(fields, options) {
    return this.centrifuge.newSubscription(channelName("RoomChannel", fields), options);
  }

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription) {
    this.centrifuge.removeSubscription(subscription);
  }
}
