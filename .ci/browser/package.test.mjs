// The npm package, installed in this folder: its answers are those of the command. `DDMC_PROGRAM` is the command, `DDMC_FIXTURES` the
// documents.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { applyFix, load } from "@ddmc/wasm";

const { DDMC_PROGRAM: program, DDMC_FIXTURES: fixtures } = process.env;
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

test("what is too large or too deep ends no later request", () => {
  const check = (text) => ddmc.check({ files: [{ name: "a.json", text }] }).summary.errors;
  for (const text of ["[".repeat(1_000_000), '{"a":'.repeat(1_000_000), "- ".repeat(1_000_000), "<a>".repeat(1_000_000)]) {
    assert.equal(check(text), 1);
  }
  assert.throws(() => check("[".repeat(400_000_000)), /needs too much memory/);
  assert.equal(check('{ "Deferrals": { "MajorPeriodInDays": 120 } }'), 1);
});
