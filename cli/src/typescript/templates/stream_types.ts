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

