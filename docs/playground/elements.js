// Elements of the playground. All text is shown as text.

/** Makes an element. Names that begin with "on" are events; children that are strings become text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** A table; a cell is the children of its element. The label must differ from those of other tables. */
export function table(head, rows, label) {
  const heads = head.map((text) => make("th", { scope: "col" }, text));
  const cells = (row) => row.map((cell, at) => (at === 0 ? make("th", { scope: "row" }, ...cell) : make("td", {}, ...cell)));
  const body = rows.map((row) => make("tr", {}, ...cells(row)));
  const parts = [make("caption", {}, label), make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...body)];
  return make("div", { class: "table", tabindex: "0", role: "region", "aria-label": label }, make("table", {}, ...parts));
}

/** The blocks of a page of ddmc's. `explain` is called with the name that a link leads to. */
export function blocks({ title, blocks }, explain) {
  let label = title;
  return blocks.map((one) => {
    label = one.section ?? label;
    return block(one, label, (text) => words(text, explain));
  });
}

function block(block, label, inline) {
  const [[kind, value]] = Object.entries(block);
  switch (kind) {
    case "section":
      return make("h3", {}, value);
    case "facts":
      return make("dl", {}, ...value.flatMap(([label, text]) => [make("dt", {}, label), make("dd", {}, ...inline(text))]));
    case "code":
      return make("pre", {}, value[1]);
    case "table":
      return table(value[0], value[1].map((row) => row.map(inline)), `Table: ${label}`);
    case "list":
      return make("ul", {}, ...value.map((text) => make("li", {}, ...inline(text))));
    default:
      return make("p", {}, ...inline(value));
  }
}

/** The text of a page of ddmc's: code between backticks, and links, which lead to other pages or to Apple's. */
function words(text, explain) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(/\[`?([^\]`]*)`?\]\(([^)]*)\)|`([^`]*)`/g)) {
    const [all, label, to, code] = found;
    parts.push(...breaking(text.slice(from, found.index)));
    from = found.index + all.length;
    if (code !== undefined) parts.push(make("code", {}, code));
    else if (/^https:\/\//.test(to)) parts.push(make("a", { href: to, rel: "noreferrer" }, label));
    else parts.push(make("button", { type: "button", class: "plain", onclick: () => explain(label) }, label));
  }
  return [...parts, ...breaking(text.slice(from))];
}

/** A text, cut if it is too long to be looked at. Browsers do not take any number of elements, nor any length of a line. */
export function cut(text, most = 5_000) {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Lets names break after their dots and slashes. */
export function breaking(text) {
  return cut(text).split(/(?<=[./])(?=[A-Za-z])/).flatMap((part, at) => (at === 0 ? [part] : [make("wbr"), part]));
}
