// Ties the parts of the page together.

class RunView {
  constructor(root, run) {
    this.root = root;
    this.run = run;
    this.selected = null;
    const one = selector => root.querySelector(selector);
    this.details = one('.details');
    this.events = one('.events tbody');
    this.summary = one('.summary');
    this.output = one('output');
    this.keys = one('.keys');
    this.timeline = new Timeline(run, one('canvas.view'), one('canvas.map'), (at, why) => this.select(at, why), hoverText);
    this.wire();
    this.legend(one('.legend'));
    this.summarise();
    const first = run.findings.length ? this.find(run.findings[0].ordinal) : this.hits()[0] ?? this.first();
    if (first) {
      this.timeline.selected = first;
      showDetails(this.details, first.w, first.i);
      showEvents(this.events, first.w, first.i, at => this.select(at));
      this.selected = first;
    }
    this.fit();
    if (first && run.steps > 4000) this.closer();
  }

  wire() {
    for (const button of this.root.querySelectorAll('[data-do]')) {
      button.addEventListener('click', () => this[button.dataset.do]());
    }
    const form = this.root.querySelector('.search');
    this.query = form.elements.query;
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.search(1);
    });
    this.root.querySelector('canvas.view').addEventListener('keydown', event => this.onKey(event));
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const t = this.timeline;
    const pan = (t.to - t.from) / 8;
    const actions = {
      ArrowLeft: () => (event.shiftKey ? t.show(t.from - pan, t.to - pan) : this.move(-1)),
      ArrowRight: () => (event.shiftKey ? t.show(t.from + pan, t.to + pan) : this.move(1)),
      Home: () => this.select(this.first()),
      End: () => this.select(this.last()),
      '+': () => this.zoomIn(), '=': () => this.zoomIn(), '-': () => this.zoomOut(), 0: () => this.fit(),
      h: () => this.nextHit(), H: () => this.previousHit(),
      f: () => this.nextFinding(), F: () => this.previousFinding(),
      '/': () => this.query.focus(),
      '?': () => this.help(),
    };
    const action = actions[event.key];
    if (action) {
      event.preventDefault();
      action();
    }
  }

  zoomIn() { this.timeline.zoom(0.5); }
  zoomOut() { this.timeline.zoom(2); }

  // From the first change of text, which arms a probe; what was before is the boot, shown when asked for again.
  fit() {
    const t = this.timeline;
    const before = t.from;
    const armed = this.armed();
    const margin = (t.end - armed) / 50;
    t.show(armed - margin, t.end);
    if (t.from === before) t.fit();
  }

  // The step of the first int3 that was written, where the page has it; else the beginning.
  armed() {
    const w = this.run.windows[0];
    if (!w || w.firstOrdinal !== 0) return 0;
    for (let i = 0; i < w.n; i++) {
      if (kindLabel(w, i) === 'text_write' && this.run.hex[field(w, i, 'new')] === 'cc') return w.step[i];
    }
    return 0;
  }

  help() {
    this.keys.open = !this.keys.open;
    announce(this.keys.open ? this.keys.textContent : 'List of keys closed.');
  }

  searchBack() { this.search(-1); }
  nextHit() { this.jump(this.hits(), 1, 'probe hit'); }
  previousHit() { this.jump(this.hits(), -1, 'probe hit'); }
  nextFinding() { this.jump(this.found(), 1, 'finding'); }
  previousFinding() { this.jump(this.found(), -1, 'finding'); }

  first() { return this.run.windows.length && this.run.windows[0].n ? { w: this.run.windows[0], i: 0 } : null; }

  last() {
    const w = this.run.windows.at(-1);
    return w?.n ? { w, i: w.n - 1 } : null;
  }

  hits() {
    return this.allHits ??= this.run.windows.flatMap(w => w.hits.map(i => ({ w, i })));
  }

  found() {
    const all = this.run.findings.map(finding => this.find(finding.ordinal)).filter(at => at);
    return all.sort((a, b) => ordinalOf(a) - ordinalOf(b));
  }

  // The event of an ordinal, or the next one that is in the page.
  find(ordinal) {
    const w = windowOf(this.run, ordinal);
    if (!w || w.n === 0) return null;
    const at = lastAtMost(w.ordinal, ordinal);
    return { w, i: at >= 0 && w.ordinal[at] === ordinal ? at : Math.min(w.n - 1, at + 1) };
  }

  move(by) {
    if (!this.selected) {
      this.select(this.first());
      return;
    }
    const { w, i } = this.selected;
    if (i + by >= 0 && i + by < w.n) {
      this.select({ w, i: i + by });
      return;
    }
    const next = this.run.windows[this.run.windows.indexOf(w) + by];
    if (next?.n) this.select({ w: next, i: by > 0 ? 0 : next.n - 1 });
    else announce('No event beyond this one.');
  }

  jump(places, by, what) {
    if (places.length === 0) {
      announce(`There is no ${what}.`);
      return;
    }
    const here = this.selected ? ordinalOf(this.selected) : -1;
    const next = by > 0 ? places.find(at => ordinalOf(at) > here) ?? places[0]
      : places.findLast(at => ordinalOf(at) < here) ?? places.at(-1);
    this.select(next);
    if (this.timeline.to - this.timeline.from > 4000) this.closer();
  }

  // Close enough to read the labels around the selected event.
  closer() {
    const step = this.selected.w.step[this.selected.i];
    this.timeline.show(step - 150, step + 350);
  }

  select(at, why = 'There is no event.') {
    this.output.textContent = at ? '' : why;
    if (!at) {
      announce(why);
      return;
    }
    this.selected = at;
    this.timeline.select(at.w, at.i);
    showDetails(this.details, at.w, at.i);
    showEvents(this.events, at.w, at.i, other => this.select(other));
    this.link(at);
    announce(`Step ${at.w.step[at.i]}, CPU ${at.w.cpu[at.i]}, ${kindLabel(at.w, at.i)}: ${sentence(at.w, at.i)}`);
  }

  // The address of the page leads to the event, so that it can be passed on.
  link({ w, i }) {
    const run = this.run.label ? `&run=${this.run.label}` : '';
    try {
      history.replaceState(null, '', `#step=${w.step[i]}&cpu=${w.cpu[i]}${run}`);
    } catch {
      // A browser may refuse when the address changes too often: the next event is soon enough.
    }
  }

  // Selects the last event of a step, or the next one, of one CPU where that is said.
  goToStep(step, cpu) {
    const fits = (w, i) => cpu === undefined || w.cpu[i] === cpu;
    let next = null;
    for (const w of this.run.windows) {
      let last = null;
      for (let i = 0; i < w.n && !next; i++) {
        if (w.step[i] === step && fits(w, i)) last = { w, i };
        if (w.step[i] > step && fits(w, i)) next = { w, i };
      }
      if (last || next) return this.arrive(last ?? next);
    }
    this.select(null, `There is no event at or after step ${step}.`);
    return false;
  }

  arrive(at) {
    this.select(at);
    this.closer();
    return true;
  }

  search(by) {
    const number = /^(?:step\s*)?(\d[\d\s,.]*)$/i.exec(this.query.value.trim());
    if (number) {
      this.goToStep(Number(number[1].replace(/\D/g, '')));
      return;
    }
    const wanted = this.query.value.trim().toLowerCase().split(/\s+/).filter(word => word);
    if (wanted.length === 0) return;
    if (this.searched !== wanted.join(' ')) {
      this.searched = wanted.join(' ');
      this.matches = this.run.windows.flatMap(w => haystack(w)
        .flatMap((text, i) => (wanted.every(word => text.includes(word)) ? [{ w, i }] : [])));
    }
    if (this.matches.length > 0) this.jump(this.matches, by, 'match');
    const at = this.matches.findIndex(m => m.w === this.selected?.w && m.i === this.selected?.i);
    this.output.textContent = this.matches.length === 0 ? 'No event matches.'
      : `${grouped(at + 1)} of ${grouped(this.matches.length)}`;
    if (this.matches.length === 0) announce('No event matches.');
  }

  summarise() {
    const packed = this.run.windows.reduce((sum, w) => sum + w.n, 0);
    const whole = this.run.windows.length === 1 && this.run.windows[0].endOrdinal >= this.run.events
      && this.run.windows[0].firstOrdinal === 0;
    const share = this.run.windows.length === 0 ? 'No event is in the page.' : whole ? `All ${grouped(this.run.events)} events; arithmetic flag writes are counted, not listed.`
      : `${grouped(packed)} events in ${this.run.windows.length} ${this.run.windows.length === 1 ? 'window' : 'windows'} `
        + `of ${grouped(this.run.events)} in all; `
        + 'elsewhere the lanes show which states occurred.';
    this.summary.textContent = `${share} Click an event; drag or Shift+wheel pans, Ctrl+wheel zooms, arrow keys walk, ? lists all keys.`;
  }

  legend(list) {
    const entries = [
      ...TRAP_CLASSES.map((name, i) => ['trap-' + i, name]),
      ...STATUS_ORDER.slice(1).map((status, i) => ['status-' + (i + 1), statusName(status)]),
    ];
    list.replaceChildren(...entries.map(([colour, name]) =>
      element('li', {}, element('span', { class: 'swatch ' + colour, 'aria-hidden': 'true' }), name)),
    element('li', {}, 'pale: status without a probe, stale'),
    element('li', {}, '↓ injected, ✎ text written, • mark, ! warning, ✕ bug, ■ end'));
  }
}

