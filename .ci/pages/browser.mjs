// A browser for the tests, and the reports that they open.

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../../", import.meta.url));
const program = join(root, "target/debug/ddmc");
export const folder = mkdtempSync(join(tmpdir(), "ddmc-pages-"));

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });

/** Writes files below a folder of its own. */
export function documents(name, files) {
  for (const [file, text] of Object.entries(files)) {
    const path = join(folder, name, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof text === "string" ? text : JSON.stringify(text, null, 2));
  }
  return join(folder, name);
}

/** What the program prints. */
export function ddmc(cwd, ...args) {
  const env = { PATH: process.env.PATH, HOME: folder };
  const { stdout, stderr, status } = spawnSync(program, args, { cwd, env, encoding: "utf8", maxBuffer: 1 << 28 });
  if (status === 2) throw new Error(`ddmc ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Writes a report to a file, and returns its URL. */
export function report(name, text) {
  const path = join(folder, `${name}.html`);
  writeFileSync(path, text);
  return pathToFileURL(path).href;
}

/** The folder of the examples in the documentation. */
export const examples = join(root, "docs/examples");
export const fixtures = join(root, "fixtures");
