/** A change of a key. */
export type TypedSharedPollUpdate<Item> = { channel: string; key: string; version?: number } & (
  | { data: Item; removed?: false }
  | { data: null; removed: true }
);

export type TypedSharedPollSubscriptionEvents<Item> = Omit<SharedPollSubscriptionEvents, "update"> & {
  update: (context: TypedSharedPollUpdate<Item>) => void;
};

/** A shared poll subscription of centrifuge-js whose keys hold `Item`. Clients subscribe with `Data`. */
export interface TypedSharedPollSubscription<Item, Data>
  extends Omit<SharedPollSubscription, keyof TypedEventEmitter<SharedPollSubscriptionEvents> | "setData">,
    TypedEventEmitter<TypedSharedPollSubscriptionEvents<Item>> {
  setData(data: Data): void;
}

