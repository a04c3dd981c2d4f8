/** Writes the name of a channel. It throws if a field does not fit the pattern. */
export declare function channelName<Name extends ChannelName>(name: Name, fields: Channels[Name]["fields"]): string;

/** Whether a publication of a server-side subscription is in a channel of this type. */
export declare function isPublication<Name extends ChannelName>(
  context: ServerPublicationContext,
  name: Name,
): context is TypedServerPublicationContext<Channels[Name]["publication"], Channels[Name]["info"]>;

