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
export declare const errorCodes: {
  /**
   * Temporary error of `data_shapes::AppError`: slow down, {0}
   *
   * Errors of other types are called `Busy`, too, and have other codes.
   */
  readonly "AppError.Busy": 1001;
  /** Disconnect of `data_shapes::AppError`: you are banned */
  readonly Banned: 4501;
  /** Error of `data_shapes::RoomError`: the room is full */
  readonly Full: 1002;
  /**
   * Nobody has this number. *\/ alert(1) /*
   *
   * Error of `data_shapes::AppError`: no such user
   */
  readonly NoSuchUser: 404;
  /**
   * Error of `data_shapes::RoomError`: too many calls
   *
   * Errors of other types are called `Busy`, too, and have other codes.
   */
  readonly "RoomError.Busy": 1003;
};

/**
 * Whether a call has failed with this error, by its code. It takes the contexts of the events `unsubscribed`, `disconnected` and
 * `connecting`, too.
 */
export declare function isError<Value, Name extends ErrorName>(
  error: Value,
  name: Name,
): error is Value & ErrorOf<Value, Name>;

/** Writes the name of a channel. It throws if a field does not fit the pattern. */
export declare function channelName<Name extends ChannelName>(name: Name, fields: Channels[Name]["fields"]): string;

/** Whether a publication of a server-side subscription is in a channel of this type. */
export declare function isPublication<Name extends ChannelName>(
  context: ServerPublicationContext,
  name: Name,
): context is TypedServerPublicationContext<Channels[Name]["publication"], Channels[Name]["info"]>;

/** The methods and channels of the backend, over a client of centrifuge-js. */
export declare class Api {
  /** The client. */
  readonly centrifuge: Centrifuge;
  /** The methods of the backend. */
  readonly rpc: Rpc;

  constructor(centrifuge: Centrifuge);

  /**
   * A room of the chat. *\/ alert(1) /*
   *
   * Makes a subscription to a channel `chat:{room}`.
   *
   * Errors: `AppError.Busy` (1001), `Banned` (4501), `Full` (1002), `NoSuchUser` (404), `RoomError.Busy` (1003).
   */
  chat(fields: { room: number | bigint }, options?: TypedOptions<SubscriptionOptions, Password, false>): TypedSubscription<Line, NewLine, Password, Line, Role>;

  /**
   * Two fields, and a name that is a word of TypeScript.
   *
   * Makes a subscription to a channel `files:{folder}-{path*}`.
   *
   * No handler takes publications of clients.
   */
  delete(fields: { folder: string; path: string }, options: TypedOptions<SubscriptionOptions, Password, true>): TypedSubscription<Internal, never, Password>;

  /**
   * A stream in both directions.
   *
   * Makes a subscription to a channel `loud:{topic}`.
   */
  loud(fields: { topic: string }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<Line, NewLine, never, Plain, Role>;

  /**
   * Makes a subscription to a channel `prices:{market}`.
   *
   * The type of the items is unknown: `data_shapes::WithoutSchema` does not implement `schemars::JsonSchema`.
   */
  prices(fields: { market: string }, options?: TypedOptions<SharedPollSubscriptionOptions, never, false>): TypedSharedPollSubscription<unknown, never>;

  /**
   * A channel without fields, whose name is that of a member.
   *
   * Makes a subscription to a channel `rpc:all`.
   *
   * It is called `rpc2`, because another member is called `rpc`.
   */
  rpc2(options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<number, number, never>;

  /** Makes a subscription to a channel `scores:{game}`. */
  scores(fields: { game: boolean }, options?: TypedOptions<MapSubscriptionOptions, never, false>): TypedMapSubscription<Plain, Plain, never>;

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription: Pick<Subscription, "channel" | "unsubscribe"> | null): void;
}
