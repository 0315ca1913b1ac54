import { readFile } from "node:fs/promises";

import { Ddmc } from "./ddmc.js";

export { Ddmc, applyFix } from "./ddmc.js";

export async function load(url = new URL("./ddmc.wasm", import.meta.url)) {
  return new Ddmc(await WebAssembly.compile(await readFile(url)));
}
