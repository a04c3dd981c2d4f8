// Made by `cargo centrifugo client`. Run it again to change this file.
/* eslint-disable */

import type {
  Centrifuge,
  ClientInfo,
  ConnectedContext,
  HistoryOptions,
  HistoryResult,
  JoinContext,
  LeaveContext,
  MapEntry,
  MapSubscription,
  MapSubscriptionEvents,
  MapSubscriptionOptions,
  PresenceResult,
  PublicationContext,
  PublishResult,
  ServerPublicationContext,
  SharedPollSubscription,
  SharedPollSubscriptionEvents,
  SharedPollSubscriptionOptions,
  SubscribedContext,
  Subscription,
  SubscriptionEvents,
  SubscriptionOptions,
  TypedEventEmitter,
} from "centrifuge";

export type Adjacent =
  | { t: "Unit" }
  | { c: Plain; t: "Newtype" }
  | { c: [number, string]; t: "Tuple" }
  | { c: { a: number }; t: "Struct" };

/** What others see of a client. */
export interface Card {
  display_name: string;
}

export interface Duration {
  nanos: number;
  secs: number;
}

export interface Empty {
  [key: string]: unknown;
}

/** Tagged externally. */
export type External =
  /** A word. */
  | "Unit"
  | { Newtype: Plain }
  | { Tuple: [number, string] }
  | { Struct: { a: number } };

/**
 * Fields of all kinds.
 *
 * The second paragraph ends with *\/ alert(1) /* and goes on.
 */
export interface Fields {
  __proto__: boolean;
  after: Duration;
  anything: unknown;
  /** Format: date-time. */
  at: string;
  /** Encoding: base64. */
  base64: string;
  boolean: boolean;
  by_name: { [key: string]: Plain };
  by_number: { [key: string]: boolean };
  byte: number;
  bytes: number[];
  character: string;
  float: number;
  key: number[];
  large: number;
  left_out?: number | null;
  /** @deprecated */
  old: boolean | null;
  /** May be null. */
  optional: string | null;
  outcome: Result_of_uint32_or_string;
  pair: [number, string];
  "renamed-field": string;
  set: string[];
  text: string;
  triple: [number, number, number];
  type: string;
  unit: null;
  /**
   * Has a default.
   *
   * @default 10
   */
  with_default: number;
}

/**
 * Fields of all kinds.
 *
 * The second paragraph ends with *\/ alert(1) /* and goes on.
 */
export interface FieldsInput {
  __proto__: boolean;
  after: Duration;
  anything: unknown;
  /** Format: date-time. */
  at: string;
  /** Encoding: base64. */
  base64: string;
  boolean: boolean;
  by_name: { [key: string]: Plain };
  by_number: { [key: string]: boolean };
  byte: number;
  bytes: number[];
  character: string;
  float: number;
  key: number[];
  large: number;
  left_out?: number | null;
  /** @deprecated */
  old?: boolean | null;
  /** May be null. */
  optional?: string | null;
  outcome: Result_of_uint32_or_string;
  pair: [number, string];
  "renamed-field": string;
  set: string[];
  text: string;
  triple: [number, number, number];
  type: string;
  unit: null;
  /**
   * Has a default.
   *
   * @default 10
   */
  with_default?: number;
}

export type Flattened = { firstName: string; own: number } & (
  | { t: "Unit" }
  | { c: Plain; t: "Newtype" }
  | { c: [number, string]; t: "Tuple" }
  | { c: { a: number }; t: "Struct" });

export interface FlattenedMap {
  own: number;
  [key: string]: string | number;
}

/** Tagged internally. */
export type Internal =
  | { kind: "unit" }
  /** Has the fields of another type. */
  | ({ kind: "newtype" } & Plain)
  | {
    /** A number. */
    a: number;
    b: Internal | null;
    kind: "struct";
  };

/** Tagged internally. */
export type InternalInput =
  | { kind: "unit" }
  /** Has the fields of another type. */
  | ({ kind: "newtype" } & Plain)
  | {
    /** A number. */
    a: number;
    b?: InternalInput | null;
    kind: "struct";
  };

