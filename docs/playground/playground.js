// The playground: reads the documents of the page, asks ddmc, and shows the answers.

import { applyFix, load } from "./ddmc/index.js";
import { blocks, breaking, cut, make, table } from "./elements.js";

/** The most characters of a link; longer ones do not survive being sent. */
const LONGEST_LINK = 32_000;
/** The most bytes of a line to show on each side of a finding. */
const MOST_AROUND = 80;
const MOST_UNDONE = 50;
/** The most characters of the merged set that are shown, and of a value in it. */
const MOST_SHOWN = 200_000;
const MOST_OF_VALUE = 200;
/** The most merged declarations whose values are explained, the most keys of each, and the most names in a cell. */
const MOST_TABLES = 20;
const MOST_KEYS = 500;
const MOST_NAMES = 20;
/** The milliseconds without a change after which the documents are checked; large documents wait as long as their check takes. */
const PAUSE = 200;

const FORMATS = { "": "Automatic", json: "JSON", ndjson: "JSON lines", yaml: "YAML", plist: "Property list" };
const ENDINGS = { json: "json", ndjson: "ndjson", jsonl: "ndjson", yaml: "yaml", yml: "yaml", plist: "plist", mobileconfig: "plist" };

const SAMPLES = [
  ["everyone", { Notifications: "true", Deferrals: { majorPeriodInDays: 30, MinorPeriodInDays: 120 } }],
  ["pilots", { Deferrals: { MajorPeriodInDays: 14 }, AutomaticActions: { InstallOSUpdates: "AlwaysOn" } }],
];

const encoder = new TextEncoder();
// Texts are cut into pieces, and a byte-order mark at the start of one is kept.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

const by = (id) => document.getElementById(id);
let ddmc;
let files = [];
let undone = [];
let timer;
let pause = PAUSE;

const count = (number, one, several = `${one}s`) => `${number} ${number === 1 ? one : several}`;

// ---- Documents ----

function add(stem, text, format = "") {
  const taken = new Set(files.map((file) => file.stem));
  const first = stem ?? "document";
  for (let number = stem ? 2 : 1; !stem || taken.has(stem); number += 1) stem = `${first}-${number}`;
  const id = `text-${crypto.randomUUID()}`;
  const area = make("textarea", { id, spellcheck: "false", autocapitalize: "off", autocomplete: "off", oninput: later });
  area.value = text;
  const options = Object.entries(FORMATS).map(([value, name]) => make("option", { value }, name));
  const select = make("select", { "aria-label": `Format of ${stem}`, onchange: () => update() }, ...options);
  select.value = format;
  const file = { stem, area, select };
  const remove = make("button", { type: "button", "aria-label": `Remove ${stem}`, onclick: () => drop(file) }, "Remove");
  const head = make("div", { class: "head" }, make("label", { for: id }, stem), select, remove);
  file.element = make("div", { class: "document" }, head, area);
  files.push(file);
  by("documents").append(file.element);
  return file;
}

function drop(file) {
  files = files.filter((other) => other !== file);
  undone = [];
  file.element.remove();
  by("add").focus();
  update();
}

function clear() {
  files.forEach((file) => file.element.remove());
  files = [];
  undone = [];
}

/** The name of a file, whose ending tells ddmc the format. */
const name = (file) => `${file.stem}.${file.select.value || guessed(file.area.value)}`;

function guessed(text) {
  const start = text.trimStart();
  if (start.startsWith("<")) return "plist";
  if (!/^[{[\ufeff/]|^$/.test(start)) return "yaml";
  const lines = start.split("\n").filter((line) => line.trim());
  return lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line)) ? "ndjson" : "json";
}

async function open(event) {
  const opened = [...event.target.files];
  event.target.value = "";
  for (const file of opened) {
    const at = file.name.lastIndexOf(".");
    const ending = ENDINGS[file.name.slice(at + 1).toLowerCase()];
    add(ending ? file.name.slice(0, at) : file.name, await file.text(), ending ?? "");
  }
  update();
}

// ---- The answers ----

