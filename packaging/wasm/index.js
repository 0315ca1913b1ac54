import { Ddmc } from "./ddmc.js";

export { Ddmc, applyFix } from "./ddmc.js";

export async function load(url = new URL("./ddmc.wasm", import.meta.url)) {
  const response = await fetch(url);
  if (!response.ok) {
    throw new Error(`${url}: ${response.status} ${response.statusText}`);
  }
  return new Ddmc(await WebAssembly.compile(await response.arrayBuffer()));
}
