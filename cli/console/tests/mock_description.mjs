// A description as programs print it, with types of every shape.

const type = (name, schema, optional = false) => ({ type: `shop::${name}`, optional, schema });
const reference = (name) => type(name, { $ref: `#/schemas/${name}` });
const handler = (event, pattern, name, more = {}) => ({
  event, pattern, channel: null, handler: `shop::${name}`, takes: [], returns: '()', file: 'src/main.rs', line: 10,
  docs: '', timeout_ms: null, needs: [], data: null, meta: null, result: null, publication: null, item: null, errors: [], ...more,
});

export const description = {
  version: 1,
  handlers: [
    handler('connect', null, 'connect', { docs: 'Turns the token of the client into a user.', takes: ['Json<Login>'], data: reference('Login'), returns: 'Result<reply::Connect, AppError>', errors: ['shop::AppError'] }),
    handler('refresh', null, 'refresh', { returns: 'reply::Refresh' }),
    handler('subscribe', 'chat:{room}', 'join', { channel: 'shop::Chat', docs: 'Lets members into a room.', takes: ['Chat', 'Scoped<Member>'], returns: 'Result<reply::Subscribe, AppError>', errors: ['shop::AppError'], line: 41, needs: ['connection_meta'], meta: reference('Tenant') }),
    handler('publish', 'chat:{room}', 'say', { channel: 'shop::Chat', docs: 'Trims a line before it is published.', takes: ['Chat', 'Json<Line>'], data: reference('LineInput'), publication: reference('Line'), returns: 'Result<reply::Publish<Line>, AppError>', errors: ['shop::AppError'], line: 52 }),
    handler('subscribe_stream', 'clock:{zone}', 'clock', { docs: 'Sends the time every second.', needs: ['client_stream'], line: 63 }),
    handler('rpc', 'order/create', 'create_order', { docs: 'Creates an order.\nThe stock is checked first.', takes: ['Json<Order>', 'UserId<i64>', 'State<Db>'], returns: 'Result<Json<Receipt>, AppError>', data: reference('Order'), result: reference('Receipt'), errors: ['shop::AppError'], line: 80, timeout_ms: 900 }),
    handler('rpc', 'user/get', 'get_user', { docs: 'Gets a user.', data: reference('Query'), returns: 'Result<Json<Profile>, AppError>', errors: ['shop::AppError'], line: 95 }),
    handler('rpc', 'echo', 'echo', { data: { type: 'centrifugo::Data', optional: false, schema: null, note: 'bytes, whose format no Rust type describes' }, line: 120 }),
    handler('rpc', 'slow', 'slow', { line: 130 }),
  ],
  channels: [
    { name: 'shop::Chat', pattern: 'chat:{room}', prefix: 'chat:', fields: [{ name: 'room', type: 'u32', rest: false, after: '' }], file: 'src/chat.rs', line: 7, docs: 'A room of the chat.', options: { history_size: 100, history_ttl: '1h', presence: true }, publication: reference('Line'), item: null },
  ],
  errors: [
    { name: 'shop::AppError', file: 'src/error.rs', line: 4, docs: 'What goes wrong.', cases: [
      { name: 'NoSuchUser', docs: 'Nobody has this number.', answer: 'error', code: 404, message: 'no such user', format: null, temporary: false, error: null },
      { name: 'Busy', docs: '', answer: 'error', code: 1001, message: null, format: 'slow down, {0}', temporary: true, error: null },
      { name: 'Banned', docs: '', answer: 'disconnect', code: 4501, message: 'banned', format: null, temporary: false, error: null },
      { name: 'Database', docs: '', answer: 'internal', code: 100, message: 'internal server error', format: null, temporary: true, error: null },
    ] },
  ],
  schemas: {
    Login: { type: 'object', properties: { token: { type: 'string' } }, required: ['token'] },
    Tenant: { type: 'object', properties: { tenant: { type: 'string' } }, required: ['tenant'] },
    Line: { type: 'object', description: 'A line of the chat.', properties: { text: { type: 'string' }, by: { type: 'string' } }, required: ['text', 'by'] },
    LineInput: { type: 'object', properties: { text: { type: 'string', minLength: 1 }, by: { type: 'string', default: '' } }, required: ['text'] },
    Query: { type: 'object', description: 'Which user to get.', properties: { id: { type: 'integer', format: 'uint64', minimum: 0, description: 'The number of the user.' }, filter: { anyOf: [{ $ref: '#/schemas/Filter' }, { type: 'null' }] } }, required: ['id'] },
    Filter: { oneOf: [
      { type: 'object', properties: { by: { type: 'string', const: 'name' }, is: { type: 'string' } }, required: ['by', 'is'] },
      { type: 'object', properties: { by: { type: 'string', const: 'not' }, filter: { $ref: '#/schemas/Filter' } }, required: ['by', 'filter'] },
    ] },
    Order: { type: 'object', description: 'What is ordered.', properties: {
      items: { type: 'array', minItems: 1, items: { $ref: '#/schemas/Item' }, description: 'At least one.' },
      priority: { $ref: '#/schemas/Priority' },
      gift: { type: 'boolean' },
      note: { type: ['string', 'null'], description: 'Printed on the parcel.' },
      labels: { type: 'object', additionalProperties: { type: 'string' } },
      payment: { $ref: '#/schemas/Payment' },
      place: { type: 'array', prefixItems: [{ type: 'number', format: 'double' }, { type: 'number', format: 'double' }], minItems: 2, maxItems: 2 },
    }, required: ['items', 'priority', 'gift', 'payment'] },
    Item: { type: 'object', properties: { article: { type: 'string', maxLength: 12 }, count: { type: 'integer', format: 'uint8', minimum: 0, maximum: 255 } }, required: ['article', 'count'] },
    Priority: { oneOf: [{ type: 'string', const: 'low', description: 'Within a week.' }, { type: 'string', const: 'high', description: 'Tomorrow.' }] },
    Payment: { oneOf: [
      { type: 'string', enum: ['cash'] },
      { type: 'object', properties: { card: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] } }, required: ['card'], additionalProperties: false },
      { type: 'object', properties: { voucher: { type: 'string' } }, required: ['voucher'], additionalProperties: false },
    ] },
    Receipt: { type: 'object', properties: { id: { type: 'integer', format: 'uint64', minimum: 0 }, total: { type: 'number', format: 'double' } }, required: ['id', 'total'] },
    Profile: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] },
  },
  features: ['api', 'grpc', 'schema'],
  handler_timeout_ms: 10000,
  endpoint: null,
  configuration: {},
};
