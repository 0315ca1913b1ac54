// Pages of a server in the browser of `.ci/pages`: what they say and request, and what axe finds.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join, normalize } from "node:path";

export { launch } from "../pages/browser.mjs";

const TYPES = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".wasm": "application/wasm" };
const AXE = await readFile(createRequire(new URL("../pages/", import.meta.url)).resolve("axe-core/axe.min.js"), "utf8");

/** Serves the files of a folder. Returns the origin, and a function that stops it. */
export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const path = normalize(decodeURIComponent(pathname.endsWith("/") ? `${pathname}index.html` : pathname));
    try {
      const body = await readFile(join(folder, path));
      response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Opens a page. `said` receives what it writes to the console, errors too, and `requested` the addresses it asks for. */
export async function visit(browser, url, { colorScheme = "light", width = 1200, height = 900 } = {}) {
  const page = await browser.newPage({ colorScheme, viewport: { width, height }, reducedMotion: "reduce" });
  const [said, requested] = [[], []];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`uncaught: ${error}`));
  page.on("request", (request) => requested.push(request.url()));
  await page.goto(url);
  return { page, said, requested };
}

/** The violations that axe finds, one line each. The page's policy does not concern its script. */
export async function violations(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join("; ")}`);
}
