// Makes the npm packages from built programs: node packaging/npm/build.mjs OUTPUT TARGET=PROGRAM...
//
// Writes OUTPUT/ddmc, the launcher, and OUTPUT/ddmc-OS-CPU for each program. The version and the other facts are those of Cargo.toml.
// The programs for Linux are linked statically, so one package serves every C library.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const platforms = JSON.parse(readFileSync(join(here, "platforms.json"), "utf8"));
const metadata = ["metadata", "--no-deps", "--offline", "--format-version", "1", "--manifest-path", join(root, "Cargo.toml")];
const crate = JSON.parse(execFileSync("cargo", metadata, { encoding: "utf8", maxBuffer: 1 << 26 })).packages.find(
  (each) => each.name === "ddmc",
);

function fail(message) {
  console.error(`build.mjs: ${message}`);
  process.exit(1);
}

const nameOf = ({ os, cpu }) => `@ddmc/${os}-${cpu}`;

function write(folder, { files, ...members }, copies) {
  mkdirSync(folder, { recursive: true });
  const common = {
    version: crate.version,
    description: crate.description,
    license: `(${crate.license})`,
    homepage: `${crate.repository}/blob/main/docs/installing.md`,
    repository: { type: "git", url: `git+${crate.repository}.git` },
    bugs: `${crate.repository}/issues`,
    publishConfig: { access: "public" },
    files: [...files, "LICENSE-*"],
  };
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ ...members, ...common }, null, 2)}\n`);
  for (const [from, to] of [...copies, ["LICENSE-APACHE", "LICENSE-APACHE"], ["LICENSE-MIT", "LICENSE-MIT"]]) {
    copyFileSync(join(root, from), join(folder, to));
  }
}

const [output, ...built] = process.argv.slice(2);
if (output === undefined || built.length === 0) fail("usage: build.mjs OUTPUT TARGET=PROGRAM...");

for (const pair of built) {
  const [target, program] = pair.split("=");
  const platform = platforms.find((each) => each.target === target);
  if (platform === undefined || program === undefined) fail(`${pair}: write TARGET=PROGRAM, with a target of platforms.json`);
  const folder = join(output, `ddmc-${platform.os}-${platform.cpu}`);
  const file = `ddmc${platform.os === "win32" ? ".exe" : ""}`;
  const readme = `# ${nameOf(platform)}\n\nThe program of [ddmc](https://github.com/ddmc/ddmc) for this platform. Install \`ddmc\` instead.\n`;
  write(folder, { name: nameOf(platform), os: [platform.os], cpu: [platform.cpu], preferUnplugged: true, files: [file] }, []);
  writeFileSync(join(folder, "README.md"), readme);
  copyFileSync(program, join(folder, file));
  chmodSync(join(folder, file), 0o755);
}

write(
  join(output, "ddmc"),
  {
    name: "ddmc",
    keywords: crate.keywords,
    bin: { ddmc: "ddmc.js" },
    files: ["ddmc.js"],
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(platforms.map((platform) => [nameOf(platform), crate.version])),
  },
  [
    ["README.md", "README.md"],
    ["packaging/npm/ddmc.js", "ddmc.js"],
  ],
);
chmodSync(join(output, "ddmc/ddmc.js"), 0o755);
