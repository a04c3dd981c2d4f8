/**
 * Whether a call has failed with this error, by its code. It takes the contexts of the events `unsubscribed`, `disconnected` and
 * `connecting`, too.
 */
export function isError«<Value, Name extends ErrorName>»(error«: Value», name«: Name»)«: error is Value & ErrorOf<Value, Name>» {
  return typeof error === "object" && error !== null && "code" in error && error.code === errorCodes[name];
}

