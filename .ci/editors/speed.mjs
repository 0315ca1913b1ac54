// Compares `ddmc lsp` with vscode-json-languageservice: from an edit of one document in a folder with 1,000 declarations to its
// diagnostics, against the validation of the same document with the published schema, which needs no other process. The round
// trip of a message through `cat` is what any server takes. Usage: node speed.mjs PROGRAM

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import languageService from "vscode-json-languageservice";

const { TextDocument, getLanguageService } = languageService;
const EDITS = 200;
const program = process.argv[2];

const settings = (name, days) =>
  `{\n  "Type": "com.apple.configuration.softwareupdate.settings",\n  "Identifier": "com.example.${name}",\n  "Payload": {\n    "Deferrals": { "MajorPeriodInDays": ${days} },\n    "AutomaticActions": { "Download": "AlwaysOn" }\n  }\n}\n`;
const array = (days) => `[\n${Array.from({ length: 300 }, (_, at) => settings(`item${at}`, at === 150 ? days : 7)).join(",\n")}\n]\n`;
const activation = (names) =>
  `{ "Type": "com.apple.activation.simple", "Identifier": "com.example.active", "Payload": { "StandardConfigurations": ${JSON.stringify(names)} } }\n`;

const median = (times) => times.toSorted((one, other) => one - other)[times.length >> 1];

/** Speaks the protocol with as little work as possible. */
function connect(folder) {
  const server = spawn(program, ["lsp"]);
  let buffer = Buffer.alloc(0);
  let take = () => {};
  server.stdout.on("data", (data) => {
    buffer = Buffer.concat([buffer, data]);
    for (;;) {
      const head = buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/Content-Length: (\d+)/.exec(buffer.subarray(0, head))[1]);
      if (buffer.length < head + 4 + length) return;
      const text = buffer.subarray(head + 4, head + 4 + length).toString();
      buffer = buffer.subarray(head + 4 + length);
      take(text);
    }
  });
  const send = (message) => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const until = (found) => new Promise((resolve) => (take = (text) => found(text) && resolve(text)));
  return { server, send, until };
}

async function server(others, text) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ddmc-")));
  others.forEach((other, at) => writeFileSync(join(folder, `${at}.json`), other));
  const { server, send, until } = connect(folder);
  const answered = until((message) => message.includes('"result"'));
  send({ id: 1, method: "initialize", params: { capabilities: {}, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "x" }] } });
  await answered;
  send({ method: "initialized", params: {} });
  const uri = pathToFileURL(join(folder, "edited.json")).href;
  const published = () => until((message) => message.includes("publishDiagnostics") && message.includes('"version"'));
  let done = published();
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "json", version: 1, text: text(1) } } });
  await done;
  const place = (all, at) => {
    const before = all.slice(0, at).split("\n");
    return { line: before.length - 1, character: before.at(-1).length };
  };
  const times = [];
  for (let edit = 2; edit < EDITS + 2; edit++) {
    const old = text(edit - 1);
    const at = old.indexOf(`: ${edit - 1} }`) + 2;
    const range = { start: place(old, at), end: place(old, at + String(edit - 1).length) };
    done = published();
    const start = performance.now();
    send({ method: "textDocument/didChange", params: { textDocument: { uri, version: edit }, contentChanges: [{ range, text: String(edit) }] } });
    await done;
    times.push(performance.now() - start);
  }
  const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
  server.kill();
  rmSync(folder, { recursive: true });
  return { time: median(times), mebibytes: Number(/VmHWM:\s+(\d+)/.exec(status)[1]) / 1024 };
}

/** Sends a message of 400 bytes, as long as an edit, through a process that does nothing. */
async function echo() {
  const cat = spawn("cat");
  const message = "x".repeat(400);
  const times = [];
  for (let edit = 0; edit < EDITS; edit++) {
    let left = message.length;
    const done = new Promise((resolve) => cat.stdout.on("data", (data) => (left -= data.length) === 0 && resolve()));
    const start = performance.now();
    cat.stdin.write(message);
    await done;
    times.push(performance.now() - start);
    cat.stdout.removeAllListeners("data");
  }
  cat.kill();
  return median(times);
}

async function validator(text) {
  const schema = JSON.parse(readFileSync(new URL("../../schemas/declarations.schema.json", import.meta.url), "utf8"));
  const service = getLanguageService({ schemaRequestService: (uri) => Promise.reject(new Error(uri)) });
  service.configure({ validate: true, schemas: [{ uri: "x:/schema", fileMatch: ["*.json"], schema }] });
  const times = [];
  for (let edit = 2; edit < EDITS + 2; edit++) {
    const document = TextDocument.create("file:///edited.json", "json", edit, text(edit));
    const start = performance.now();
    await service.doValidation(document, service.parseJSONDocument(document));
    times.push(performance.now() - start);
  }
  return median(times);
}

const apart = Array.from({ length: 1000 }, (_, at) => settings(`other${at}`, 7));
const together = [...apart.slice(1), activation([...apart.slice(1).map((_, at) => `com.example.other${at + 1}`), "com.example.edited"])];
const milliseconds = (number) => number.toFixed(3);
console.log(`a message through cat: ${milliseconds(await echo())} ms`);
for (const [name, others, text] of [
  ["one declaration", apart, (days) => settings("edited", days)],
  ["one declaration, all active together", together, (days) => settings("edited", days)],
  ["an array of 300", apart.slice(300), array],
]) {
  const [{ time, mebibytes }, other] = [await server(others, text), await validator(text)];
  console.log(`${name}: ${milliseconds(time)} ms against ${milliseconds(other)} ms: ${(time / other).toFixed(2)}; ${mebibytes.toFixed(1)} MiB`);
}
