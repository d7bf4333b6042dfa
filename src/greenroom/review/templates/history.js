// The filters show and hide what is on the page already; arrow keys walk along a chart.
"use strict";
(() => {
  const bank = document.getElementById("bank");
  const time = document.getElementById("time");
  const panels = [...document.querySelectorAll(".panel")];
  const rows = [...document.querySelectorAll(".month li")];
  const months = [...document.querySelectorAll(".month")];

  function filter() {
    const key = `${bank.value}:${time.value}`;
    const panel = panels.find((each) => each.dataset.for.split(" ").includes(key));
    for (const each of panels) each.hidden = each !== panel;
    document.getElementById("nothing").hidden = panel !== undefined;
    const shown = filterRows(time.selectedOptions[0].dataset);
    document.getElementById("shown").textContent = `${shown} of ${rows.length} sessions`;
  }

  // The rows are in order, the newest first; only those that trends are made of count towards the last ones.
  function filterRows({ last, since }) {
    let left = last === "" ? Infinity : Number(last);
    let shown = 0;
    for (const row of rows) {
      const { banks, day, counted } = row.dataset;
      const within = last === "" ? day >= since : day >= since && left > 0 && counted !== undefined;
      const fits = within && (bank.value === "" || banks.split(" ").includes(bank.value));
      row.hidden = !fits;
      if (fits) {
        shown += 1;
        left -= 1;
      }
    }
    for (const month of months) month.hidden = !month.querySelector("li:not([hidden])");
    return shown;
  }

  const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity };

  function walk(event) {
    const point = event.target.closest(".chart a");
    const step = steps[event.key];
    if (!point || step === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    const points = [...point.closest(".chart").querySelectorAll("a")];
    const next = points[Math.min(points.length - 1, Math.max(0, points.indexOf(point) + step))];
    event.preventDefault();
    point.setAttribute("tabindex", "-1");
    next.removeAttribute("tabindex");
    next.focus();
  }

  // What a point says stands under its chart while it is pointed at or has the focus.
  function read(event, text) {
    const point = event.target.closest(".chart a");
    if (!point) return;
    const axis = point.closest("figure").querySelector(".axis");
    axis.classList.toggle("reading", text);
    axis.querySelector(".readout").textContent = text ? point.getAttribute("aria-label") : "";
  }

  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => read(event, true));
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (event) => read(event, false));
  document.addEventListener("keydown", walk);
  document.getElementById("filters").addEventListener("change", filter);
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("pageshow", filter); // a browser that comes back puts the choices back, unasked
  document.getElementById("filters").hidden = false;
  filter();
})();