/** What the channel carries. */
export interface Line {
  /** Set by the handler. */
  by: string;
  text: string;
}

export interface Login {
  user: string;
}

/** What clients publish. */
export interface NewLine {
  text: string;
}

/**
 * Only another name for itself.
 *
 * This type is unknown: it is only another name for itself.
 */
export type Nothing = unknown;

/** Generic. */
export interface Page {
  items: Plain[];
  next: number | null;
}

/** Generic. */
export interface Page2 {
  items: Words[];
  next: number | null;
}

/** Generic. */
export interface Page2Input {
  items: Words[];
  next?: number | null;
}

/** Generic. */
export interface PageInput {
  items: Plain[];
  next?: number | null;
}

export interface Password {
  password: string;
}

export interface Plain {
  firstName: string;
}

/** Another type of the same name. */
export interface Plain2 {
  other: boolean;
}

/**
 * A name that TypeScript uses.
 *
 * The program calls this type `Promise`. The name is not free or no identifier in TypeScript.
 */
export interface Promise2 {
  kept: boolean;
}

export type Result_of_uint32_or_string = { Ok: number } | { Err: string };

/** What others see of a client in a room. */
export interface Role {
  is_moderator: boolean;
}

export interface Strict {
  only: number;
}

export interface Tree {
  children: Tree[];
  parent: Tree | null;
  value: number;
}

export interface TreeInput {
  children: TreeInput[];
  parent?: TreeInput | null;
  value: number;
}

export type UnitStruct = null;

export type Untagged = number | string | Untagged[];

export type Words = "one-word" | "two-words";

/** The program calls this type `class`. The name is not free or no identifier in TypeScript. */
export interface _class {
  students: number;
}

/** What the client sends when it connects: the option `data` of `new Centrifuge(..)`. */
export type ConnectData = Login;

/** The context of the client's event `connected`. `data` is what the backend sends with the connection. */
export interface TypedConnectedContext extends ConnectedContext {
  data?: Plain;
}

/** A value in the name of a channel or a method. */
export type PatternValue = string | number | bigint | boolean;

/** The methods of the backend. */
export interface Rpc {
  readonly __proto__: () => Promise<void>;
  /** Calls the method `any/*`. */
  readonly any: (parameters: { wildcard: PatternValue }) => Promise<void>;
  /**
   * The type of the data is unknown: bytes, whose format no Rust type describes.
   *
   * The type of the result is unknown: bytes, whose format no Rust type describes.
   */
  readonly bytes: (data: unknown) => Promise<unknown>;
  readonly delete: () => Promise<void>;
  readonly echo: {
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly adjacent: (data: Adjacent) => Promise<Adjacent>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly class: (data: _class) => Promise<_class>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly empty: (data: Empty) => Promise<Empty>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly external: (data: External) => Promise<External>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly fields: (data: FieldsInput) => Promise<Fields>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly flattened: (data: Flattened) => Promise<Flattened>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly flattened_map: (data: FlattenedMap) => Promise<FlattenedMap>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly internal: (data: InternalInput) => Promise<Internal>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly nothing: (data: Nothing) => Promise<Nothing>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly option: (data: Plain | null) => Promise<Plain | null>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly other: (data: Plain2) => Promise<Plain2>;
    readonly page: {
      /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
      readonly plain: (data: PageInput) => Promise<Page>;
      /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
      readonly words: (data: Page2Input) => Promise<Page2>;
    };
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly promise: (data: Promise2) => Promise<Promise2>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly strict: (data: Strict) => Promise<Strict>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly tree: (data: TreeInput) => Promise<Tree>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly unit_struct: (data: UnitStruct) => Promise<UnitStruct>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly untagged: (data: Untagged) => Promise<Untagged>;
    /**
     * The type of the data is unknown: `data_shapes::WithoutSchema` does not implement `schemars::JsonSchema`.
     *
     * The type of the result is unknown: `data_shapes::WithoutSchema` does not implement `schemars::JsonSchema`.
     *
     * Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003).
     */
    readonly "without-schema": (data: unknown) => Promise<unknown>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly words: (data: Words) => Promise<Words>;
    /** Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003). */
    readonly wrapper: (data: Plain[]) => Promise<Plain[]>;
  };
  /**
   * Calls the method `fail/{code}`.
   *
   * Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003).
   */
  readonly fail: (parameters: { code: PatternValue }) => Promise<void>;
  /** Calls the method `files/{folder}-{path*}`. */
  readonly files: (parameters: { folder: PatternValue; path: PatternValue }, data?: Plain) => Promise<[string, string]>;
  readonly "get-all": {
    readonly now: () => Promise<void>;
  };
  readonly new: () => Promise<void>;
  /** Nothing in, nothing out. *\/ alert(1) /* */
  readonly nothing: () => Promise<void>;
  readonly optional: (data?: Plain) => Promise<boolean>;
  readonly user: {
    /** A method that is a group, too. */
    (): Promise<string>;
    readonly name: () => Promise<string>;
  };
  /**
   * Calls the method `user/{id}`.
   *
   * Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003).
   *
   * It is called `user2` here, because another method is called `user`.
   */
  readonly user2: (parameters: { id: PatternValue }) => Promise<number>;
}

