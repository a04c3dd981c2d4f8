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

/** The information about a member in a room's presence. */
export interface Card {
  name: string;
}

/** The data that a client publishes. */
export interface Line {
  text: string;
}

/** The data of a connect: a name, and a secret that the browser generates. The first user of a name owns it. */
export interface Login {
  name: string;
  secret: string;
}

/** A publication in a personal channel. */
export interface Mention {
  by: string;
  room: string;
  text: string;
}

/** A stored message. */
export interface Message {
  /** In Unix seconds. */
  at: number;
  by: string;
  id: number;
  text: string;
}

/** Selects a page of messages. */
export interface MessageQuery {
  /** Only messages before this id. */
  before?: number | null;
}

/** A publication in a room's channel. */
export type Post = ({ kind: "message" } & Message) | { by: string; kind: "typing" } | { kind: "notice"; text: string };

/** The data of the reply. */
export interface Profile {
  is_moderator: boolean;
  name: string;
}

export interface RoomPassword {
  password: string;
}

/** A room in the list of the page. */
export interface RoomSummary {
  name: string;
  people: number;
  topic: string;
  wants_password: boolean;
}

/** What the client sends when it connects: the option `data` of `new Centrifuge(..)`. */
export type ConnectData = Login;

/** The context of the client's event `connected`. `data` is what the backend sends with the connection. */
export interface TypedConnectedContext extends ConnectedContext {
  data?: Profile;
}

/** A value in the name of a channel or a method. */
export type PatternValue = string | number | bigint | boolean;

/** The methods of the backend. */
export interface Rpc {
  /**
   * Bans the user: closes all connections, and refuses new ones and every event. A device with a token can connect until its
   * token expires, but every handler refuses it.
   *
   * Calls the method `ban/{name}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly ban: (parameters: { name: PatternValue }) => Promise<void>;
  readonly device: {
    /**
     * Returns a token that has all that the connect handler would reply: the user, its card and its personal channel.
     *
     * Errors: those of `chat::error::ChatError` in `errorCodes`.
     */
    readonly token: () => Promise<string>;
  };
  /**
   * Bans the user from one room. The user can't write there from now on, and leaves it at the next sub_refresh event.
   *
   * The page then subscribes again by itself and is refused with `ChatError::Expelled`. To end a subscription at once, call
   * `api.unsubscribe(user, channel)` as well.
   *
   * Calls the method `expel/{room}/{name}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly expel: (parameters: { room: PatternValue; name: PatternValue }) => Promise<void>;
  /**
   * Closes the user's connections. The user may reconnect at once.
   *
   * Calls the method `kick/{name}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly kick: (parameters: { name: PatternValue }) => Promise<void>;
  /**
   * Returns the profile to devices that connected with a token, because the connect handler does not run for them.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly me: () => Promise<Profile>;
  /**
   * Returns the newest selected messages, oldest first. The page calls this after it has subscribed, so that no message is
   * lost between the stored messages and the publications.
   *
   * Calls the method `messages/{room}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly messages: (parameters: { room: PatternValue }, data: MessageQuery) => Promise<Message[]>;
  /**
   * Lifts the ban from the room. The user enters it again by hand.
   *
   * Calls the method `readmit/{room}/{name}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly readmit: (parameters: { room: PatternValue; name: PatternValue }) => Promise<void>;
  /**
   * Returns all rooms with their number of users, from one batch of Centrifugo's presence statistics.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly rooms: () => Promise<RoomSummary[]>;
  /**
   * Publishes a typing notice, without adding it to the history of the channel.
   *
   * Calls the method `typing/{room}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly typing: (parameters: { room: PatternValue }) => Promise<void>;
  /**
   * Lifts the ban of the user.
   *
   * Calls the method `unban/{name}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  readonly unban: (parameters: { name: PatternValue }) => Promise<void>;
}

/** The channel types of the backend. */
export interface Channels {
  /** Channels `personal:{user}`. */
  PersonalChannel: {
    fields: { user: string };
    publication: Mention;
    info: unknown;
  };
  /** Channels `room:{room}`. */
  RoomChannel: {
    fields: { room: PatternValue };
    publication: Post;
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
  /** Error of `chat::error::ChatError`: a name has 2 to 20 letters, digits, - or _ */
  readonly BadName: 422;
  /** Error of `chat::error::ChatError`: a secret has 16 to 128 characters */
  readonly BadSecret: 423;
  /** Disconnect of `chat::error::ChatError`: you are banned */
  readonly Banned: 4503;
  /** Error of `chat::error::ChatError`: there is nothing in this message */
  readonly Empty: 1010;
  /** Error of `chat::error::ChatError`: a moderator expelled you from this room */
  readonly Expelled: 1005;
  /** Error of `chat::error::ChatError`: the room is full */
  readonly Full: 1001;
  /** Disconnect of `chat::error::ChatError`: log in again */
  readonly LoginAgain: 4001;
  /** Error of `chat::error::ChatError`: this room is for moderators */
  readonly ModeratorsOnly: 1003;
  /** Error of `chat::error::ChatError`: this name is taken */
  readonly NameTaken: 409;
  /** Error of `chat::error::ChatError`: there is nobody of this name, or it is a moderator */
  readonly NoSuchUser: 404;
  /** Error of `chat::error::ChatError`: this server can't link devices */
  readonly NoTokens: 1020;
  /** Error of `chat::error::ChatError`: you are not in this room */
  readonly NotInRoom: 1004;
  /** Error of `chat::error::ChatError`: only moderators may do this */
  readonly NotModerator: 403;
  /** Error of `chat::error::ChatError`: a message has at most 500 characters */
  readonly TooLong: 1011;
  /** Error of `chat::error::ChatError`: this is not the password */
  readonly WrongPassword: 1002;
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
   * The personal channel of a user.
   *
   * Makes a subscription to a channel `personal:{user}`.
   *
   * No handler takes publications of clients.
   */
  personalChannel(fields: { user: string }, options?: TypedOptions<SubscriptionOptions, never, false>): TypedSubscription<Mention, never, never>;

  /**
   * The channel of a room.
   *
   * Makes a subscription to a channel `room:{room}`.
   *
   * Errors: those of `chat::error::ChatError` in `errorCodes`.
   */
  roomChannel(fields: { room: PatternValue }, options?: TypedOptions<SubscriptionOptions, RoomPassword, false>): TypedSubscription<Post, Line, RoomPassword>;

  /** Ends a subscription, so that another one to its channel can be made. */
  removeSubscription(subscription: Pick<Subscription, "channel" | "unsubscribe"> | null): void;
}
