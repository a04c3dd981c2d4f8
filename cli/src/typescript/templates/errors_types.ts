/** The name of an error or a disconnect of the backend. */
export type ErrorName = keyof typeof errorCodes;

/** What `isError` finds out about an error, or about the context of an event. */
export type ErrorOf<Value, Name extends ErrorName> = { readonly code: (typeof errorCodes)[Name] } & (Value extends {
  reason: string;
}
  ? { readonly reason: string }
  : { readonly message: string });

