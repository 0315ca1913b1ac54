// How an editor uses the schemas: completion and hover work, and errors are at the same places as in ddmc.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import languageService from "vscode-json-languageservice";

const { TextDocument, getLanguageService } = languageService;
const root = new URL("../../", import.meta.url);
const SETTINGS = "com.apple.configuration.softwareupdate.settings";
const ENFORCEMENT = "com.apple.configuration.softwareupdate.enforcement.specific";
const schema = JSON.parse(readFileSync(new URL("schemas/declarations.schema.json", root), "utf8"));
// All schemas are local, so the service must not request any.
const service = getLanguageService({ schemaRequestService: (uri) => Promise.reject(new Error(`unexpected request for ${uri}`)) });

// The VS Code settings in docs/editors.md, with the schema of the repository.
const page = readFileSync(new URL("docs/editors.md", root), "utf8");
const [named] = JSON.parse(page.split("```json\n")[1].split("```")[0])["json.schemas"];
assert.ok(named.url.endsWith("/schemas/declarations.schema.json"));
service.configure({ validate: true, schemas: [{ uri: named.url, fileMatch: named.fileMatch, schema }] });

/** Opens a document; a bar in the text marks the cursor. */
function open(text) {
  const at = text.indexOf("|");
  const document = TextDocument.create("file:///repository/macos/deep/document.json", "json", 1, at < 0 ? text : text.replace("|", ""));
  return { document, json: service.parseJSONDocument(document), position: document.positionAt(Math.max(at, 0)) };
}

async function completions(text) {
  const { document, json, position } = open(text);
  const { items } = await service.doComplete(document, position, json);
  return new Map(items.map((item) => [item.label, item]));
}

async function hover(text) {
  const { document, json, position } = open(text);
  const result = await service.doHover(document, position, json);
  // Remove the escapes of the Markdown.
  return [result?.contents].flat().map((content) => content?.value ?? content).join("\n").replaceAll("\\", "");
}

const settings = (payload) => `{ "Type": "${SETTINGS}", "Identifier": "com.example.a", "Payload": ${payload} }`;
const enforcement = (payload) => `{ "Type": "${ENFORCEMENT}", "Identifier": "com.example.a", "Payload": ${payload} }`;

test("completes policies and reports typos where ddmc does", async () => {
  const policies = JSON.parse(readFileSync(new URL("schemas/ddmc.policy.schema.json", root), "utf8"));
  const own = getLanguageService({ schemaRequestService: (uri) => Promise.reject(new Error(`unexpected request for ${uri}`)) });
  own.configure({ validate: true, schemas: [{ uri: policies.$id, fileMatch: ["*.json"], schema: policies }] });
  const complete = async (text) => {
    const { document, position } = open(text);
    const { items } = await own.doComplete(document, position, own.parseJSONDocument(document));
    return items.map((item) => item.label);
  };
  assert.deepEqual((await complete("{ | }")).sort(), ["$schema", "message", "name", "on", "schema", "severity", "type"]);
  assert.ok((await complete('{ "schema": { "properties": { "Payload": { | } } } }')).includes("additionalProperties"));
  assert.deepEqual((await complete('{ "on": | }')).sort(), ['"declaration"', '"merged"']);

  const file = "fixtures/check/policies/policies/broken.json";
  const document = TextDocument.create("file:///policies/broken.json", "json", 1, readFileSync(new URL(file, root), "utf8"));
  const problems = await own.doValidation(document, own.parseJSONDocument(document));
  const lines = problems.map(({ range }) => document.getText(range));
  assert.deepEqual(lines.sort(), ['"https://example.com/beta.json"', '"maximun"', '"severty"']);

  const right = TextDocument.create("file:///policy.json", "json", 1, readFileSync(new URL("docs/examples/policy.json", root), "utf8"));
  assert.deepEqual(await own.doValidation(right, own.parseJSONDocument(right)), []);
});

