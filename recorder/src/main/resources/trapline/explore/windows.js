"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const WORDS = {
  OPENED_IN_NEW_CODE: ["N", "window opened in new code"], OPENED_IN_UNTOUCHED_CODE: ["U", "window opened in untouched code"],
  OPEN: ["X", data.flows.length > 1 ? "still open" : "window"], CLOSED: ["c", "closed"], SAFE: ["·", "safe"],
  IMPOSSIBLE: ["–", "cannot come there"], NOT_REACHED: [" ", "not reached"]
};
const OPEN = ["OPENED_IN_NEW_CODE", "OPENED_IN_UNTOUCHED_CODE", "OPEN"];
const two = data.flows.length > 1;
const now = two ? 1 : 0;
let chosen = -1;
let only = -1;
let all = false;
const cells = [];

function el(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [k, v] of Object.entries(attributes || {})) {
    if (k === "class") e.className = v; else if (k.startsWith("on")) e.addEventListener(k.slice(2), v); else e.setAttribute(k, v);
  }
  e.append(...children);
  return e;
}
const plural = (n, one) => n.toLocaleString("en") + " " + one + (n === 1 ? "" : "s");

function head() {
  document.getElementById("title").textContent = two
    ? data.flows[1] + " against " + data.flows[0] + ", " + data.scenario : data.flows[0] + ", " + data.scenario;
  const open = data.lines.flatMap(l => l.cells).filter(c => c.flow === now && OPEN.includes(c.state)).length;
  const fresh = data.lines.flatMap(l => l.cells).filter(c => c.state.startsWith("OPENED")).length;
  const closed = data.lines.flatMap(l => l.cells).filter(c => c.state === "CLOSED").length;
  document.getElementById("lead").textContent =
    "Each stimulus at every instruction of the handler, one run each: " + plural(data.runs, "run") + ". " +
    (two ? plural(fresh, "instruction") + " with a new window, " + closed + " closed, " + (open - fresh) + " open as before."
         : plural(open, "instruction") + " with a window.");
  const sums = document.getElementById("sums");
  data.stimuli.forEach((name, i) => {
    const mine = data.lines.flatMap(l => l.cells).filter(c => c.stimulus === i && c.flow === now);
    const bad = mine.filter(c => OPEN.includes(c.state)).length;
    const worse = mine.filter(c => c.state.startsWith("OPENED")).length;
    const em = el("em", {}, bad ? plural(bad, "window") : "no window");
    em.style.color = worse ? "var(--new)" : bad ? "var(--open)" : "var(--closed)";
    sums.append(el("button", { class: "sum", "aria-pressed": "false", onclick: e => {
      only = only === i ? -1 : i;
      sums.querySelectorAll(".sum").forEach((b, k) => b.setAttribute("aria-pressed", String(k === only)));
      draw();
    } }, el("b", {}, name), em, el("span", {}, worse ? " · " + worse + " new" : two && bad ? " · as before" : "")));
  });
  const legend = document.getElementById("legend");
  const used = new Set(data.lines.flatMap(l => l.cells).map(c => c.state));
  for (const [state, [letter, words]] of Object.entries(WORDS)) {
    if (used.has(state)) legend.append(el("li", {}, el("span", { class: "cell " + state, "aria-hidden": "true" }, letter), words));
  }
}

function strip(line, stimulus, flow) {
  const e = el("span", { class: "strip" });
  if (two) e.append(el("small", {}, flow ? "B" : "A"));
  for (const cell of line.cells.filter(c => c.stimulus === stimulus && c.flow === flow)) {
    const index = cells.length;
    const b = el("button", { class: "cell " + cell.state, role: "gridcell", tabindex: index ? "-1" : "0", "aria-selected": "false",
      "aria-label": data.stimuli[stimulus] + " at " + cell.text + ": " + WORDS[cell.state][1], onclick: () => choose(index) }, WORDS[cell.state][0]);
    cells.push({ cell, line, element: b });
    e.append(b);
  }
  return e;
}