/** The channel types of the backend. */
export interface Channels {
  /** Channels `chat:{room}`. */
  Chat: {
    fields: { room: number | bigint };
    publication: Line;
    info: Role;
  };
  /** Channels `files:{folder}-{path*}`. */
  Delete: {
    fields: { folder: string; path: string };
    publication: Internal;
    info: unknown;
  };
  /** Channels `loud:{topic}`. */
  Loud: {
    fields: { topic: string };
    publication: Line;
    info: Role;
  };
  /** Channels `prices:{market}`. */
  Prices: {
    fields: { market: string };
    publication: unknown;
    info: unknown;
  };
  /** Channels `rpc:all`. */
  Rpc: {
    fields: {};
    publication: number;
    info: unknown;
  };
  /** Channels `scores:{game}`. */
  Scores: {
    fields: { game: boolean };
    publication: Plain;
    info: unknown;
  };
}

/** The name of a channel type. */
export type ChannelName = keyof Channels;

/** The options of a subscription. `data` is what the handler of the subscription takes. */
export type TypedOptions<Options, Data, IsRequired extends boolean> = Omit<Options, "data" | "getData"> &
  (IsRequired extends true ? { data: Data } : { data?: Data | undefined }) &
  ("getData" extends keyof Options ? { getData?: ((context: { channel: string }) => Promise<Data>) | null } : unknown);

/** A publication with its type, in the event of a server-side subscription. */
export interface TypedServerPublicationContext<Publication, ChanInfo = unknown> extends ServerPublicationContext {
  data: Publication;
  info?: TypedClientInfo<ChanInfo>;
}

/** Another client. `connInfo` is what the backend says about its connection, `chanInfo` about its subscription. */
export interface TypedClientInfo<ChanInfo = unknown> extends ClientInfo {
  connInfo?: Card;
  chanInfo?: ChanInfo;
}

/** A publication with its type. */
export interface TypedPublicationContext<Publication, ChanInfo = unknown> extends PublicationContext {
  data: Publication;
  info?: TypedClientInfo<ChanInfo>;
}

/** The context of the event `subscribed`. `data` is what the handler sends with the subscription. */
export interface TypedSubscribedContext<Reply = unknown> extends SubscribedContext {
  data?: Reply;
}

export interface TypedJoinContext<ChanInfo = unknown> extends JoinContext {
  info: TypedClientInfo<ChanInfo>;
}

export interface TypedLeaveContext<ChanInfo = unknown> extends LeaveContext {
  info: TypedClientInfo<ChanInfo>;
}

export interface TypedHistoryResult<Publication, ChanInfo = unknown> extends HistoryResult {
  publications: TypedPublicationContext<Publication, ChanInfo>[];
}

export interface TypedPresenceResult<ChanInfo = unknown> extends PresenceResult {
  clients: Record<string, TypedClientInfo<ChanInfo>>;
}

