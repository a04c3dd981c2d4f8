/** The value of a key. */
export interface TypedMapEntry<Item> extends MapEntry {
  data: Item;
  info?: TypedClientInfo;
}

/** A change of a key. The data of a key that is removed means nothing. */
export type TypedMapUpdate<Item> =
  | (TypedMapEntry<Item> & { removed?: false })
  | (TypedMapEntry<unknown> & { removed: true });

export type TypedMapSubscriptionEvents<Item> = Omit<MapSubscriptionEvents, "sync" | "update"> & {
  sync: (context: { entries: TypedMapEntry<Item>[] }) => void;
  update: (context: TypedMapUpdate<Item>) => void;
};

/** A map subscription of centrifuge-js whose keys hold `Item`. Clients publish `Publish` and subscribe with `Data`. */
export interface TypedMapSubscription<Item, Publish, Data>
  extends Omit<MapSubscription, keyof TypedEventEmitter<MapSubscriptionEvents> | "publish" | "setData">,
    TypedEventEmitter<TypedMapSubscriptionEvents<Item>> {
  publish(key: string, data: Publish): Promise<PublishResult>;
  setData(data: Data): void;
}

