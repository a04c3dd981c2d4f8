// Made by `cargo centrifugo client`. Run it again to change this file.
/* eslint-disable */

import type {
  Centrifuge,
  ClientInfo,
  HistoryOptions,
  HistoryResult,
  JoinContext,
  LeaveContext,
  PresenceResult,
  PublicationContext,
  PublishResult,
  ServerPublicationContext,
  SubscribedContext,
  Subscription,
  SubscriptionEvents,
  SubscriptionOptions,
  TypedEventEmitter,
} from "centrifuge";

/** What a client publishes. */
export interface Draft {
  text: string;
}

/** Whom to greet. */
export interface Greet {
  /** The name of somebody. */
  whom: string;
}

/** A greeting. */
export interface Greeting {
  text: string;
}

/** A line in a room. */
export interface Line {
  /** The user who wrote it. */
  by: string;
  text: string;
}

/** What the page sends when it connects. */
export interface Login {
  /** The name of the user. */
  name: string;
}

/** What the client sends when it connects: the option `data` of `new Centrifuge(..)`. */
export type ConnectData = Login;

/** A value in the name of a channel or a method. */
export type PatternValue = string | number | bigint | boolean;

/** The methods of the backend. */
export interface Rpc {
  /** Greets somebody on behalf of the user. */
  readonly greet: (data: Greet) => Promise<Greeting>;
}

/** The channel types of the backend. */
export interface Channels {
  /** Channels `room:{name}`. */
  Room: {
    fields: { name: string };
    publication: Line;
  };
}

/** The name of a channel type. */
export type ChannelName = keyof Channels;

/** The options of a subscription. `data` is what the handler of the subscription takes. */
export type TypedOptions<Options, Data, IsRequired extends boolean> = Omit<Options, "data" | "getData"> &
  (IsRequired extends true ? { data: Data } : { data?: Data | undefined }) &
  ("getData" extends keyof Options ? { getData?: ((context: { channel: string }) => Promise<Data>) | null } : unknown);

/** Another client. The backend does not describe what it says about a client. */
export interface TypedClientInfo extends ClientInfo {
  connInfo?: unknown;
  chanInfo?: unknown;
}

/** A publication with its type, in the event of a server-side subscription. */
export interface TypedServerPublicationContext<Publication> extends ServerPublicationContext {
  data: Publication;
  info?: TypedClientInfo;
}

/** A publication with its type. */
export interface TypedPublicationContext<Publication> extends PublicationContext {
  data: Publication;
  info?: TypedClientInfo;
}

export interface TypedSubscribedContext extends SubscribedContext {
  data?: unknown;
}

export interface TypedJoinContext extends JoinContext {
  info: TypedClientInfo;
}

export interface TypedLeaveContext extends LeaveContext {
  info: TypedClientInfo;
}

export interface TypedHistoryResult<Publication> extends HistoryResult {
  publications: TypedPublicationContext<Publication>[];
}

export interface TypedPresenceResult extends PresenceResult {
  clients: Record<string, TypedClientInfo>;
}

export type TypedSubscriptionEvents<Publication> = Omit<
  SubscriptionEvents,
  "subscribed" | "publication" | "join" | "leave"
> & {
  subscribed: (context: TypedSubscribedContext) => void;
  publication: (context: TypedPublicationContext<Publication>) => void;
  join: (context: TypedJoinContext) => void;
  leave: (context: TypedLeaveContext) => void;
};

/** A subscription of centrifuge-js whose channel carries `Publication`. Clients publish `Publish` and subscribe with `Data`. */
export interface TypedSubscription<Publication, Publish, Data>
  extends Omit<
      Subscription,
      keyof TypedEventEmitter<SubscriptionEvents> | "publish" | "history" | "presence" | "setData"
    >,
    TypedEventEmitter<TypedSubscriptionEvents<Publication>> {
  publish(data: Publish): Promise<PublishResult>;
  history(options: HistoryOptions): Promise<TypedHistoryResult<Publication>>;
  presence(): Promise<TypedPresenceResult>;
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
   * The line has no text.
   *
   * Error of `{{crate_name}}::error::AppError`: write something first
   */
  readonly EmptyLine: 1001;
  /**
   * The name is empty or too long.
   *
   * Error of `{{crate_name}}::error::AppError`: choose another name
   */
  readonly InvalidName: 1000;
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
): context is TypedServerPublicationContext<Channels[Name]["publication"]>;

/** The methods and channels of the backend, over a client of centrifuge-js. */
export declare class Api {
  /** The client. */
  readonly centrifuge: Centrifuge;
  /** The methods of the backend. */
  readonly rpc: Rpc;

  constructor(centrifuge: Centrifuge);

  /**
   * A room: its name, what is published to it, and its options in Centrifugo.
   *
   * Makes a subscription to a channel `room:{name}`.
   */
  room(fields: { name: string }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<Line, Draft, never>;

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription: Pick<Subscription, "channel" | "unsubscribe"> | null): void;
}
