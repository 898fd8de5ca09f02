// Draws lanes on a canvas, and turns pointers and wheels into moves.

const GUTTER = 58;
const RULER = 24;
const ROW = { depth: 17, status: 17, probe: 17, tf: 13, intr: 13, marks: 15 };
const GAP = 5;
const CPU_GAP = 12;
const CPU_HEAD = 17;
const LABEL_MIN = 26;
const PROBE_COLOURS = 6;

class Timeline {
  constructor(run, view, map, onSelect, hoverText) {
    this.hoverText = hoverText;
    this.onShow = () => {};
    this.run = run;
    this.view = view;
    this.map = map;
    this.onSelect = onSelect;
    this.selected = null;
    this.end = Math.max(1, run.steps + 1);
    this.from = 0;
    this.to = this.end;
    this.rows = this.layout();
    this.viewWidth = view.clientWidth;
    this.listen();
    this.colours();
    new ResizeObserver(() => this.draw()).observe(view);
  }

  layout() {
    const rows = [];
    let y = RULER;
    for (let cpu = 0; cpu < this.run.cpus; cpu++) {
      const top = y;
      y += CPU_HEAD;
      const add = (lane, height, name, level) => {
        rows.push({ cpu, lane, y, height, name, level });
        y += height;
      };
      for (let level = depthOf(this.run, cpu) - 1; level >= 0; level--) {
        add('depth', ROW.depth, level === 0 ? 'traps' : '', level);
      }
      y += GAP;
      add('status', ROW.status, 'status');
      y += GAP;
      add('probe', ROW.probe, 'probe');
      y += GAP;
      add('tf', ROW.tf, 'TF');
      y += GAP;
      add('intr', ROW.intr, 'IF');
      y += GAP;
      add('marks', ROW.marks, 'marks');
      rows.push({ cpu, lane: 'cpu', y: top, height: y - top, name: 'CPU ' + cpu });
      y += CPU_GAP;
    }
    this.height = y;
    return rows;
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    const read = name => style.getPropertyValue('--' + name).trim();
    this.colour = {
      text: read('text'), dim: read('dim'), line: read('line'), panel: read('panel'), accent: read('accent'),
      fail: read('fail'), ink: read('on-lane'), unknown: read('unknown-lane'),
      depth: [null, ...[0, 1, 2, 3, 4].map(i => read('trap-' + i))],
      status: [null, ...[1, 2, 3, 4].map(i => read('status-' + i))],
      probe: [null, ...Array.from({ length: BITS_MAX }, (_, i) => read('probe-' + i % PROBE_COLOURS))],
    };
  }

  listen() {
    const view = this.view;
    view.addEventListener('wheel', event => this.onWheel(event), { passive: false });
    view.addEventListener('pointerdown', event => this.onDown(event));
    view.addEventListener('pointermove', event => this.onMove(event));
    view.addEventListener('pointerup', event => this.onUp(event));
    view.addEventListener('pointercancel', () => { this.drag = null; });
    view.addEventListener('dblclick', event => this.zoom(0.25, this.stepAt(event.offsetX)));
    const jump = event => {
      const centre = event.offsetX / this.map.clientWidth * this.end;
      this.show(centre - (this.to - this.from) / 2, centre + (this.to - this.from) / 2);
    };
    this.map.addEventListener('pointerdown', event => { this.map.setPointerCapture(event.pointerId); jump(event); });
    this.map.addEventListener('pointermove', event => { if (event.buttons) jump(event); });
    // List and state follow to where the lanes have gone.
    this.map.addEventListener('pointerup', () => {
      const at = this.nearestAt(this.xOf((this.from + this.to) / 2));
      if (at) this.onSelect(at);
    });
  }

  // As of the last drawing: to ask the browser for each pixel takes longer than all the rest.
  get width() { return Math.max(1, this.viewWidth - GUTTER); }
  get scale() { return (this.to - this.from) / this.width; }
  stepAt(x) { return this.from + (x - GUTTER) * this.scale; }
  xOf(step) { return GUTTER + (step - this.from) / this.scale; }

  onWheel(event) {
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (!sideways && !event.ctrlKey && document.activeElement !== this.view) return;
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    if (sideways) {
      const by = (event.deltaX || event.deltaY) * unit * this.scale;
      this.show(this.from + by, this.to + by);
    } else {
      this.zoom(Math.exp(event.deltaY * unit * 0.002), this.stepAt(event.offsetX));
    }
  }

  onDown(event) {
    this.view.focus({ preventScroll: true });
    this.view.setPointerCapture(event.pointerId);
    this.drag = { x: event.offsetX, from: this.from, to: this.to, moved: false };
  }

  onMove(event) {
    if (!this.drag) {
      this.hover(event.offsetX);
      return;
    }
    const by = (this.drag.x - event.offsetX) * (this.drag.to - this.drag.from) / this.width;
    this.drag.moved ||= Math.abs(this.drag.x - event.offsetX) > 4;
    if (this.drag.moved) this.show(this.drag.from + by, this.drag.to + by);
  }

