// What an editor makes of the schemas: it offers keys and values, shows what they mean, and puts mistakes where ddmc puts them.

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
// Everything is at hand, so nothing may be asked for.
const service = getLanguageService({ schemaRequestService: (uri) => Promise.reject(new Error(`asks for ${uri}`)) });

// The settings that docs/editors.md gives for VS Code; the schema that they name is the one of the repository.
const page = readFileSync(new URL("docs/editors.md", root), "utf8");
const [named] = JSON.parse(page.split("```json\n")[1].split("```")[0])["json.schemas"];
assert.ok(named.url.endsWith("/schemas/declarations.schema.json"));
service.configure({ validate: true, schemas: [{ uri: named.url, fileMatch: named.fileMatch, schema }] });

/** A document, with the place of a cursor where the text has a bar. */
function open(text) {
  const at = text.indexOf("|");
  const document = TextDocument.create("file:///repository/macos/deep/document.json", "json", 1, at < 0 ? text : text.replace("|", ""));
  return { document, json: service.parseJSONDocument(document), position: document.positionAt(Math.max(at, 0)) };
}

async function offered(text) {
  const { document, json, position } = open(text);
  const { items } = await service.doComplete(document, position, json);
  return new Map(items.map((item) => [item.label, item]));
}

async function shown(text) {
  const { document, json, position } = open(text);
  const hover = await service.doHover(document, position, json);
  // Markdown with every sign escaped: a person sees the words.
  return [hover?.contents].flat().map((content) => content?.value ?? content).join("\n").replaceAll("\\", "");
}

const settings = (payload) => `{ "Type": "${SETTINGS}", "Identifier": "com.example.a", "Payload": ${payload} }`;
const enforcement = (payload) => `{ "Type": "${ENFORCEMENT}", "Identifier": "com.example.a", "Payload": ${payload} }`;

