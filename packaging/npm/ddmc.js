#!/usr/bin/env node
// Runs the program of the package for this platform, which npm installs as an optional dependency.
"use strict";

const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { optionalDependencies, homepage } = require("./package.json");

const FAILURE = 2;

/// The program's path, or undefined if its package is not installed.
function program(name) {
  try {
    return require.resolve(`${name}/ddmc${process.platform === "win32" ? ".exe" : ""}`);
  } catch {
    return undefined;
  }
}

function fail(...lines) {
  console.error(lines.map((line) => `ddmc: ${line}`).join("\n"));
  process.exitCode = FAILURE;
}

function run(path) {
  // A signal to this process is meant for the program, and ends this process only through it. Nothing may come between the start of
  // the program and the handlers, so these are first.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  const child = spawn(path, process.argv.slice(2), { stdio: "inherit" });
  child.on("error", (error) => fail(`cannot run ${path}: ${error.message}`));
  child.on("exit", (status, signal) => {
    if (signal === null) {
      process.exitCode = status;
    } else {
      process.removeAllListeners(signal);
      // End by the same signal; the exit status is for systems where that is not possible.
      process.exitCode = 128 + constants.signals[signal];
      process.kill(process.pid, signal);
    }
  });
}

const name = `@ddmc/${process.platform}-${process.arch}`;
const path = program(name);
if (path !== undefined) {
  run(path);
} else if (name in optionalDependencies) {
  fail(
    `the package ${name} is not installed`,
    "install ddmc again on this platform, with optional dependencies (without --omit=optional or --no-optional)",
  );
} else {
  fail(`there is no package for ${process.platform}-${process.arch}`, `other ways to install: ${homepage}`);
}
