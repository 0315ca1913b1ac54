// The Markdown reports, rendered as GitHub and GitLab do: hostile values become no link, element, mention or reference.

import assert from "node:assert/strict";
import { test } from "node:test";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { ddmc, documents } from "./browser.mjs";

const SETTINGS = "com.apple.configuration.softwareupdate.settings";

const HOSTILE = [
  "@all", "@org/team", "#1", "!1", "GH-1", "a/b#1", "a/b@0123456", "0123456789abcdef", "www.example.com", "http://example.com",
  "me@example.com", "<b>x</b>", "<!-- x", "[x](http://e.com)", "![x](y)", "[x]: y", "[^1]", "$x$", "$`x`$", ":tada:", ":100:", "| a | b |",
  "a\\|b", "`|`", "``\\|@a", "**x** _y_ ~~z~~", "- [ ] task", "1. one", "# head", "> quote", "---", "    code", "```", "&lt;b&gt; &#60;",
  "~label", "%1", "&1", "*iteration:1", "{+ a +}", "[- b -]", "[issue:1]", "~~~", "a\nb", "/close", "\\", "\\`@x\\`", "CVE-2026-1234",
];

/** What GitHub and GitLab look for in the text outside of code. */
const REFERENCES = [
  /(^|\W)@[\w-]/, /#\d/, /(^|\W)!\d/, /\bGH-\d/i, /\b[0-9a-f]{7,40}\b/, /www\./, /:\/\//, /\$[\w`]/, /:[\w+-]*[a-z][\w+-]*:/i, /:100:/,
  /(^|\W)~["\w]/, /(^|\W)%["\w]/, /(^|\W)&\d/, /\*iteration:/, /\[\w+:\d/, /[{[][+-] /, /\bCVE-/,
];

const render = unified().use(remarkParse).use(remarkGfm).use(remarkRehype, { allowDangerousHtml: true });

function walk(node, visit, parents = []) {
  visit(node, parents);
  for (const child of node.children ?? []) walk(child, visit, [...parents, node.tagName ?? node.type]);
}

function reports() {
  const files = {};
  HOSTILE.forEach((evil, at) => {
    const settings = (days) => ({ Type: SETTINGS, Identifier: evil.trim().slice(0, 60) + days, Payload: { Deferrals: { MajorPeriodInDays: days }, Beta: { ProgramEnrollment: "AlwaysOn", OfferPrograms: [{ Description: evil + days, Token: `t${days}` }] } } });
    files[`${at}/fine/one.json`] = settings(1);
    files[`${at}/fine/two.json`] = settings(2);
    files[`${at}/wrong/${evil.replaceAll("/", "_")}.json`] = { Type: SETTINGS, Identifier: evil, [evil]: evil, Payload: { [evil]: 1, RecommendedCadence: evil } };
    const reason = { code: evil, description: evil, details: { [evil]: evil } };
    const reported = [{ identifier: evil, valid: evil, "server-token": evil, reasons: [reason] }];
    const report = { StatusItems: { management: { declarations: { configurations: reported } }, device: { model: { family: evil } }, softwareupdate: { "install-state": evil }, [evil]: evil }, FullReport: true };
    files[`${at}/report.json`] = report;
  });
  const folder = documents("markdown", files);
  const markdown = ["--format", "markdown", "--no-config"];
  const all = HOSTILE.flatMap((evil, at) => [
    [evil, ddmc(`${folder}/${at}`, "check", "wrong", ...markdown)],
    [evil, ddmc(`${folder}/${at}`, "merge", "fine", "--explain", ...markdown)],
    [evil, ddmc(`${folder}/${at}`, "plan", "fine", "--device", "macOS=26.1", "--device", "iOS=26.0", ...markdown)],
    [evil, ddmc(`${folder}/${at}`, "status", "report.json", "fine", ...markdown)],
  ]);
  for (const [evil, text] of all) assert.match(text, /^#.*\n[^]*\| --- \|/, JSON.stringify(evil));
  return all;
}

test("hostile values stay text", async () => {
  const ours = new Set(["h1", "h2", "h3", "p", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "code", "strong", "pre"]);
  for (const [evil, text] of reports()) {
    const tree = await render.run(render.parse(text));
    const about = `${JSON.stringify(evil)} in\n${text}`;
    walk(tree, (node, parents) => {
      assert.ok(node.type !== "raw" && node.type !== "comment", `${node.value}: ${about}`);
      if (node.type === "element") assert.ok(ours.has(node.tagName), `${node.tagName}: ${about}`);
      // A list has no list in it, and no paragraph or head that a value began.
      if (["ul", "h1", "h2", "pre"].includes(node.tagName)) assert.deepEqual(parents, ["root"], `${node.tagName} in ${parents}: ${about}`);
      if (node.type === "text" && !parents.includes("code")) {
        for (const reference of REFERENCES) assert.doesNotMatch(node.value, reference, about);
      }
      if (node.tagName === "tr") {
        const cells = node.children.filter(({ tagName }) => tagName === "td" || tagName === "th");
        assert.ok(cells.length > 1 && !cells.some(({ children }) => children === undefined), about);
      }
    });
    for (const [at, line] of text.split("\n").entries()) assert.doesNotMatch(line, /^\/close/, `line ${at}: ${about}`);
  }
});

test("every row of a table has the cells of its head", async () => {
  for (const [evil, text] of reports()) {
    const { children } = render.parse(text);
    for (const table of children.filter(({ type }) => type === "table")) {
      const lengths = new Set(table.children.map((row) => row.children.length));
      assert.equal(lengths.size, 1, `${JSON.stringify(evil)} in\n${text}`);
    }
  }
});

test("the renderer finds links and elements where they are", async () => {
  const html = String(await render().use(rehypeStringify, { allowDangerousHtml: true }).process("www.example.com a@b.example ~~x~~ <b>"));
  assert.ok(html.includes('href="http://www.example.com"') && html.includes("mailto:a@b.example") && html.includes("<del>") && html.includes("<b>"), html);
});