test("policies are completed, and a typo in one is where ddmc puts it", async () => {
  const policies = JSON.parse(readFileSync(new URL("schemas/ddmc.policy.schema.json", root), "utf8"));
  const own = getLanguageService({ schemaRequestService: (uri) => Promise.reject(new Error(`asks for ${uri}`)) });
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

test("keys are offered where they belong, with what they mean", async () => {
  const top = await offered(`{ "Type": "${SETTINGS}", | }`);
  assert.deepEqual([...top.keys()].sort(), ["Identifier", "Payload", "ServerToken"]);
  const payload = await offered(settings("{ | }"));
  assert.deepEqual([...payload.keys()].sort(), [
    "AllowStandardUserOSUpdates", "AutomaticActions", "Beta", "Deferrals", "Notifications", "RapidSecurityResponse", "RecommendedCadence",
  ]);
  const deferrals = await offered(settings('{ "Deferrals": { | } }'));
  assert.ok(deferrals.has("MajorPeriodInDays") && !deferrals.has("RecommendedCadence"));
  const described = deferrals.get("MajorPeriodInDays").documentation;
  assert.match(described?.value ?? described, /How many days major updates are held back\./);
  assert.deepEqual([...(await offered(enforcement("{ | }"))).keys()].sort(), [
    "DetailsURL", "TargetBuildVersion", "TargetLocalDateTime", "TargetOSVersion",
  ]);
  const program = await offered(settings('{ "Beta": { "OfferPrograms": [ { | } ] } }'));
  assert.deepEqual([...program.keys()].sort(), ["Description", "Token"]);
});

test("values are offered, each with its meaning", async () => {
  const types = await offered('{ "Type": | }');
  assert.ok(types.has(`"${SETTINGS}"`) && types.has(`"${ENFORCEMENT}"`), [...types.keys()].join());
  const values = await offered(settings('{ "AutomaticActions": { "Download": | } }'));
  assert.deepEqual([...values.keys()].sort(), ['"Allowed"', '"AlwaysOff"', '"AlwaysOn"']);
  const meaning = values.get('"AlwaysOff"').documentation;
  assert.match(meaning?.value ?? meaning, /Always off; the user cannot turn it on\./);
  const booleans = await offered(settings('{ "Notifications": | }'));
  assert.ok(booleans.has("true") && booleans.has("false"), [...booleans.keys()].join());
  assert.ok((await offered(enforcement('{ "TargetOSVersion": | }'))).has('"26.1"'));
});

test("hovering shows what a key means, how it is combined, and where it exists", async () => {
  const text = await shown(settings('{ "Deferrals": { "Major|PeriodInDays": 30 } }'));
  assert.match(text, /How many days major updates are held back\./);
  assert.match(text, /the largest number counts/);
  assert.match(text, /Since macOS 15\.0 \(supervised\)/);
  const value = await shown(settings('{ "AutomaticActions": { "Download": "Always|Off" } }'));
  assert.match(value, /Always off; the user cannot turn it on\./);
  assert.match(await shown(enforcement('{ "TargetLocal|DateTime": "" }')), /in its own local time/);
});

/** The rules whose faults a schema can see; what else ddmc finds, the schema lists as its limits, or is no error. */
const VISIBLE = new Set([
  "beta-offer-beside-require", "beta-offer-while-off", "beta-require-without-always-on", "invalid-build-version", "invalid-details-url",
  "invalid-local-date-time", "invalid-os-version", "missing-key", "out-of-range", "unknown-key", "unknown-value", "wrong-type",
]);

function findings(text, name) {
  const program = fileURLToPath(new URL("target/debug/ddmc", root));
  const arguments_ = ["check", "--no-config", "--format", "json", "--stdin-filename", name, "-"];
  const { stdout } = spawnSync(program, arguments_, { input: text, encoding: "utf8" });
  return JSON.parse(stdout).findings;
}

test("mistakes are where ddmc puts them", async () => {
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
    for (const error of errors.filter((error) => VISIBLE.has(error.rule))) {
      const line = text.split("\n")[error.start.line - 1];
      // ddmc counts characters from 1, the protocol UTF-16 units from 0.
      const character = [...line].slice(0, error.start.column - 1).join("").length;
      const isThere = (problem) =>
        problem.range.start.line === error.start.line - 1 &&
        // An editor marks the key of the object that lacks one, on the line where it begins.
        (problem.range.start.character === character || error.rule === "missing-key");
      assert.ok(problems.some(isThere), `${name}: ${error.rule} ${error.pointer} ${JSON.stringify(error.start)}: ` +
        JSON.stringify(problems.map((problem) => [problem.range.start, problem.message])));
      seen.set(error.rule, (seen.get(error.rule) ?? 0) + 1);
    }
    const isFine = errors.length === 0;
    assert.ok(!isFine || problems.length === 0, `${name}: ${JSON.stringify(problems)}`);
  }
  for (const rule of ["missing-key", "out-of-range", "unknown-key", "unknown-value", "wrong-type", "invalid-os-version"]) {
    assert.ok(seen.get(rule) > 0, `${rule} was not seen`);
  }
});

test("right documents have no mistakes, and wrong ones are told in words", async () => {
  const folder = new URL("fixtures/ok/", root);
  // JSON Schema takes 30.0 for an integer, as ddmc and devices do, and this language server does not.
  const isTaken = (name) => name.endsWith(".json") && name !== "settings-whole-numbers.json";
  for (const name of readdirSync(folder).filter(isTaken)) {
    const text = readFileSync(new URL(name, folder), "utf8");
    const isWhole = [JSON.parse(text)].flat().every((document) => typeof document?.Type === "string");
    if (isWhole) {
      const { document, json } = open(text.replaceAll("|", "¦"));
      assert.deepEqual(await service.doValidation(document, json), [], name);
    }
  }
  const told = async (text) => {
    const { document, json } = open(text);
    return (await service.doValidation(document, json)).map((problem) => problem.message).join("\n");
  };
  assert.match(await told(settings('{ "AutomaticActions": { "Download": "On" } }')), /Valid values: "Allowed", "AlwaysOn", "AlwaysOff"/);
  assert.match(await told(settings('{ "Deferrals": { "MajorPeriodInDays": 120 } }')), /maximum of 90/);
  assert.match(await told(settings('{ "Deferrals": { "MajorPeriodInDays": "30" } }')), /Expected "integer"/);
  assert.match(await told(enforcement('{ "TargetOSVersion": "26", "TargetLocalDateTime": "2026-01-31T18:00:00" }')), /two or three numbers/);
  assert.match(await told(enforcement('{ "TargetOSVersion": "26.1", "TargetLocalDateTime": "2026-01-31T18:00:00Z" }')), /without a zone/);
});