const ordinalOf = at => at.w.ordinal[at.i];

// Everything that a search looks at, in lower case, for each event of a window.
function haystack(w) {
  return w.haystack ??= Array.from({ length: w.n }, (_, i) => {
    const probe = kindLabel(w, i) === 'trap_entry' && field(w, i, 'vector') === 3 ? ' hit' : '';
    return `${kindLabel(w, i)} ${sentence(w, i)} ${addressText(w.run, w.eip[i])}${probe}`.toLowerCase();
  });
}

// What stands under the pointer.
const hoverText = ({ w, i }) =>
  `step ${w.step[i]}, CPU ${w.cpu[i]}, ${kindLabel(w, i)}\n${sentence(w, i)}\n${addressText(w.run, w.eip[i])}`;

function announce(text) {
  document.getElementById('announce').textContent = text;
}

async function copy(button) {
  const source = document.getElementById(button.dataset.copy);
  const range = document.createRange();
  range.selectNodeContents(source);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
  let done = false;
  try {
    await navigator.clipboard.writeText(source.textContent);
    done = true;
  } catch {
    // Without permission the old way still works for what is selected.
    done = document.execCommand('copy');
  }
  button.textContent = done ? 'Copied' : 'Selected: press Ctrl+C';
  announce(button.textContent);
}