test("completes keys where they belong, with their meaning", async () => {
  const top = await completions(`{ "Type": "${SETTINGS}", | }`);
  assert.deepEqual([...top.keys()].sort(), ["Identifier", "Payload", "ServerToken"]);
  const payload = await completions(settings("{ | }"));
  assert.deepEqual([...payload.keys()].sort(), [
    "AllowStandardUserOSUpdates", "AutomaticActions", "Beta", "Deferrals", "Notifications", "RapidSecurityResponse", "RecommendedCadence",
  ]);
  const deferrals = await completions(settings('{ "Deferrals": { | } }'));
  assert.ok(deferrals.has("MajorPeriodInDays") && !deferrals.has("RecommendedCadence"));
  const described = deferrals.get("MajorPeriodInDays").documentation;
  assert.match(described?.value ?? described, /How many days major updates are deferred\./);
  assert.deepEqual([...(await completions(enforcement("{ | }"))).keys()].sort(), [
    "DetailsURL", "TargetBuildVersion", "TargetLocalDateTime", "TargetOSVersion",
  ]);
  const program = await completions(settings('{ "Beta": { "OfferPrograms": [ { | } ] } }'));
  assert.deepEqual([...program.keys()].sort(), ["Description", "Token"]);
});

test("completes values with their meaning", async () => {
  const types = await completions('{ "Type": | }');
  // The labels of long names are cut off.
  const inserted = [...types.values()].map((item) => JSON.parse(item.insertText));
  assert.deepEqual(inserted.sort(), [...schema.$defs.type.enum].sort());
  const values = await completions(settings('{ "AutomaticActions": { "Download": | } }'));
  assert.deepEqual([...values.keys()].sort(), ['"Allowed"', '"AlwaysOff"', '"AlwaysOn"']);
  const meaning = values.get('"AlwaysOff"').documentation;
  assert.match(meaning?.value ?? meaning, /Always off; the user cannot turn it on\./);
  const booleans = await completions(settings('{ "Notifications": | }'));
  assert.ok(booleans.has("true") && booleans.has("false"), [...booleans.keys()].join());
  assert.ok((await completions(enforcement('{ "TargetOSVersion": | }'))).has('"26.1"'));
});

test("hover shows the meaning, the combine rule and the availability of a key", async () => {
  const text = await hover(settings('{ "Deferrals": { "Major|PeriodInDays": 30 } }'));
  assert.match(text, /How many days major updates are deferred\./);
  assert.match(text, /the largest number applies/);
  assert.match(text, /Since macOS 15\.0 \(supervised\)/);
  const value = await hover(settings('{ "AutomaticActions": { "Download": "Always|Off" } }'));
  assert.match(value, /Always off; the user cannot turn it on\./);
  assert.match(await hover(enforcement('{ "TargetLocal|DateTime": "" }')), /in its own local time/);
});

/** The rules that a schema can check. The other findings of ddmc are documented limits of the schema, or not errors. */
const IN_SCHEMA = new Set([
  "beta-offer-beside-require", "beta-offer-while-off", "beta-require-without-always-on", "invalid-build-version", "invalid-details-url",
  "invalid-local-date-time", "invalid-os-version", "missing-key", "out-of-range", "unknown-key", "unknown-value", "wrong-type",
]);

function findings(text, name) {
  const program = fileURLToPath(new URL("target/debug/ddmc", root));
  const arguments_ = ["check", "--no-config", "--format", "json", "--stdin-filename", name, "-"];
  const { stdout } = spawnSync(program, arguments_, { input: text, encoding: "utf8" });
  return JSON.parse(stdout).findings;
}

