/** A value in the name of a channel or a method. */
export type PatternValue = string | number | bigint | boolean;