export type TypedSubscriptionEvents<Publication, Reply = unknown, ChanInfo = unknown> = Omit<
  SubscriptionEvents,
  "subscribed" | "publication" | "join" | "leave"
> & {
  subscribed: (context: TypedSubscribedContext<Reply>) => void;
  publication: (context: TypedPublicationContext<Publication, ChanInfo>) => void;
  join: (context: TypedJoinContext<ChanInfo>) => void;
  leave: (context: TypedLeaveContext<ChanInfo>) => void;
};

/**
 * A subscription of centrifuge-js whose channel carries `Publication`. Clients publish `Publish`, subscribe with `Data`, and then
 * receive `Reply`. `ChanInfo` is what the backend says about the subscription of a client.
 */
export interface TypedSubscription<Publication, Publish = never, Data = unknown, Reply = unknown, ChanInfo = unknown>
  extends Omit<
      Subscription,
      keyof TypedEventEmitter<SubscriptionEvents> | "publish" | "history" | "presence" | "setData"
    >,
    TypedEventEmitter<TypedSubscriptionEvents<Publication, Reply, ChanInfo>> {
  publish(data: Publish): Promise<PublishResult>;
  history(options: HistoryOptions): Promise<TypedHistoryResult<Publication, ChanInfo>>;
  presence(): Promise<TypedPresenceResult<ChanInfo>>;
  setData(data: Data): void;
}

/** The value of a key. */
export interface TypedMapEntry<Item, ChanInfo = unknown> extends MapEntry {
  data: Item;
  info?: TypedClientInfo<ChanInfo>;
}

/** A change of a key. The data of a key that is removed means nothing. */
export type TypedMapUpdate<Item, ChanInfo = unknown> =
  | (TypedMapEntry<Item, ChanInfo> & { removed?: false })
  | (TypedMapEntry<unknown, ChanInfo> & { removed: true });

export type TypedMapSubscriptionEvents<Item, ChanInfo = unknown> = Omit<MapSubscriptionEvents, "sync" | "update"> & {
  sync: (context: { entries: TypedMapEntry<Item, ChanInfo>[] }) => void;
  update: (context: TypedMapUpdate<Item, ChanInfo>) => void;
};

/**
 * A map subscription of centrifuge-js whose keys hold `Item`. Clients publish `Publish` and subscribe with `Data`. `ChanInfo` is
 * what the backend says about the subscription of a client.
 */
export interface TypedMapSubscription<Item, Publish = never, Data = unknown, ChanInfo = unknown>
  extends Omit<MapSubscription, keyof TypedEventEmitter<MapSubscriptionEvents> | "publish" | "setData">,
    TypedEventEmitter<TypedMapSubscriptionEvents<Item, ChanInfo>> {
  publish(key: string, data: Publish): Promise<PublishResult>;
  setData(data: Data): void;
}

/** A change of a key. */
export type TypedSharedPollUpdate<Item> = { channel: string; key: string; version?: number } & (
  | { data: Item; removed?: false }
  | { data: null; removed: true }
);

export type TypedSharedPollSubscriptionEvents<Item> = Omit<SharedPollSubscriptionEvents, "update"> & {
  update: (context: TypedSharedPollUpdate<Item>) => void;
};

/** A shared poll subscription of centrifuge-js whose keys hold `Item`. Clients subscribe with `Data`. */
export interface TypedSharedPollSubscription<Item, Data = unknown>
  extends Omit<SharedPollSubscription, keyof TypedEventEmitter<SharedPollSubscriptionEvents> | "setData">,
    TypedEventEmitter<TypedSharedPollSubscriptionEvents<Item>> {
  setData(data: Data): void;
}

/** The name of an error or a disconnect of the backend. */
export type ErrorName = keyof typeof errorCodes;

/** What `isError` finds out about an error, or about the context of an event. */
export type ErrorOf<Value, Name extends ErrorName> = { readonly code: (typeof errorCodes)[Name] } & (Value extends {
  reason: string;
}
  ? { readonly reason: string }
  : { readonly message: string });

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
} as const;

