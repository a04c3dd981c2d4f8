// Parses an AsyncAPI document. Prints the errors and warnings, and then what the parser has found in the document.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
// Severities: 0 error, 1 warning, 2 information, 3 hint. That AsyncAPI has a newer version is information.
for (const { severity, code, path, message } of diagnostics) {
  if (severity < 2) console.log(`${code} ${path.join(".")}: ${message}`);
}
if (document) {
  const operations = document.operations().all();
  const found = {
    channels: document.channels().all().map((channel) => channel.address()),
    receives: operations.filter((operation) => operation.isReceive()).length,
    sends: operations.filter((operation) => operation.isSend()).length,
    replies: operations.filter((operation) => operation.reply()).length,
    schemas: document.components().schemas().all().map((schema) => schema.id()),
  };
  console.log(JSON.stringify(found));
}