const filled = () => files.filter((file) => file.area.value.trim());
const texts = (all) => all.map((file) => ({ name: name(file), text: file.area.value }));
const activations = () => (by("server").checked ? "server" : "declared");

function conditions() {
  const time = by("as-of").value;
  return {
    targets: by("targets").value.split(/\s+/).filter(Boolean),
    ...(time && { as_of: time.length === 16 ? `${time}:00` : time }),
  };
}

function later() {
  clearTimeout(timer);
  by("results").setAttribute("aria-busy", "true");
  timer = setTimeout(() => update(), pause);
}

/** Checks and merges the documents. `before` is said before the number of findings. */
function update(before = "") {
  clearTimeout(timer);
  by("link").textContent = "Copy a link";
  if (!ddmc) return;
  const begin = performance.now();
  const all = filled();
  const request = { files: texts(all) };
  let findings = [];
  try {
    if (all.length > 0) {
      const report = ddmc.check({ ...request, ...conditions(), set: by("set").checked, activations: activations() });
      findings = report.findings;
      say("status", before + summary(report));
    } else {
      say("status", "Paste a declaration to check it.");
    }
  } catch (error) {
    say("status", `Not checked: ${error.message}`);
  }
  showFindings(findings, new Map(all.map((file) => [name(file), { file, bytes: encoder.encode(file.area.value) }])));
  merge(request, findings);
  by("results").setAttribute("aria-busy", "false");
  pause = Math.max(PAUSE, performance.now() - begin);
}

function say(id, text) {
  if (by(id).textContent !== text) by(id).textContent = text;
}

function summary({ summary: { errors, warnings, notes, declarations, legacy }, tool }) {
  const what = [[declarations, "declaration"], [legacy, "legacy document"]].filter(([number]) => number > 0);
  const found = [[errors, "error"], [warnings, "warning"], [notes, "note"]].filter(([number]) => number > 0);
  const list = (pairs, none) => pairs.map(([number, noun]) => count(number, noun)).join(", ") || none;
  return `${list(found, "Nothing found")} in ${list(what, "0 declarations")} (Apple's schema ${tool.schema}).`;
}

function showFindings(findings, known) {
  by("findings").replaceChildren(...findings.map((finding) => item(finding, known)));
  const fixes = findings.filter((finding) => finding.fix);
  const safe = fixes.filter((finding) => finding.fix.safe).length;
  const unsafe = fixes.length - safe;
  by("fix").textContent = `Apply ${count(safe, "safe fix", "safe fixes")}`;
  by("fix").disabled = safe === 0;
  by("fix-all").textContent = `Also apply ${count(unsafe, "unsafe fix", "unsafe fixes")}`;
  by("fix-all").disabled = unsafe === 0;
  by("undo").disabled = undone.length === 0;
}

function item(finding, known) {
  const { rule, severity, message, help, related, fix } = finding;
  const at = known.get(finding.file);
  const parts = [make("p", { class: "message" }, make("span", { class: `tag ${severity}` }, severity), " ", message)];
  const name = make("button", { type: "button", class: "plain", onclick: () => explain(rule) }, rule);
  parts.push(make("p", {}, place(finding, at), " · ", name));
  if (at) parts.push(excerpt(finding, at.bytes));
  if (help) parts.push(make("p", { class: "help" }, help));
  if (related.length > 0) {
    parts.push(make("ul", {}, ...related.map((other) => make("li", {}, `${other.message}: `, place(other, known.get(other.file))))));
  }
  if (fix && at) {
    const label = `Fix: ${fix.description}${fix.safe ? "" : " (may change the meaning)"}`;
    parts.push(make("div", { class: "buttons" }, make("button", { type: "button", onclick: () => fixOne(at.file, fix) }, label)));
  }
  return make("li", {}, ...parts);
}