function follow(views, button) {
  const go = (label, ordinal) => {
    const view = views.get(label);
    const at = view?.find(Number(ordinal));
    if (!at) {
      announce('This event is not in the page.');
      return null;
    }
    view.select(at);
    view.closer();
    return view;
  };
  const view = go(button.dataset.run, button.dataset.ordinal);
  if (button.dataset.ordinalB) go('B', button.dataset.ordinalB);
  if (view) {
    view.root.scrollIntoView({ block: 'start' });
    view.timeline.view.focus({ preventScroll: true });
  }
}

// #step=7678&cpu=0&run=A
function followLink(views) {
  const link = new URLSearchParams(location.hash.slice(1));
  const step = Number(link.get('step'));
  const view = views.get(link.get('run') ?? '') ?? [...views.values()][0];
  if (!link.has('step') || !Number.isInteger(step) || !view) return false;
  return view.goToStep(step, link.has('cpu') ? Number(link.get('cpu')) : undefined);
}

// Of two runs both are moved alike, each around the place where they part.
function couple(views, button) {
  const [a, b] = ['A', 'B'].map(label => views.get(label));
  const places = [[a, button.dataset.ordinal], [b, button.dataset.ordinalB]].map(([view, ordinal]) => view.find(Number(ordinal)));
  if (!places[0] || !places[1]) return;
  const apart = places[1].w.step[places[1].i] - places[0].w.step[places[0].i];
  let moving = false;
  const moves = (other, by) => (from, to) => {
    if (moving) return;
    moving = true;
    other.timeline.show(from + by, to + by);
    moving = false;
  };
  a.timeline.onShow = moves(b, apart);
  b.timeline.onShow = moves(a, -apart);
  b.select(places[1]);
  a.select(places[0]);
  a.closer();
}

async function main() {
  const linked = location.hash;
  const raw = JSON.parse(document.getElementById('data').textContent);
  const views = new Map();
  for (const data of raw) {
    const run = await unpackRun(data);
    run.windows.forEach(buildLanes);
    const root = [...document.querySelectorAll('.run')].find(node => node.dataset.run === run.label);
    views.set(run.label, new RunView(root, run));
  }
  const parting = document.querySelector('.jump[data-ordinal-b]');
  if (parting && views.size === 2) couple(views, parting);
  if (linked) {
    history.replaceState(null, '', linked);
    followLink(views);
  }
  addEventListener('hashchange', () => followLink(views));
  for (const button of document.querySelectorAll('.jump')) button.addEventListener('click', () => follow(views, button));
  for (const button of document.querySelectorAll('[data-copy]')) button.addEventListener('click', () => copy(button));
  const repaint = () => views.forEach(({ timeline }) => {
    timeline.colours();
    timeline.draw();
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', repaint);
  for (const [name, printing] of [['beforeprint', true], ['afterprint', false]]) {
    addEventListener(name, () => {
      document.documentElement.classList.toggle('printing', printing);
      if (printing) document.querySelectorAll('.finding details:first-of-type').forEach(slice => { slice.open = true; });
      repaint();
    });
  }
  performance.mark('ready');
  document.documentElement.dataset.ready = 'true';
}

main().catch(error => {
  announce('The timeline cannot be shown: ' + error.message);
  console.error(error);
});