function row(line) {
  const mine = line.cells.filter(c => only < 0 || c.stimulus === only);
  const open = mine.filter(c => c.flow === now && OPEN.includes(c.state));
  const worse = open.some(c => c.state !== "OPEN") || !two;
  const count = open.length ? el("i", worse ? {} : { class: "old" }, String(open.length)) : "";
  const was = two ? el("span", { class: "was" }, String(line.oldNumber || "").padStart(3) + " ") : "";
  const number = el("span", { class: "num" }, was, String(line.newNumber || "").padStart(3) + (two ? line.mark : " "));
  const body = el("div", {}, el("div", { class: "c" }, line.text || " "));
  if (mine.length) {
    const groups = el("div", { class: "groups", role: "row" });
    data.stimuli.forEach((name, i) => {
      if (only >= 0 && only !== i) return;
      const strips = el("span", { class: "strips" });
      for (const flow of two ? [0, 1] : [0]) {
        if (line.cells.some(c => c.stimulus === i && c.flow === flow)) strips.append(strip(line, i, flow));
      }
      groups.append(el("div", { class: "group" }, data.stimuli.length > 1 ? el("span", {}, name) : "", strips));
    });
    body.append(groups);
  }
  return el("div", { class: "row" + (line.mark === "+" ? " plus" : line.mark === "-" ? " minus" : "") },
    el("span", { class: "gutter" }, count), number, body);
}

function draw() {
  const code = document.getElementById("code");
  code.replaceChildren();
  cells.length = 0;
  chosen = -1;
  const near = data.lines.map((l, i) => [-3, -2, -1, 0, 1, 2].some(d => data.lines[i + d] && data.lines[i + d].cells.length));
  let folded = 0;
  const flush = () => {
    if (folded) code.append(el("button", { class: "fold", onclick: () => { all = true; draw(); } }, "… " + plural(folded, "line") + " without instructions"));
    folded = 0;
  };
  data.lines.forEach((line, i) => {
    if (all || near[i]) { flush(); code.append(row(line)); } else folded++;
  });
  flush();
  const first = cells.findIndex(c => c.cell.state.startsWith("OPENED"));
  choose(first >= 0 ? first : cells.findIndex(c => OPEN.includes(c.cell.state)), true);
}

function choose(index, quiet) {
  if (chosen >= 0) { cells[chosen].element.setAttribute("aria-selected", "false"); cells[chosen].element.tabIndex = -1; }
  chosen = index;
  const detail = document.getElementById("detail");
  if (index < 0) {
    detail.replaceChildren(el("p", { class: "dim" }, "No window: nothing goes wrong at any instruction. Choose a cell to read what it is."));
    return;
  }
  const { cell, line, element } = cells[index];
  element.setAttribute("aria-selected", "true");
  element.tabIndex = 0;
  if (!quiet) { element.focus({ preventScroll: true }); element.scrollIntoView({ block: "center" }); }
  const flow = data.flows[cell.flow];
  const place = flow + ".c:" + (cell.flow === now && line.newNumber ? line.newNumber : line.oldNumber);
  const what = cell.check ? cell.check + ": " + cell.sentence : cell.sentence || "Nothing goes wrong that does not go wrong without it.";
  const times = cell.state === "NOT_REACHED" ? "Control does not come here in this scenario."
    : "Control comes here " + plural(cell.times, "time") + (cell.failures ? "; it goes wrong at " + cell.failures + ", first at step " + cell.step.toLocaleString("en") : "") + ".";
  detail.replaceChildren(
    el("h2", {}, el("span", { class: "cell " + cell.state, "aria-hidden": "true" }, WORDS[cell.state][0]),
      data.stimuli[cell.stimulus] + " before ", el("code", {}, cell.text), el("span", { class: "dim" }, place)),
    el("p", {}, WORDS[cell.state][1][0].toUpperCase() + WORDS[cell.state][1].slice(1) + (cell.check || cell.state === "IMPOSSIBLE" ? ". " + what : ". " + (cell.state === "NOT_REACHED" ? "" : what))),
    el("p", { class: "dim" }, times));
}

function move(step, want) {
  if (!cells.length) return;
  for (let n = 1, i = Math.max(chosen, 0); n <= cells.length; n++) {
    i = (i + step + cells.length) % cells.length;
    if (want(cells[i])) { choose(i); return; }
  }
}
function vertical(direction) {
  if (chosen < 0) return;
  const from = cells[chosen].element.getBoundingClientRect();
  let best = -1, least = Infinity;
  cells.forEach((c, i) => {
    const r = c.element.getBoundingClientRect();
    const dy = (r.top - from.top) * direction;
    const score = dy * 4 + Math.abs(r.left - from.left);
    if (dy > 4 && score < least) { least = score; best = i; }
  });
  if (best >= 0) choose(best);
}
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const open = c => OPEN.includes(c.cell.state) && c.cell.flow === now;
  const keys = { n: () => move(1, open), p: () => move(-1, open), ArrowRight: () => move(1, () => true), ArrowLeft: () => move(-1, () => true),
    ArrowDown: () => vertical(1), ArrowUp: () => vertical(-1), a: () => { all = !all; draw(); } };
  if (keys[e.key]) { e.preventDefault(); keys[e.key](); }
});
head();
draw();
