// Orders the parts of a page and filters its items. Without this script everything is shown.
"use strict";
(() => {
  // What is known only at the end of a report belongs below its title, also for the keyboard.
  document.querySelector("h1").after(...document.querySelectorAll(".late"));
  // Findings about several files come last; they join those of their file.
  const first = new Map();
  for (const group of document.querySelectorAll("section[data-group]")) {
    const known = first.get(group.dataset.group);
    if (known) {
      known.append(...group.querySelectorAll(":scope > [data-item]"));
      group.remove();
    } else first.set(group.dataset.group, group);
  }

  const bar = document.querySelector(".filters");
  if (!bar) return;
  const groups = [...document.querySelectorAll("[data-group]")].map((element) => ({ element, items: [...element.querySelectorAll("[data-item]")] }));
  const all = groups.flatMap(({ items }) => items);
  const search = bar.querySelector("input[type=search]");
  const selects = [...bar.querySelectorAll("select")];
  const boxes = [...bar.querySelectorAll("input[type=checkbox]")];
  const status = bar.querySelector("[role=status]");
  const show = (count) => (status.textContent = `Showing ${count} of ${all.length} ${bar.dataset.noun}`);

  for (const select of selects) {
    const counts = new Map();
    const add = (value, count) => value && counts.set(value, (counts.get(value) ?? 0) + count);
    for (const { element, items } of groups) {
      const common = element.getAttribute(select.dataset.facet);
      if (common) add(common, items.length);
      else for (const item of items) add(item.getAttribute(select.dataset.facet), 1);
    }
    select.parentElement.hidden = counts.size === 0;
    for (const [value, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) select.add(new Option(`${value} (${count})`, value));
  }

  // The text of an item is read when it is first searched.
  const texts = new Map();
  const text = (item, group) => {
    if (!texts.has(item)) texts.set(item, `${group.dataset.group} ${item.textContent}`.toLowerCase());
    return texts.get(item);
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter((select) => select.value !== "").map(({ value, dataset }) => [dataset.facet, value]);
    const unwanted = boxes.filter((box) => !box.checked).map(({ value, dataset }) => [dataset.facet, value]);
    let shown = 0;
    for (const { element, items } of groups) {
      // What has no value for a filter is not subject to it.
      const has = (item, [facet, value]) => (element.getAttribute(facet) ?? item.getAttribute(facet) ?? value) === value;
      const lacks = (item, [facet, value]) => (element.getAttribute(facet) ?? item.getAttribute(facet)) === value;
      const before = shown;
      for (const item of items) {
        const isShown =
          wanted.every((one) => has(item, one)) && !unwanted.some((one) => lacks(item, one)) && words.every((word) => text(item, element).includes(word));
        item.hidden = !isShown;
        shown += isShown;
      }
      element.hidden = shown === before;
    }
    show(shown);
  };

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 100);
  });
  for (const control of [...selects, ...boxes]) control.addEventListener("change", apply);
  bar.querySelector("button").addEventListener("click", () => {
    search.value = "";
    for (const select of selects) select.value = "";
    for (const box of boxes) box.checked = true;
    apply();
    search.focus();
  });
  bar.hidden = false;
  show(all.length);
})();
