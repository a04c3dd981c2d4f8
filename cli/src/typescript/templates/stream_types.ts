/** A publication with its type. */
export interface TypedPublicationContext<Publication> extends PublicationContext {
  data: Publication;
  info?: TypedClientInfo;
}

/** The context of the event `subscribed`. `data` is what the handler sends with the subscription. */
export interface TypedSubscribedContext<Reply = unknown> extends SubscribedContext {
  data?: Reply;
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

export type TypedSubscriptionEvents<Publication, Reply = unknown> = Omit<
  SubscriptionEvents,
  "subscribed" | "publication" | "join" | "leave"
> & {
  subscribed: (context: TypedSubscribedContext<Reply>) => void;
  publication: (context: TypedPublicationContext<Publication>) => void;
  join: (context: TypedJoinContext) => void;
  leave: (context: TypedLeaveContext) => void;
};

/**
 * A subscription of centrifuge-js whose channel carries `Publication`. Clients publish `Publish`, subscribe with `Data`, and then
 * receive `Reply`.
 */
export interface TypedSubscription<Publication, Publish = never, Data = unknown, Reply = unknown>
  extends Omit<
      Subscription,
      keyof TypedEventEmitter<SubscriptionEvents> | "publish" | "history" | "presence" | "setData"
    >,
    TypedEventEmitter<TypedSubscriptionEvents<Publication, Reply>> {
  publish(data: Publish): Promise<PublishResult>;
  history(options: HistoryOptions): Promise<TypedHistoryResult<Publication>>;
  presence(): Promise<TypedPresenceResult>;
  setData(data: Data): void;
}

