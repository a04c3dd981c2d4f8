/** Writes the name of a channel. It throws if a field does not fit the pattern. */
export function channelName«<Name extends ChannelName>»(name«: Name», fields«: Channels[Name]["fields"]»)«: string» {
  const { text, parts } = patterns[name];
  return writePattern(`the channel \`${text}\``, parts, fields);
}

/** Whether a publication of a server-side subscription is in a channel of this type. */
export function isPublication«<Name extends ChannelName>»(
  context«: ServerPublicationContext»,
  name«: Name»,
)«: context is TypedServerPublicationContext<Channels[Name]["publication"], Channels[Name]["info"]>» {
  return readPattern(patterns[name].parts, context.channel) !== undefined;
}

