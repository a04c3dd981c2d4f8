// @ts-check
// The types of what the console's server sends. The file has no code.

/** @typedef {null | boolean | number | bigint | string | any[] | Record<string, any>} Json */
/** @typedef {boolean | Record<string, any>} Schema */
/** @typedef {Record<string, Schema>} Schemas */
/** @typedef {(string | number)[]} Path A place in a JSON value: keys and indexes. */

/** @typedef {{ type: string, optional: boolean, schema: Schema | null, note?: string }} DataType */

/**
 * @typedef {object} Handler
 * @property {string} event
 * @property {string | null} pattern
 * @property {string | null} channel
 * @property {string} handler
 * @property {string[]} takes
 * @property {string} returns
 * @property {string} file
 * @property {number} line
 * @property {string} docs
 * @property {number | null} timeout_ms
 * @property {string[]} needs
 * @property {DataType | null} data
 * @property {DataType | null} meta
 * @property {DataType | null} result
 * @property {DataType | null} publication
 * @property {DataType | null} item
 * @property {string[] | null} errors
 */

/**
 * @typedef {object} ChannelType
 * @property {string} name
 * @property {string} pattern
 * @property {string} prefix
 * @property {{ name: string, type: string, rest: boolean, after: string }[]} fields
 * @property {string} file
 * @property {number} line
 * @property {string} docs
 * @property {Record<string, any>} options
 * @property {DataType | null} publication
 * @property {DataType | null} item
 */

/**
 * @typedef {object} ErrorCase
 * @property {string} name
 * @property {string} docs
 * @property {'error' | 'disconnect' | 'internal' | 'transparent'} answer
 * @property {number | null} code
 * @property {string | null} message
 * @property {string | null} format
 * @property {boolean} temporary
 * @property {string | null} error
 */

/** @typedef {{ name: string, file: string, line: number, docs: string, cases: ErrorCase[] }} ErrorType */

/**
 * @typedef {object} Description
 * @property {number} version
 * @property {Handler[]} handlers
 * @property {ChannelType[]} channels
 * @property {ErrorType[] | null} errors
 * @property {Schemas | null} schemas
 * @property {string[]} features
 * @property {number} handler_timeout_ms
 */

/**
 * @typedef {object} Finding
 * @property {'error' | 'warning' | 'note'} level
 * @property {string | null} path
 * @property {string | null} place
 * @property {string} message
 * @property {string | null} help
 * @property {string | null} handler
 */

/** @typedef {'building' | 'failed' | 'starting' | 'ready' | 'stopped'} Phase */

/**
 * @typedef {object} State
 * @property {Phase} phase
 * @property {{ started_ms: number, duration_ms: number | null, ok: boolean | null, messages: string[] } | null} build
 * @property {{ message: string, place: string | null }[]} problems
 * @property {{ executable: string | null, pid: number | null, started_ms: number | null, restarts: number, address: string | null } | null} program
 * @property {{ running: boolean, version: string | null, url: string | null, problem: string | null, configuration: number } | null} centrifugo `configuration` counts the configurations.
 * @property {{ name: string, path: string } | null} project
 */

/** @typedef {'ok' | 'error' | 'disconnect' | 'failed' | 'refused' | 'timeout' | 'unknown'} Outcome `unknown`: the answer was too long to be copied. */

/**
 * @typedef {object} Event
 * @property {'event'} type
 * @property {number} id
 * @property {number} at_ms
 * @property {string} kind
 * @property {string | null} pattern
 * @property {string | null} handler
 * @property {string | null} channel
 * @property {string | null} method
 * @property {boolean} [two_way] Whether the stream was opened in both directions.
 * @property {string | null} user
 * @property {string | null} client
 * @property {string | null} transport
 * @property {string | null} protocol
 * @property {string | null} [key] The key of a map.
 * @property {Record<string, string[]> | null} headers
 * @property {Json} [data]
 * @property {Json} [meta]
 * @property {Outcome} outcome
 * @property {number | null} duration_us
 * @property {any} answer
 * @property {'console' | null} source
 */

/** @typedef {{ type: 'stream', id: number, at_ms: number, direction: 'to_client' | 'from_client' | 'end', data: Json, status: any }} StreamMessage */
/** @typedef {{ type: 'log', at_ms: number, level: string, text: string, event: number | null, outcome?: Outcome | null }} LogLine `outcome`: the line says how the event ended. */

/**
 * @typedef {object} Send
 * @property {string} kind
 * @property {string} [channel]
 * @property {string} [method]
 * @property {string} [user]
 * @property {string} [client]
 * @property {string} [transport]
 * @property {'json' | 'protobuf'} [protocol]
 * @property {Record<string, string>} [headers]
 * @property {Json} [meta]
 * @property {Json} [data]
 * @property {string} [token]
 * @property {string} [key] The key of map_publish and map_remove.
 * @property {boolean} [two_way] Opens a stream in both directions. The handler decides if it is missing.
 * @property {number} [timeout_ms]
 */

/** @typedef {{ path: string, text: string, variables: Record<string, string> }} Configuration What Centrifugo runs with, without secrets. The variables take precedence. */

/** @typedef {{ id: number | null, outcome: Outcome, duration_us: number | null, answer: any, log: { level: string, text: string }[] }} Answer */

export {};
