"use strict";
// Sorting by any column and filtering by name and need. Without this script the page shows the same, in the order of names.
const table = document.querySelector("table.sortable");
const body = table.tBodies[0];
const heads = [...table.tHead.rows[0].cells];
const find = document.getElementById("find");
const show = document.getElementById("show");
const found = document.getElementById("found");
const text = new Intl.Collator(document.documentElement.lang, {numeric: true});

function compare(column) {
  const key = row => row.cells[column].dataset.key;
  if (column === 0) return (a, b) => text.compare(key(a), key(b));
  return (a, b) => (parseFloat(key(a)) || 0) - (parseFloat(key(b)) || 0);
}

function sortBy(column) {
  const head = heads[column];
  const descending = head.ariaSort ? head.ariaSort === "ascending" : column > 0;
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const empty = row => column > 0 && row.cells[column].dataset.key === "";
  const order = compare(column);
  const rows = [...body.rows].sort((a, b) => empty(a) - empty(b) || (descending ? -1 : 1) * order(a, b));
  body.append(...rows);
}

const plain = name => name.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

function filter() {
  const wanted = plain(find.value.trim());
  let count = 0;
  for (const row of body.rows) {
    const fits = {all: true, attention: "attention" in row.dataset, low: parseFloat(row.dataset.share) < 50}[show.value];
    row.hidden = !(fits && plain(row.cells[0].dataset.key).includes(wanted));
    count += row.hidden ? 0 : 1;
  }
  found.textContent = found.dataset.words.replace("#", count).replace("#", body.rows.length);
}

heads.forEach((head, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...head.childNodes);
  button.addEventListener("click", () => sortBy(column));
  head.replaceChildren(button);
});
find.form.addEventListener("submit", event => event.preventDefault());
find.addEventListener("input", filter);
show.addEventListener("change", filter);
find.form.hidden = false;
filter();