/**
 * Whether a call has failed with this error, by its code. It takes the contexts of the events `unsubscribed`, `disconnected` and
 * `connecting`, too.
 */
export function isError<Value, Name extends ErrorName>(error: Value, name: Name): error is Value & ErrorOf<Value, Name> {
  return typeof error === "object" && error !== null && "code" in error && error.code === errorCodes[name];
}

/** A part of a pattern: text, or a wildcard, which takes any character if `rest` is set. */
type Part = string | { readonly name: string; readonly rest?: boolean };

/** Writes a name. It throws if a value does not fit the pattern. */
function writePattern(what: string, parts: readonly Part[], values: { readonly [name: string]: unknown }): string {
  let text = "";
  const written: string[] = [];
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

function wildcardText(value: unknown): string | undefined {
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
function readPattern(parts: readonly Part[], text: string): string[] | undefined {
  const sources = parts.map((part) => {
    if (typeof part === "string") return part.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
    return part.rest ? "([^]+?)" : "([^:/.#]+?)";
  });
  return new RegExp(`^${sources.join("")}$`).exec(text)?.slice(1);
}

const patterns: { readonly [Name in ChannelName]: { readonly text: string; readonly parts: readonly Part[] } } = {
  Chat: { text: "chat:{room}", parts: ["chat:", { name: "room" }] },
  Delete: { text: "files:{folder}-{path*}", parts: ["files:", { name: "folder" }, "-", { name: "path", rest: true }] },
  Loud: { text: "loud:{topic}", parts: ["loud:", { name: "topic" }] },
  Prices: { text: "prices:{market}", parts: ["prices:", { name: "market" }] },
  Rpc: { text: "rpc:all", parts: ["rpc:all"] },
  Scores: { text: "scores:{game}", parts: ["scores:", { name: "game" }] },
};

/** Writes the name of a channel. It throws if a field does not fit the pattern. */
export function channelName<Name extends ChannelName>(name: Name, fields: Channels[Name]["fields"]): string {
  const { text, parts } = patterns[name];
  return writePattern(`the channel \`${text}\``, parts, fields);
}

/** Whether a publication of a server-side subscription is in a channel of this type. */
export function isPublication<Name extends ChannelName>(
  context: ServerPublicationContext,
  name: Name,
): context is TypedServerPublicationContext<Channels[Name]["publication"], Channels[Name]["info"]> {
  return readPattern(patterns[name].parts, context.channel) !== undefined;
}

type Call = (method: string, data: unknown) => Promise<any>;

/** Makes a method that is a group of methods, too. Some properties of functions, such as `name`, must be defined to be changed. */
function methodAndGroup<Method extends object, Group extends object>(method: Method, group: Group): Method & Group {
  for (const [name, value] of Object.entries(group)) Object.defineProperty(method, name, { value });
  return method as Method & Group;
}

const rpcMethods = (call: Call): Rpc => ({
  ["__proto__"]: async () => call("__proto__", null),
  any: async (parameters: { wildcard: PatternValue }) => call(writePattern("the method `any/*`", ["any/", { name: "wildcard", rest: true }], parameters), null),
  bytes: async (data: unknown) => call("bytes", data),
  delete: async () => call("delete", null),
  echo: {
    adjacent: async (data: Adjacent) => call("echo/adjacent", data),
    class: async (data: _class) => call("echo/class", data),
    empty: async (data: Empty) => call("echo/empty", data),
    external: async (data: External) => call("echo/external", data),
    fields: async (data: FieldsInput) => call("echo/fields", data),
    flattened: async (data: Flattened) => call("echo/flattened", data),
    flattened_map: async (data: FlattenedMap) => call("echo/flattened_map", data),
    internal: async (data: InternalInput) => call("echo/internal", data),
    nothing: async (data: Nothing) => call("echo/nothing", data),
    option: async (data: Plain | null) => call("echo/option", data),
    other: async (data: Plain2) => call("echo/other", data),
    page: {
      plain: async (data: PageInput) => call("echo/page.plain", data),
      words: async (data: Page2Input) => call("echo/page.words", data),
    },
    promise: async (data: Promise2) => call("echo/promise", data),
    strict: async (data: Strict) => call("echo/strict", data),
    tree: async (data: TreeInput) => call("echo/tree", data),
    unit_struct: async (data: UnitStruct) => call("echo/unit_struct", data),
    untagged: async (data: Untagged) => call("echo/untagged", data),
    "without-schema": async (data: unknown) => call("echo/without-schema", data),
    words: async (data: Words) => call("echo/words", data),
    wrapper: async (data: Plain[]) => call("echo/wrapper", data),
  },
  fail: async (parameters: { code: PatternValue }) => call(writePattern("the method `fail/{code}`", ["fail/", { name: "code" }], parameters), null),
  files: async (parameters: { folder: PatternValue; path: PatternValue }, data?: Plain) => call(writePattern("the method `files/{folder}-{path*}`", ["files/", { name: "folder" }, "-", { name: "path", rest: true }], parameters), data),
  "get-all": {
    now: async () => call("get-all:now", null),
  },
  new: async () => call("new", null),
  nothing: async () => call("nothing", null),
  optional: async (data?: Plain) => call("optional", data),
  user: methodAndGroup(async () => call("user", null), {
    name: async () => call("user/name", null),
  }),
  user2: async (parameters: { id: PatternValue }) => call(writePattern("the method `user/{id}`", ["user/", { name: "id" }], parameters), null),
});

/** The methods and channels of the backend, over a client of centrifuge-js. */
export class Api {
  /** The client. */
  readonly centrifuge: Centrifuge;
  /** The methods of the backend. */
  readonly rpc: Rpc;

  constructor(centrifuge: Centrifuge) {
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
  chat(fields: { room: number | bigint }, options?: TypedOptions<SubscriptionOptions, Password, false>): TypedSubscription<Line, NewLine, Password, Line, Role> {
    return this.centrifuge.newSubscription(channelName("Chat", fields), options) as never;
  }

  /**
   * Two fields, and a name that is a word of TypeScript.
   *
   * Makes a subscription to a channel `files:{folder}-{path*}`.
   *
   * No handler takes publications of clients.
   */
  delete(fields: { folder: string; path: string }, options: TypedOptions<SubscriptionOptions, Password, true>): TypedSubscription<Internal, never, Password> {
    return this.centrifuge.newSubscription(channelName("Delete", fields), options) as never;
  }

  /**
   * A stream in both directions.
   *
   * Makes a subscription to a channel `loud:{topic}`.
   */
  loud(fields: { topic: string }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<Line, NewLine, never, Plain, Role> {
    return this.centrifuge.newSubscription(channelName("Loud", fields), options) as never;
  }

  /**
   * Makes a subscription to a channel `prices:{market}`.
   *
   * The type of the items is unknown: `data_shapes::WithoutSchema` does not implement `schemars::JsonSchema`.
   */
  prices(fields: { market: string }, options?: TypedOptions<SharedPollSubscriptionOptions, never, false>): TypedSharedPollSubscription<unknown, never> {
    return this.centrifuge.newSharedPollSubscription(channelName("Prices", fields), options) as never;
  }

  /**
   * A channel without fields, whose name is that of a member.
   *
   * Makes a subscription to a channel `rpc:all`.
   *
   * It is called `rpc2`, because another member is called `rpc`.
   */
  rpc2(options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<number, number, never> {
    return this.centrifuge.newSubscription(channelName("Rpc", {}), options) as never;
  }

  /** Makes a subscription to a channel `scores:{game}`. */
  scores(fields: { game: boolean }, options?: TypedOptions<MapSubscriptionOptions, never, false>): TypedMapSubscription<Plain, Plain, never> {
    return this.centrifuge.newMapSubscription(channelName("Scores", fields), options) as never;
  }

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription: Pick<Subscription, "channel" | "unsubscribe"> | null): void {
    this.centrifuge.removeSubscription(subscription as Subscription | null);
  }
}
