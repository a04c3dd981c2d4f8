// What users write, with the client of `tests/worker/src/bin/data_shapes.rs`. It is compiled and never run. A line after
// `@ts-expect-error` must not compile.
import { Centrifuge } from 'centrifuge';
import { Api, channelName, errorCodes, isError, isPublication } from './api.js';
import type {
  Adjacent,
  Card,
  ConnectData,
  ErrorName,
  External,
  Fields,
  FieldsInput,
  Flattened,
  FlattenedMap,
  Internal,
  Line,
  NewLine,
  Nothing,
  Page2,
  Password,
  Plain,
  Promise2,
  Role,
  Tree,
  TypedClientInfo,
  TypedConnectedContext,
  TypedSubscription,
  Untagged,
  Words,
} from './api.js';

/** Compiles if both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

const data: ConnectData = { user: 'ann' };
const centrifuge = new Centrifuge('ws://localhost/', { data });
const api = new Api(centrifuge);
centrifuge.on('connected', ({ data }: TypedConnectedContext) => same<typeof data, Plain | undefined>(true));

// Enums, in serde's four ways of tagging.
export const external: External[] = ['Unit', { Newtype: { firstName: 'a' } }, { Tuple: [1, 'a'] }, { Struct: { a: 1 } }];
// @ts-expect-error a variant with data is no text
export const noExternal: External = 'Newtype';
export const adjacent: Adjacent[] = [{ t: 'Unit' }, { t: 'Newtype', c: { firstName: 'a' } }, { t: 'Tuple', c: [1, 'a'] }];
// @ts-expect-error the content of another variant
export const noAdjacent: Adjacent = { t: 'Tuple', c: { a: 1 } };
export const untagged: Untagged = [1, 'a', [2, ['b']]];
export const words: Words[] = ['one-word', 'two-words'];

export function internal(value: Internal): number | string | null {
  switch (value.kind) {
    case 'unit':
      return null;
    case 'newtype':
      return value.firstName;
    case 'struct':
      // @ts-expect-error the field of another variant
      value.firstName;
      return value.b ? internal(value.b) : value.a;
  }
}

// Options, defaults, maps, tuples, bytes, dates.
export async function fields(input: FieldsInput): Promise<Fields> {
  const output = await api.rpc.echo.fields(input);
  same<Fields, typeof output>(true);
  same<Fields['optional'], string | null>(true);
  same<FieldsInput['with_default'], number | undefined>(true);
  same<Fields['with_default'], number>(true);
  same<Fields['triple'], [number, number, number]>(true);
  same<Fields['at'], string>(true);
  same<Fields['bytes'], number[]>(true);
  same<Fields['unit'], null>(true);
  same<Fields['renamed-field'], string>(true);
  const byName: Plain | undefined = output.by_name['a'];
  const byNumber: boolean | undefined = output.by_number[1];
  const [first, second] = output.pair;
  same<[typeof first, typeof second], [number, string]>(true);
  return { ...output, anything: [byName, byNumber], proto: 1 } as Fields;
}
// @ts-expect-error fields are missing
await api.rpc.echo.fields({ boolean: true });

// Recursive and generic types, flattened fields, names that are not free.
export const tree: Tree = { value: 1, parent: null, children: [{ value: 2, parent: null, children: [] }] };
same<Nothing, unknown>(true);
export const page: Page2 = await api.rpc.echo.page.words({ items: ['one-word'] });
export const flattened: Flattened = { own: 1, firstName: 'a', t: 'Struct', c: { a: 1 } };
export const map: FlattenedMap = { own: 1, other: 'text' };
export const promise: Promise2 = await api.rpc.echo.promise({ kept: true });

// Methods.
same<Awaited<ReturnType<typeof api.rpc.nothing>>, void>(true);
same<Awaited<ReturnType<typeof api.rpc.bytes>>, unknown>(true);
await api.rpc.optional();
await api.rpc.optional({ firstName: 'a' });
// @ts-expect-error another type
await api.rpc.optional({ firstName: 1 });
// @ts-expect-error another name
await api.rpc.optional({ first_name: 'a' });
export const user: string = await api.rpc.user();
export const userName: string = await api.rpc.user.name();
export const userById: number = await api.rpc.user2({ id: 7n });
export const files: [string, string] = await api.rpc.files({ folder: 'a', path: 'b/c' }, { firstName: 'a' });
// @ts-expect-error a parameter is missing
await api.rpc.files({ folder: 'a' });
await api.rpc.delete();
await api.rpc.new();
await api.rpc['get-all'].now();
// @ts-expect-error no such method
await api.rpc.nobody();

// Subscriptions.
const chat = api.chat({ room: 1 }, { data: { password: 'x' }, recoverable: true });
export const sameChat: TypedSubscription<Line, NewLine> = chat;
same<typeof chat, TypedSubscription<Line, NewLine, Password, Line, Role>>(true);
chat
  .on('publication', ({ data, info, offset }) => {
    same<typeof data, Line>(true);
    same<typeof info, TypedClientInfo<Role> | undefined>(true);
    same<typeof offset, number | undefined>(true);
    // @ts-expect-error no such field
    data.txt;
  })
  .once('subscribed', ({ recovered, data }) => {
    same<typeof recovered, boolean>(true);
    same<typeof data, Line | undefined>(true);
  })
  .on('join', ({ info }) => {
    same<typeof info.connInfo, Card | undefined>(true);
    same<typeof info.chanInfo, Role | undefined>(true);
    // @ts-expect-error no such field in the info of the connection
    info.connInfo?.displayName;
    // @ts-expect-error no such field in the info of the subscription
    info.chanInfo?.isModerator;
    // @ts-expect-error a client may have no info
    info.connInfo.display_name;
  })
  .on('leave', ({ info }) => {
    same<typeof info, TypedClientInfo<Role>>(true);
  })
  .on('unsubscribed', (context) => {
    if (isError(context, 'Full')) {
      same<typeof context.code, 1002>(true);
      same<typeof context.reason, string>(true);
    }
  });
// @ts-expect-error no such event
chat.on('publications', () => {});
await chat.publish({ text: 'a' });
// @ts-expect-error clients publish another type
await chat.publish({ by: 'a' });
const history = await chat.history({ limit: 10 });
same<(typeof history.publications)[number]['data'], Line>(true);
same<(typeof history.publications)[number]['info'], TypedClientInfo<Role> | undefined>(true);
export const present = Object.values((await chat.presence()).clients).map(({ user, connInfo, chanInfo }) => {
  same<[typeof connInfo, typeof chanInfo], [Card | undefined, Role | undefined]>(true);
  // @ts-expect-error no such field in the info of the connection
  connInfo?.name;
  // @ts-expect-error no such field in the info of the subscription
  chanInfo?.display_name;
  return [user, connInfo?.display_name, chanInfo?.is_moderator];
});
chat.setData({ password: 'y' });
chat.subscribe();
await chat.ready();
api.removeSubscription(chat);
// @ts-expect-error another type of field
api.chat({ room: 'lobby' });
// @ts-expect-error no such field
api.chat({ rom: 1 });
// @ts-expect-error another type of data
api.chat({ room: 1 }, { data: { pass: 'x' } });
api.chat({ room: 2n }, { data: undefined, getData: async () => ({ password: 'x' }) });
// @ts-expect-error the handler needs data
api.delete({ folder: 'a', path: 'b' });
const watched = api.delete({ folder: 'a', path: 'b' }, { data: { password: 'x' } });
// @ts-expect-error no handler takes publications of clients
await watched.publish({ kind: 'unit' });
const all = api.rpc2();
await all.publish(7);
all.on('publication', ({ info }) => same<typeof info, TypedClientInfo | undefined>(true));
same<TypedClientInfo['connInfo'], Card | undefined>(true);
// A stream in both directions takes what its handler reads.
const loud = api.loud({ topic: 'a' });
same<typeof loud, TypedSubscription<Line, NewLine, never, Plain, Role>>(true);
await loud.publish({ text: 'a' });
// @ts-expect-error clients publish another type
await loud.publish({ by: 'a' });
const scores = api.scores({ game: true });
scores.on('sync', ({ entries }) => entries.map(({ key, data }) => key + data.firstName));
scores.on('update', (update) => {
  if (update.removed) same<typeof update.data, unknown>(true);
  else same<typeof update.data, Plain>(true);
  same<typeof update.info, TypedClientInfo | undefined>(true);
});
await scores.publish('key', { firstName: 'a' });
await scores.remove('key');
const prices = api.prices({ market: 'x' }, { getSignature: async ({ keys }) => ({ keys, signature: '' }) });
prices.track(['a']);
prices.on('update', ({ data, key }) => same<[typeof data, typeof key], [unknown, string]>(true));
api.removeSubscription(prices);

// Channels and server-side subscriptions.
export const channel: string = channelName('Delete', { folder: 'a', path: 'b' });
channelName('Rpc', {});
// @ts-expect-error no such channel type
channelName('Nobody', {});
// @ts-expect-error fields are missing
channelName('Chat', {});
centrifuge.on('publication', (context) => {
  if (isPublication(context, 'Chat')) {
    same<typeof context.data, Line>(true);
    same<typeof context.info, TypedClientInfo<Role> | undefined>(true);
  } else if (isPublication(context, 'Rpc')) same<typeof context.data, number>(true);
});

// Errors.
const name: ErrorName = 'RoomError.Busy';
same<(typeof errorCodes)[typeof name], 1003>(true);
try {
  await api.rpc.fail({ code: 404 });
} catch (error) {
  if (isError(error, 'NoSuchUser')) {
    same<typeof error.code, 404>(true);
    same<typeof error.message, string>(true);
  }
  // @ts-expect-error two error types have this case, with different codes
  isError(error, 'Busy');
}
