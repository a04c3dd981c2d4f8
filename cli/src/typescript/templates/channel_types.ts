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

