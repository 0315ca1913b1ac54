// The npm package, installed in this folder: its answers are those of the command. `DDMC_PROGRAM` is the command, `DDMC_FIXTURES` the
// documents.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { applyFix, load } from "@ddmc/wasm";

const { DDMC_PROGRAM: program, DDMC_FIXTURES: fixtures } = process.env;
const here = fileURLToPath(new URL(".", import.meta.url));
const installed = join(here, "node_modules/@ddmc/wasm");
const ddmc = await load();

function command(...options) {
  const { stdout, error } = spawnSync(program, options, { cwd: fixtures, encoding: "utf8" });
  if (error) throw error;
  return stdout;
}

const documents = ["ok", "err", "fix", "legacy"].flatMap((folder) =>
  readdirSync(join(fixtures, folder))
    .filter((name) => !/\.(findings|fixed|unsafe)$/.test(name))
    .map((name) => `${folder}/${name}`),
);
const bytes = (name) => readFileSync(join(fixtures, name));

test("findings are those of the command", () => {
  assert.ok(documents.length >= 100);
  for (const name of documents) {
    const report = ddmc.check({ files: [{ name, text: bytes(name) }], targets: ["macOS=15.4"], as_of: "2026-01-01T00:00:00" });
    const options = ["--no-config", "--format", "json", "--target", "macOS=15.4", "--as-of", "2026-01-01T00:00:00"];
    assert.deepEqual(report, JSON.parse(command("check", ...options, name)), name);
  }
});

test("fixes are those of the command", () => {
  for (const name of documents.filter((name) => name.startsWith("fix/"))) {
    const [fixed] = ddmc.fix({ files: [{ name, text: bytes(name) }], unsafe: true }).files;
    const expected = readFileSync(join(fixtures, name.replace(/\.\w+$/, ".unsafe")), "utf8");
    assert.equal(fixed.text ?? bytes(name).toString(), expected, name);
  }
});

test("a single fix is applied", () => {
  const text = "\ufeff{ \"Deferrals\": { \"ä\": 1, \"majorPeriodInDays\": 30 } }";
  const { findings } = ddmc.check({ files: [{ name: "a.json", text }] });
  const { fix } = findings.find(({ pointer }) => pointer.endsWith("majorPeriodInDays"));
  assert.equal(applyFix(text, fix), text.replace("major", "Major"));
});

test("declarations are merged", () => {
  const names = ["a.json", "b.json"].map((name) => `merge/number-max/in/${name}`);
  const { text, merged } = ddmc.merge({ files: names.map((name) => ({ name, text: bytes(name) })) });
  assert.equal(text, command("merge", "--no-config", ...names));
  assert.deepEqual(merged, JSON.parse(command("merge", "--no-config", "--explain", "--format", "json", ...names)).merged);
});

test("pages are found, and near names suggested", () => {
  assert.equal(ddmc.explain("major period in days").title, "Deferrals.MajorPeriodInDays");
  assert.throws(() => ddmc.explain("out-of-rannge"), /did you mean out-of-range\?/);
  assert.throws(() => ddmc.check({ files: [], as_of: "noon" }), /^Error: as_of: /);
});

/** The names of all fields of an answer. */
function fields(value) {
  if (Array.isArray(value)) return value.flatMap(fields);
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, field]) => [name, ...(name === "value" ? [] : fields(field))]);
}

test("the types name every field of the answers", () => {
  const files = documents.filter((name) => name.startsWith("err/")).map((name) => ({ name, text: bytes(name) }));
  const names = ["a.json", "b.json"].map((name) => `merge/number-max/in/${name}`);
  const merged = ddmc.merge({ files: names.map((name) => ({ name, text: bytes(name) })) });
  const answers = [ddmc.check({ files }), ddmc.fix({ files }), merged, ddmc.explain("MajorPeriodInDays"), ddmc.explain("out-of-range")];
  const types = readFileSync(join(installed, "index.d.ts"), "utf8");
  const all = new Set(answers.flatMap(fields));
  assert.ok(all.size > 40, [...all].join(" "));
  for (const name of all) assert.match(types, new RegExp(`\\b${name}\\??: `), name);
});

test("the example in the README works, and the versions agree", () => {
  const [, example] = readFileSync(join(installed, "README.md"), "utf8").match(/```js\n(.*?)```/s);
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", example], { cwd: here, encoding: "utf8" });
  assert.equal(stderr, "");
  assert.match(stdout, /unknown key majorPeriodInDays.*\n.*"MajorPeriodInDays"/);
  const { version } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8"));
  assert.equal(version, ddmc.check({ files: [] }).tool.version);
});

test("what is too large or too deep ends no later request", () => {
  const check = (text) => ddmc.check({ files: [{ name: "a.json", text }] }).summary.errors;
  for (const text of ["[".repeat(1_000_000), '{"a":'.repeat(1_000_000), "- ".repeat(1_000_000), "<a>".repeat(1_000_000)]) {
    assert.ok(check(text) > 0);
  }
  assert.throws(() => check("[".repeat(100_000_000)), /needs too much memory/);
  assert.equal(check('{ "Deferrals": { "MajorPeriodInDays": 120 } }'), 1);
});
