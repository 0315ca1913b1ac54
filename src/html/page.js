// Filters the items of a page. Without this script everything is shown.
"use strict";
(() => {
  const bar = document.querySelector(".filters");
  if (!bar) return;
  const groups = [...document.querySelectorAll("[data-group]")];
  const items = [...document.querySelectorAll("[data-item]")];
  const of = (item, facet) => item.getAttribute(facet) ?? item.closest("[data-group]")?.getAttribute(facet) ?? "";
  const search = bar.querySelector("input[type=search]");
  const selects = [...bar.querySelectorAll("select")];
  const boxes = [...bar.querySelectorAll("input[type=checkbox]")];
  const status = bar.querySelector("[role=status]");

  for (const select of selects) {
    const counts = new Map();
    for (const item of items) {
      const value = of(item, select.dataset.facet);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (const [value, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (value !== "") select.add(new Option(`${value} (${count})`, value));
    }
  }

  // The text of an item is read when it is first searched.
  const texts = new Map();
  const text = (item) => {
    if (!texts.has(item)) texts.set(item, `${item.closest("[data-group]")?.dataset.group ?? ""} ${item.textContent}`.toLowerCase());
    return texts.get(item);
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = selects.filter((select) => select.value !== "");
    const unwanted = boxes.filter((box) => !box.checked);
    let shown = 0;
    for (const item of items) {
      const isShown =
        wanted.every((select) => of(item, select.dataset.facet) === select.value) &&
        !unwanted.some((box) => of(item, box.dataset.facet) === box.value) &&
        (words.length === 0 || words.every((word) => text(item).includes(word)));
      item.hidden = !isShown;
      shown += isShown;
    }
    for (const group of groups) group.hidden = !group.querySelector("[data-item]:not([hidden])");
    status.textContent = `Showing ${shown} of ${items.length} ${bar.dataset.noun}`;
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
  apply();
})();