  // Says what the nearest event is, a few pixels around the pointer.
  hover(x) {
    const at = this.nearestAt(x);
    const near = at && Math.abs(this.xOf(at.w.step[at.i]) - x) < 12;
    this.view.title = near ? this.hoverText(at) : '';
  }

  nearestAt(x) {
    const step = this.stepAt(x);
    const w = windowAt(this.run, Math.floor(step)) ?? windowAt(this.run, Math.round(step));
    const i = w ? nearest(w, w.all ??= Array.from({ length: w.n }, (_, k) => k), step) : null;
    return i === null ? null : { w, i };
  }

  onUp(event) {
    const wasClick = this.drag && !this.drag.moved;
    this.drag = null;
    if (wasClick) this.click(event.offsetX, event.offsetY);
  }

  zoom(factor, around) {
    const centre = around ?? this.centre();
    this.show(centre - (centre - this.from) * factor, centre + (this.to - centre) * factor);
  }

  // What zooming without a pointer keeps in place.
  centre() {
    const step = this.selected ? this.selected.w.step[this.selected.i] + 0.5 : NaN;
    return step >= this.from && step <= this.to ? step : (this.from + this.to) / 2;
  }

  // Shows a stretch, moved and widened so that it lies in the run and has at least a few steps.
  show(from, to) {
    const length = Math.min(this.end, Math.max(8, to - from));
    const middle = (from + to) / 2;
    this.from = Math.min(Math.max(0, middle - length / 2), this.end - length);
    this.to = this.from + length;
    this.draw();
    this.onShow(this.from, this.to);
  }

  fit() { this.show(0, this.end); }

  // Selects an event and brings it into view.
  select(w, i) {
    this.selected = { w, i };
    const step = w.step[i];
    const length = this.to - this.from;
    if (step < this.from || step > this.to) {
      this.show(step - length / 2, step + length / 2);
    } else {
      this.draw();
    }
  }

  // The event of a row that a click means: the trap below it, or the nearest of the kinds that the row shows.
  click(x, y) {
    const row = this.rows.find(r => r.lane !== 'cpu' && y >= r.y - GAP && y < r.y + r.height)
      ?? this.rows.findLast(r => y >= r.y);
    const step = this.stepAt(x);
    const w = windowAt(this.run, Math.floor(step)) ?? windowAt(this.run, Math.round(step));
    if (!row || x < GUTTER) return;
    const gap = this.run.gaps.find(g => step >= g.firstStep && step < g.endStep);
    if (!w || gap) {
      this.onSelect(null, gap ? `Events are missing here: ${gap.why}.` : 'Only a summary of this stretch is in the page.');
      return;
    }
    const lanes = w.lanes[row.cpu];
    if (row.lane === 'depth') {
      const lane = lanes.depth[row.level];
      const ref = lane.refs[lane.indexAt(step)];
      if (ref >= 0) {
        this.onSelect({ w, i: ref });
        return;
      }
    }
    const wanted = { status: 'kprobe_status', probe: 'current_kprobe', tf: 'eflags_write', intr: 'eflags_write' }[row.lane];
    const kind = this.run.kindIndex[wanted];
    const candidates = row.lane === 'marks' ? lanes.marks : lanes.events;
    const i = nearest(w, candidates, step, kind) ?? nearest(w, lanes.events, step);
    if (i !== null) this.onSelect({ w, i });
  }

  draw() {
    const ratio = window.devicePixelRatio || 1;
    this.viewWidth = this.view.clientWidth;
    for (const [canvas, height] of [[this.view, this.height], [this.map, this.map.clientHeight]]) {
      const width = canvas.clientWidth;
      if (canvas === this.view && canvas.clientHeight !== height) canvas.style.height = height + 'px';
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      canvas.getContext('2d').setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    this.view.dataset.from = this.from;
    this.view.dataset.to = this.to;
    drawMap(this);
    drawView(this);
  }
}

// The event of a kind (any, without one) that is nearest to a step, of ascending event numbers.
function nearest(w, events, step, kind) {
  let at = -1;
  let high = events.length - 1;
  for (let low = 0; low <= high;) {
    const middle = (low + high) >> 1;
    if (w.step[events[middle]] <= step) { at = middle; low = middle + 1; } else high = middle - 1;
  }
  const fits = k => k >= 0 && k < events.length && (kind === undefined || w.kind[events[k]] === kind);
  const distance = k => Math.abs(w.step[events[k]] - step);
  let before = at;
  let after = at + 1;
  while (before >= 0 && !fits(before)) before--;
  while (after < events.length && !fits(after)) after++;
  if (!fits(before)) return fits(after) ? events[after] : null;
  return fits(after) && distance(after) < distance(before) ? events[after] : events[before];
}
