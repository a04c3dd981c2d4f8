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

