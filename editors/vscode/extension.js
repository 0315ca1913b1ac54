// Starts `ddmc lsp` and connects Visual Studio Code to it.

"use strict";

const { execFile } = require("node:child_process");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const HELP = "https://github.com/ddmc/ddmc#install";

/** The connection to the server, while there is one. */
let client;

/** The settings of the extension. */
function settings() {
  return vscode.workspace.getConfiguration("ddmc");
}

/** Whether a program can be run and answers like ddmc. */
function works(path) {
  return new Promise((resolve) => {
    execFile(path, ["--version"], { timeout: 10000 }, (error, output) => resolve(!error && output.startsWith("ddmc ")));
  });
}

async function start() {
  const path = settings().get("path") || "ddmc";
  if (!(await works(path))) {
    const [get, set] = ["How to install it", "Set its path"];
    const message = `ddmc: the program "${path}" does not run. Install ddmc, or set ddmc.path to where it is.`;
    const choice = await vscode.window.showErrorMessage(message, get, set);
    if (choice === get) vscode.env.openExternal(vscode.Uri.parse(HELP));
    if (choice === set) vscode.commands.executeCommand("workbench.action.openSettings", "ddmc.path");
    return;
  }
  const patterns = [...settings().get("files"), "**/ddmc.toml"];
  const documentSelector = patterns.map((pattern) => ({ scheme: "file", pattern }));
  client = new LanguageClient("ddmc", "ddmc", { command: path, args: ["lsp"] }, { documentSelector });
  await client.start();
}

async function stop() {
  const old = client;
  client = undefined;
  await old?.stop();
}

async function restart() {
  await stop();
  await start();
}

exports.activate = async (context) => {
  const changed = (event) => (event.affectsConfiguration("ddmc") ? restart() : undefined);
  context.subscriptions.push(
    vscode.commands.registerCommand("ddmc.restart", restart),
    vscode.workspace.onDidChangeConfiguration(changed),
  );
  await start();
};

exports.deactivate = stop;