/** A button that selects the place in its document. */
function place({ start, end, file }, at) {
  const words = `${at?.file.stem ?? file}, line ${start.line}, column ${start.column}`;
  if (!at) return words;
  const select = () => {
    const { area } = at.file;
    const index = (offset) => decoder.decode(encoder.encode(area.value).subarray(0, offset)).length;
    area.focus();
    area.setSelectionRange(index(start.offset), index(end.offset));
    // Lines are not wrapped, so all are equally high.
    const lines = area.value.split("\n").length;
    area.scrollTop = ((start.line - 0.5) / lines) * area.scrollHeight - area.clientHeight / 2;
  };
  return make("button", { type: "button", class: "plain", onclick: select }, words);
}

/** The line of a finding, with its place marked. */
function excerpt({ start, end }, bytes) {
  const FEED = 10;
  let [from, to] = [start.offset, start.offset];
  while (from > 0 && bytes[from - 1] !== FEED && start.offset - from < MOST_AROUND) from -= 1;
  while (to < bytes.length && bytes[to] !== FEED && to - start.offset < 2 * MOST_AROUND) to += 1;
  // Characters are not cut.
  const isInside = (at) => at < bytes.length && (bytes[at] & 0xc0) === 0x80;
  while (isInside(from)) from += 1;
  while (isInside(to)) to -= 1;
  const last = Math.max(start.offset, Math.min(end.offset, to));
  const text = (one, other) => decoder.decode(bytes.subarray(one, other));
  const marked = last > start.offset ? [make("mark", {}, text(start.offset, last))] : [];
  return make("pre", {}, text(from, start.offset).trimStart(), ...marked, text(last, to).trimEnd());
}

// ---- Fixes ----

function change(texts) {
  undone.push(files.map((file) => [file, file.area.value]));
  undone = undone.slice(-MOST_UNDONE);
  for (const [file, text] of texts) file.area.value = text;
}

function fixOne(file, fix) {
  change([[file, applyFix(file.area.value, fix)]]);
  fixed(1);
}

function fixAll(unsafe) {
  const all = filled();
  try {
    const answer = ddmc.fix({ files: texts(all), ...conditions(), unsafe });
    const changed = answer.files.flatMap(({ text }, at) => (text === null ? [] : [[all[at], text]]));
    if (changed.length > 0) change(changed);
    fixed(answer.files.reduce((sum, file) => sum + file.fixed, 0));
  } catch (error) {
    say("status", `Not fixed: ${error.message}`);
  }
}

function fixed(number) {
  // The button that was pressed may be gone.
  by("results").focus();
  update(`Fixed ${count(number, "finding")}. `);
}

function undo() {
  for (const [file, text] of undone.pop()) file.area.value = text;
  by("results").focus();
  update("Undone. ");
}

// ---- Merge ----

function merge(request, known) {
  const shown = by("merged");
  shown.replaceChildren();
  if (request.files.length === 0) return say("merge-status", "");
  let merged;
  try {
    merged = ddmc.merge({ ...request, activations: activations() });
  } catch (error) {
    return say("merge-status", `Not merged: ${error.message}`);
  }
  if (merged.text === null) {
    const errors = merged.findings.filter(({ message }) => !known.some((finding) => finding.message === message));
    if (errors.length > 0) shown.append(make("ul", {}, ...errors.map(({ message, file }) => make("li", {}, `${file}: ${message}`))));
    return say("merge-status", errors.length > 0 ? "Not merged:" : "Not merged, because of the errors above.");
  }
  const number = JSON.parse(merged.text).length;
  say("merge-status", `${count(number, "declaration")} to publish.`);
  const copied = make("button", { type: "button", onclick: () => copy(merged.text, copied, "Copied") }, "Copy the merged set");
  const text = make("pre", { tabindex: "0", role: "region", "aria-label": "Merged set" }, cut(merged.text, MOST_SHOWN));
  const explained = merged.merged.filter(({ keys }) => keys.length > 0);
  shown.append(make("div", { class: "buttons" }, copied), text, ...explained.slice(0, MOST_TABLES).map(provenance));
  if (explained.length > MOST_TABLES) shown.append(make("p", {}, `${explained.length - MOST_TABLES} more tables are left out.`));
}

