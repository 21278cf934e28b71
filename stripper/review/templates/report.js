"use strict";
(() => {
  document.documentElement.classList.add("scripted");
  const live = document.querySelector(".live");

  const sort = (head) => {
    const table = head.closest("table");
    const column = head.cellIndex;
    const numeric = head.classList.contains("n");
    const turned = head.getAttribute("aria-sort") === (numeric ? "descending" : "ascending");
    const direction = (turned ? -1 : 1) * (numeric ? -1 : 1);
    const text = (row) => row.cells[column].textContent;
    const compare = numeric ? (a, b) => Number(text(a)) - Number(text(b)) : (a, b) => text(a).localeCompare(text(b));
    const rows = [...table.tBodies[0].rows].sort((a, b) => direction * compare(a, b));
    table.tBodies[0].append(...rows);
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
    live.textContent = `sorted by ${head.textContent}, ${direction > 0 ? "ascending" : "descending"}`;
  };

  // A text that a spreadsheet would run as a formula begins with an apostrophe; numbers are what they are.
  const cell = (node) => {
    let text = node.textContent;
    if (!node.classList.contains("n") && /^[=+\-@\t\r\n]/.test(text)) text = `'${text}`;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const save = (table) => {
    const lines = [...table.rows].map((row) => [...row.cells].map(cell).join(","));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([lines.join("\r\n"), "\r\n"], { type: "text/csv" }));
    link.download = `${table.dataset.name}.csv`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.classList.contains("csv")) save(button.closest("section").querySelector("table"));
    else if (button.closest("th")) sort(button.closest("th"));
  });
})();
