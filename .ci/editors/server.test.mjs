// The language server, spoken to by the client library of Visual Studio Code.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { test } from "node:test";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentDiagnosticRequest,
  DocumentSymbolRequest,
  ExitNotification,
  HoverRequest,
  InitializeRequest,
  InitializedNotification,
  PrepareRenameRequest,
  PublishDiagnosticsNotification,
  ReferencesRequest,
  RegistrationRequest,
  RenameRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  createProtocolConnection,
} from "vscode-languageserver-protocol/node";

const program = fileURLToPath(new URL("../../target/debug/ddmc", import.meta.url));
const settings = (identifier, payload) =>
  `{\n  "Type": "com.apple.configuration.softwareupdate.settings",\n  "Identifier": "${identifier}",\n  "Payload": ${payload}\n}\n`;
const activation = '{\n  "Type": "com.apple.activation.simple",\n  "Identifier": "com.example.active",\n  "Payload": { "StandardConfigurations": ["com.example.a"] }\n}\n';

/** A server for a folder with files. */
async function start(files, textDocument, context) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "ddmc-")));
  const uri = (name) => pathToFileURL(join(folder, name)).href;
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const server = spawn(program, ["lsp", "--stdio"]);
  const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
  const published = new Map();
  const registered = [];
  connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => published.set(uri, diagnostics));
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => void registered.push(...registrations));
  connection.listen();
  const { capabilities } = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
    capabilities: {
      general: { positionEncodings: ["utf-16"] },
      workspace: { didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true } },
      textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ["markdown"] }, ...textDocument },
    },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  context.after(async () => {
    await connection.sendRequest(ShutdownRequest.type);
    const ended = new Promise((resolve) => server.on("exit", resolve));
    await connection.sendNotification(ExitNotification.type);
    assert.equal(await ended, 0);
    connection.dispose();
    rmSync(folder, { recursive: true });
  });
  const open = (name, text) =>
    connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri: uri(name), languageId: "json", version: 1, text } });
  return { connection, capabilities, published, registered, uri, open };
}

test("opens, edits, completes, fixes and renames", async (context) => {
  const { connection, capabilities, published, registered, uri, open } = await start({ "active.json": activation }, {}, context);
  assert.equal(capabilities.positionEncoding, "utf-16");
  const textDocument = { uri: uri("a.json") };
  await open("a.json", settings("com.example.a", '{ "notifications": true }'));
  const symbols = await connection.sendRequest(DocumentSymbolRequest.type, { textDocument });
  assert.equal(symbols[0].name, "com.example.a");
  assert.deepEqual(registered.map(({ method }) => method), ["workspace/didChangeWatchedFiles"]);
  assert.equal(published.get(textDocument.uri)[0].code, "unknown-key");
  assert.deepEqual(published.get(textDocument.uri)[0].range, { start: { line: 3, character: 15 }, end: { line: 3, character: 30 } });
  const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 40 } };
  const actions = await connection.sendRequest(CodeActionRequest.type, { textDocument, range, context: { diagnostics: [] } });
  const preferred = actions.find(({ isPreferred }) => isPreferred);
  assert.deepEqual(preferred.edit.documentChanges[0].edits, [{ range: published.get(textDocument.uri)[0].range, newText: '"Notifications"' }]);
  await connection.sendNotification(DidChangeTextDocumentNotification.type, {
    textDocument: { ...textDocument, version: 2 },
    contentChanges: preferred.edit.documentChanges[0].edits.map(({ range, newText: text }) => ({ range, text })),
  });
  const position = { line: 3, character: 20 };
  const hover = await connection.sendRequest(HoverRequest.type, { textDocument, position });
  assert.match(hover.contents.value, /^# Notifications/);
  assert.deepEqual(published.get(textDocument.uri), []);
  const { items } = await connection.sendRequest(CompletionRequest.type, { textDocument, position: { line: 3, character: 14 } });
  assert.ok(items.some(({ label }) => label === "Deferrals"));
  const identifier = { textDocument, position: { line: 2, character: 22 } };
  const { placeholder } = await connection.sendRequest(PrepareRenameRequest.type, identifier);
  assert.equal(placeholder, "com.example.a");
  const edit = await connection.sendRequest(RenameRequest.type, { ...identifier, newName: "com.example.b" });
  assert.deepEqual(edit.documentChanges.map(({ textDocument: { uri } }) => uri).sort(), [uri("a.json"), uri("active.json")]);
  await assert.rejects(connection.sendRequest(RenameRequest.type, { ...identifier, newName: "" }), /the new identifier/);
  const references = await connection.sendRequest(ReferencesRequest.type, { ...identifier, context: { includeDeclaration: false } });
  assert.deepEqual(references.map(({ uri }) => uri), [uri("active.json")]);
  const [definition] = await connection.sendRequest(DefinitionRequest.type, identifier);
  assert.equal(definition.uri, textDocument.uri);
});

test("answers a client that asks for diagnostics", async (context) => {
  const { connection, capabilities, published, uri, open } = await start({}, { diagnostic: {} }, context);
  assert.equal(capabilities.diagnosticProvider.interFileDependencies, true);
  await open("a.json", settings("com.example.a", '{ "Nonsense": true }'));
  const report = await connection.sendRequest(DocumentDiagnosticRequest.type, { textDocument: { uri: uri("a.json") } });
  assert.deepEqual(report.items.map(({ code }) => code), ["unknown-key"]);
  assert.equal(published.size, 0);
});