function provenance({ identifier, keys }) {
  const some = (all, name) => {
    const names = all.slice(0, MOST_NAMES).map(name);
    return (all.length > names.length ? [...names, `${all.length - names.length} more`] : names).join(", ");
  };
  const source = ({ identifier, file }) => cut(identifier ?? file, MOST_OF_VALUE);
  const shown = (value) => cut(JSON.stringify(value), MOST_OF_VALUE);
  const rows = keys.slice(0, MOST_KEYS).map(({ pointer, value, combine, decided_by, overruled }) => {
    const others = some(overruled, (other) => `${shown(other.value)} (${source(other)})`);
    const rule = make("button", { type: "button", class: "plain", onclick: () => explain(combine) }, combine);
    const texts = [pointer.replace("/Payload/", ""), shown(value), some(decided_by, source), others].map(breaking);
    return texts.toSpliced(2, 0, [rule]);
  });
  const which = keys.length > rows.length ? `first ${rows.length} values` : "values";
  return table(["key", "value", "rule", "from", "overruled"], rows, `Where the ${which} of ${identifier} come from`);
}

async function copy(text, button, done) {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = done;
  } catch {
    button.textContent = "The browser refuses to copy";
  }
}

// ---- Explanations ----

function explain(text) {
  by("name").value = text;
  if (!ddmc) return;
  try {
    const page = ddmc.explain(text);
    by("page").replaceChildren(make("h3", {}, page.title), ...blocks(page, explain));
  } catch (error) {
    by("page").replaceChildren(make("p", {}, error.message));
  }
  by("explain-title").focus();
}

// ---- Links ----

/** The documents and options as a fragment, which browsers do not send. */
function fragment() {
  const { targets, as_of } = conditions();
  const documents = files.map(({ stem, area, select }) => [stem, area.value, select.value]);
  const bytes = encoder.encode(JSON.stringify({ documents, targets, as_of, set: by("set").checked, server: by("server").checked }));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Reads a fragment. Returns whether it holds documents. */
function follow(text) {
  try {
    const bytes = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
    const { documents, targets, as_of, set, server } = JSON.parse(decoder.decode(bytes));
    const read = documents.map(([stem, text, format]) => [String(stem), String(text), format in FORMATS ? format : ""]);
    by("targets").value = targets.map(String).join(" ");
    by("as-of").value = String(as_of ?? "");
    [by("set").checked, by("server").checked] = [set === true, server === true];
    clear();
    read.forEach((document) => add(...document));
    return read.length > 0;
  } catch {
    return false;
  }
}

async function copyLink() {
  const length = files.reduce((sum, file) => sum + file.area.value.length, 0);
  const link = length > LONGEST_LINK ? "" : `#${fragment()}`;
  if (link === "" || link.length > LONGEST_LINK) {
    by("link").textContent = "Too long for a link";
    return;
  }
  history.replaceState(null, "", link);
  await copy(location.href, by("link"), "Copied; the link holds the documents");
}

// ---- Start ----

function now() {
  const time = new Date();
  return new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

function start() {
  by("as-of").value = now();
  if (location.hash.length < 2 || !follow(location.hash.slice(1))) {
    for (const [stem, Payload] of SAMPLES) {
      const Type = "com.apple.configuration.softwareupdate.settings";
      add(stem, `${JSON.stringify({ Type, Identifier: `com.example.${stem}`, Payload }, null, 2)}\n`);
    }
  }
  by("add").addEventListener("click", () => add(null, "").area.focus());
  by("open").addEventListener("click", () => by("files").click());
  by("files").addEventListener("change", open);
  by("link").addEventListener("click", copyLink);
  by("options").addEventListener("input", later);
  by("fix").addEventListener("click", () => fixAll(false));
  by("fix-all").addEventListener("click", () => fixAll(true));
  by("undo").addEventListener("click", undo);
  by("explain").addEventListener("submit", (event) => {
    event.preventDefault();
    explain(by("name").value);
  });
  window.addEventListener("hashchange", () => follow(location.hash.slice(1)) && update());
}

start();
try {
  ddmc = await load();
  update();
} catch (error) {
  say("status", `ddmc could not be loaded: ${error.message}`);
}
