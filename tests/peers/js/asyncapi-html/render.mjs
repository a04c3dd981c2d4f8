// Renders an AsyncAPI document with the HTML template. Prints the text of the page.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Generator from "@asyncapi/generator";

const folder = mkdtempSync(join(tmpdir(), "asyncapi-html-"));
try {
  const generator = new Generator("@asyncapi/html-template", folder, { forceWrite: true, templateParams: { singleFile: true } });
  await generator.generateFromString(readFileSync(process.argv[2], "utf8"));
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const text = page.replace(/<(script|style).*?<\/\1>/gs, "").replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
  console.log(text);
} finally {
  rmSync(folder, { recursive: true });
}
