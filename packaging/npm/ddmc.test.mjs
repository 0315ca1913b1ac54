// Tests the launcher with programs that are scripts, so not on Windows: node --test packaging/npm/ddmc.test.mjs
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const platforms = JSON.parse(readFileSync(join(here, "platforms.json"), "utf8"));
const mine = platforms.find(({ os, cpu }) => os === process.platform && cpu === process.arch);
const scratch = mkdtempSync(join(tmpdir(), "ddmc-npm-"));
after(() => rmSync(scratch, { recursive: true }));

// Lay the packages out as npm does.
const program = join(scratch, "program");
writeFileSync(
  program,
  `#!/bin/sh
case $1 in
  exit) exit $2 ;;
  kill) kill -$2 $$ ;;
  wait) trap 'echo stopped; exit 7' TERM; echo ready; for each in $(seq 300); do sleep 0.1; done ;;
  *) printf '%s|' "$@"; cat ;;
esac
`,
  { mode: 0o755 },
);
execFileSync("node", [join(here, "build.mjs"), join(scratch, "made"), `${mine.target}=${program}`]);
const modules = join(scratch, "node_modules");
mkdirSync(join(modules, "@ddmc"), { recursive: true });
renameSync(join(scratch, "made/ddmc"), join(modules, "ddmc"));
renameSync(join(scratch, `made/ddmc-${mine.os}-${mine.cpu}`), join(modules, `@ddmc/${mine.os}-${mine.cpu}`));
mkdirSync(join(modules, ".bin"));
symlinkSync("../ddmc/ddmc.js", join(modules, ".bin/ddmc"));
const launcher = join(modules, ".bin/ddmc");

const run = (...args) => spawnSync(launcher, args, { encoding: "utf8", input: "input" });

test("passes arguments, input and output through", () => {
  const { stdout, stderr, status } = run("a b", "$(c)", "");
  assert.deepEqual({ stdout, stderr, status }, { stdout: "a b|$(c)||input", stderr: "", status: 0 });
});

test("passes exit status and signals on", async () => {
  for (const status of [0, 1, 2, 137]) assert.equal(run("exit", `${status}`).status, status);
  for (const name of ["TERM", "INT", "HUP", "KILL"]) assert.equal(run("kill", name).signal, `SIG${name}`);

  const child = spawn(launcher, ["wait"], { stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.on("data", (data) => {
    if (printed === "") child.kill("SIGTERM");
    printed += data;
  });
  const status = await new Promise((resolve) => child.on("close", resolve));
  assert.deepEqual([printed, status], ["ready\nstopped\n", 7]);
});

test("the package for the platform cannot be run", () => {
  const path = join(modules, `@ddmc/${mine.os}-${mine.cpu}/ddmc`);
  const text = readFileSync(path);
  rmSync(path);
  writeFileSync(path, text, { mode: 0o644 });
  const { status, stderr } = run();
  assert.equal(status, 2);
  assert.match(stderr, /^ddmc: cannot run .*EACCES/);
});

test("the package for the platform is missing", () => {
  rmSync(join(modules, "@ddmc"), { recursive: true });
  const { status, stderr, stdout } = run();
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, new RegExp(`the package @ddmc/${mine.os}-${mine.cpu} is not installed\nddmc: .*--omit=optional`));
});

test("there is no package for the platform", () => {
  const pretend = "Object.defineProperty(process, 'platform', { value: 'sunos' })";
  const { status, stderr } = spawnSync("node", ["--import", `data:text/javascript,${pretend}`, launcher], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, new RegExp(`no package for sunos-${process.arch}\nddmc: .*docs/installing.md`));
});
