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