test("reports errors where ddmc does", async () => {
  const folder = new URL("fixtures/err/", root);
  const seen = new Map();
  for (const name of readdirSync(folder).filter((name) => name.endsWith(".json") && !name.includes("expected"))) {
    const text = readFileSync(new URL(name, folder), "utf8");
    let parsed;
    try {
      parsed = JSON.parse(text);
    } catch {
      continue;
    }
    const isWhole = [parsed].flat().every((document) => typeof document?.Type === "string" && document.Payload !== undefined);
    const { document, json } = open(text.replaceAll("|", "¦"));
    const errors = findings(text, name).filter((finding) => finding.severity === "error");
    if (!isWhole || errors.some((error) => error.rule === "unknown-type" || error.rule === "duplicate-key")) {
      continue;
    }
    const problems = await service.doValidation(document, json);
    // ddmc judges the value of a misspelled key as that of the key that was meant. A schema does not.
    const misspelled = errors.filter((error) => error.rule === "unknown-key").map((error) => error.pointer);
    const isMeant = ({ rule, pointer }) =>
      misspelled.some((key) => (pointer === key && rule !== "unknown-key") || pointer.startsWith(`${key}/`));
    for (const error of errors.filter((error) => IN_SCHEMA.has(error.rule) && !isMeant(error))) {
      const line = text.split("\n")[error.start.line - 1];
      // ddmc counts characters from 1, the protocol UTF-16 units from 0.
      const character = [...line].slice(0, error.start.column - 1).join("").length;
      const isThere = (problem) =>
        problem.range.start.line === error.start.line - 1 &&
        // For a missing key, an editor marks the key of the object, on the line where the object starts.
        (problem.range.start.character === character || error.rule === "missing-key");
      assert.ok(problems.some(isThere), `${name}: ${error.rule} ${error.pointer} ${JSON.stringify(error.start)}: ` +
        JSON.stringify(problems.map((problem) => [problem.range.start, problem.message])));
      seen.set(error.rule, (seen.get(error.rule) ?? 0) + 1);
    }
    const isFine = errors.length === 0;
    assert.ok(!isFine || problems.length === 0, `${name}: ${JSON.stringify(problems)}`);
  }
  for (const rule of ["missing-key", "out-of-range", "unknown-key", "unknown-value", "wrong-type", "invalid-os-version"]) {
    assert.ok(seen.get(rule) > 0, `no ${rule} in the fixtures`);
  }
});

test("accepts valid documents and explains invalid ones in words", async () => {
  const folder = new URL("fixtures/ok/", root);
  // JSON Schema, ddmc and devices accept 30.0 as an integer; this language server does not.
  const isTaken = (name) => name.endsWith(".json") && name !== "settings-whole-numbers.json";
  for (const name of readdirSync(folder).filter(isTaken)) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const isWhole = [JSON.parse(text)].flat().every((document) => typeof document?.Type === "string");
    if (isWhole) {
      const { document, json } = open(text.replaceAll("|", "¦"));
      assert.deepEqual(await service.doValidation(document, json), [], name);
    }
  }
  const messages = async (text) => {
    const { document, json } = open(text);
    return (await service.doValidation(document, json)).map((problem) => problem.message).join("\n");
  };
  assert.match(await messages(settings('{ "AutomaticActions": { "Download": "On" } }')), /Valid values: "Allowed", "AlwaysOn", "AlwaysOff"/);
  assert.match(await messages(settings('{ "Deferrals": { "MajorPeriodInDays": 120 } }')), /maximum of 90/);
  assert.match(await messages(settings('{ "Deferrals": { "MajorPeriodInDays": "30" } }')), /Expected "integer"/);
  assert.match(await messages(enforcement('{ "TargetOSVersion": "26", "TargetLocalDateTime": "2026-01-31T18:00:00" }')), /two or three numbers/);
  assert.match(await messages(enforcement('{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00Z" }')), /without a time zone/);
});

test("completes within a thousand declarations of all types, and names wrong types and keys in short", async () => {
  const kinds = schema.$defs.type.enum;
  const many = Array.from({ length: 1000 }, (_, at) => `{ "Type": "${kinds[at % kinds.length]}", "Identifier": "com.example.a${at}", "Payload": {} }`);
  many[500] = settings('{ "Deferrals": { | } }');
  assert.ok((await completions(`[${many.join(",\n")}]`)).has("MajorPeriodInDays"));

  const messages = async (text) => {
    const { document, json } = open(text);
    return (await service.doValidation(document, json)).map((problem) => problem.message);
  };
  const passcode = (payload) => `{ "Type": "com.apple.configuration.passcode.settings", "Identifier": "com.example.a", "Payload": ${payload} }`;
  assert.deepEqual(await messages(passcode('{ "MinimumLength": 8 }').replace("settings", "setting")), ["Apple's schema 27.2 does not define this type"]);
  assert.deepEqual(await messages(passcode('{ "MinimumLenght": 8 }')), ["Property MinimumLenght is not allowed."]);
  assert.deepEqual(await messages(passcode('{ "MinimumLength": 17 }')), ["Value is above the maximum of 16."]);
  assert.deepEqual(await messages(passcode("{}").replace("com.apple.configuration.passcode.settings", "${TYPE}")), []);
});
