// The pixels of a timeline. A pixel that stands for several states shows all of them, one above the other.

const FONT = '11px system-ui, sans-serif';
const OVERVIEW_OF = { status: 2, probe: 3, tf: 4, intr: 5 };

function drawMap(t) {
  const g = t.map.getContext('2d');
  const width = t.map.clientWidth;
  const height = t.map.clientHeight;
  const { events, bins } = t.run.overview;
  const most = events.reduce((a, b) => Math.max(a, b), 1);
  g.clearRect(0, 0, width, height);
  g.fillStyle = t.colour.dim;
  g.globalAlpha = 0.55;
  for (let x = 0; x < width; x++) {
    let count = 0;
    const last = Math.max(Math.floor((x + 1) * bins / width), Math.floor(x * bins / width) + 1);
    for (let bin = Math.floor(x * bins / width); bin < last; bin++) count = Math.max(count, events[bin] ?? 0);
    const high = count === 0 ? 0 : 2 + (height - 12) * Math.sqrt(count / most);
    g.fillRect(x, height - high, 1, high);
  }
  g.globalAlpha = 1;
  for (const gap of t.run.gaps) {
    const x = gap.firstStep / t.end * width;
    hatch(t, g, x, 0, Math.max(2, (gap.endStep - gap.firstStep) / t.end * width), height);
  }
  const x0 = t.from / t.end * width;
  const x1 = Math.max(x0 + 3, t.to / t.end * width);
  g.fillStyle = t.colour.accent;
  g.globalAlpha = 0.16;
  g.fillRect(x0, 0, x1 - x0, height);
  g.globalAlpha = 1;
  g.strokeStyle = t.colour.accent;
  g.strokeRect(x0 + 0.5, 0.5, x1 - x0 - 1, height - 1);
  for (const finding of t.run.findings) triangle(g, finding.step / t.end * width, 8, t.colour.fail);
}

function triangle(g, x, y, colour) {
  g.fillStyle = colour;
  g.beginPath();
  g.moveTo(x, y);
  g.lineTo(x - 5, y - 8);
  g.lineTo(x + 5, y - 8);
  g.fill();
}

function drawView(t) {
  const g = t.view.getContext('2d');
  const width = t.viewWidth;
  g.clearRect(0, 0, width, t.height);
  g.font = FONT;
  g.textBaseline = 'middle';
  drawRuler(t, g, width);
  for (const row of t.rows) {
    if (row.lane === 'cpu') {
      drawCpu(t, g, row, width);
    } else if (row.lane === 'tf' || row.lane === 'intr') {
      drawWave(t, g, row);
    } else if (row.lane === 'marks') {
      drawMarks(t, g, row);
    } else {
      drawStates(t, g, row);
    }
    g.fillStyle = t.colour.dim;
    g.textAlign = 'right';
    if (row.name && row.lane !== 'cpu') g.fillText(row.name, GUTTER - 8, row.y + row.height / 2);
  }
  drawGaps(t, g);
  drawSelection(t, g);
}

// Where events are missing nothing is known, whatever the lanes say before and after.
function drawGaps(t, g) {
  for (const gap of t.run.gaps) {
    const x0 = Math.max(GUTTER, t.xOf(gap.firstStep));
    const x1 = Math.min(GUTTER + t.width, Math.max(t.xOf(gap.endStep), t.xOf(gap.firstStep) + 3));
    if (x1 <= x0) continue;
    hatch(t, g, x0, RULER, x1 - x0, t.height - RULER);
    const text = `${gap.count < 0 ? 'an unknown number of' : grouped(gap.count)} ${gap.count === 1 ? 'event' : 'events'} missing`;
    const wide = g.measureText(text).width + 12;
    if (x1 - x0 < wide + 8) continue;
    g.fillStyle = t.colour.panel;
    g.fillRect((x0 + x1 - wide) / 2, RULER + 8, wide, 20);
    g.fillStyle = t.colour.text;
    g.textAlign = 'center';
    g.fillText(text, (x0 + x1) / 2, RULER + 18);
  }
}

function hatch(t, g, x, y, width, height) {
  g.save();
  g.beginPath();
  g.rect(x, y, width, height);
  g.clip();
  g.fillStyle = t.colour.panel;
  g.fillRect(x, y, width, height);
  g.strokeStyle = t.colour.line;
  g.lineWidth = 3;
  g.beginPath();
  for (let at = x - height - (x - height) % 12; at < x + width; at += 12) {
    g.moveTo(at, y + height);
    g.lineTo(at + height, y);
  }
  g.stroke();
  g.restore();
}

function drawCpu(t, g, row, width) {
  g.fillStyle = t.colour.text;
  g.textAlign = 'left';
  g.save();
  g.font = 'bold ' + FONT;
  g.fillText(row.name, 2, row.y + CPU_HEAD / 2);
  g.restore();
  if (row.cpu > 0) {
    g.fillStyle = t.colour.line;
    g.fillRect(0, row.y - CPU_GAP / 2, width, 1);
  }
}

function drawRuler(t, g, width) {
  const rough = t.scale * 110;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = Math.max(1, power * [1, 2, 5, 10].find(n => n * power >= rough));
  g.textAlign = 'center';
  for (let step = Math.ceil(t.from / unit) * unit; step <= t.to; step += unit) {
    const x = t.xOf(step);
    g.fillStyle = t.colour.line;
    g.fillRect(x, RULER - 6, 1, t.height - RULER);
    g.fillStyle = t.colour.dim;
    if (x > GUTTER + 14 && x < width - 24) g.fillText(grouped(step), x, 8);
  }
  for (const finding of t.run.findings) {
    const x = t.xOf(finding.step);
    if (x >= GUTTER && x <= width) triangle(g, x, RULER - 2, t.colour.fail);
  }
}

// The states of a row in a stretch of steps, and whether events of the stretch are in the page.
function statesOf(t, row, from, to) {
  const w = windowAt(t.run, Math.min(Math.max(0, Math.floor(from)), t.end - 1));
  if (w && to <= w.endStep + 1) {
    const lanes = w.lanes[row.cpu];
    const lane = row.lane === 'depth' ? lanes.depth[row.level] : lanes[row.lane];
    const mask = lane.maskBetween(from, to);
    return row.lane === 'status' ? withOwner(mask, lanes.probe.maskBetween(from, to)) : mask;
  }
  const bins = t.run.overview.cpus[row.cpu];
  const stepsOfBin = t.run.overview.stepsOfBin;
  const first = Math.max(0, Math.floor(from / stepsOfBin));
  const last = Math.min(t.run.overview.bins - 1, Math.max(first, Math.ceil(to / stepsOfBin) - 1));
  let mask = 0;
  for (let bin = first; bin <= last; bin++) {
    mask |= row.lane === 'depth'
      ? (bins[0][bin] > row.level ? bins[1][bin] << 1 || 1 << 4 : 1)
      : bins[OVERVIEW_OF[row.lane]][bin];
  }
  return row.lane === 'status' ? withOwner(mask, ownerOf(bins[OVERVIEW_OF.probe], first, last)) : mask;
}

// kprobe_status means nothing while no probe is current: this bit says that none was.
const STALE = 1 << 30;
const withOwner = (mask, probes) => (probes === 1 ? mask | STALE : mask);

function ownerOf(probes, first, last) {
  let mask = 0;
  for (let bin = first; bin <= last; bin++) mask |= probes[bin];
  return mask;
}

// Runs of pixels of equal states: calls paint(x, width, mask).
function eachRun(t, row, paint) {
  const end = t.width;
  let start = 0;
  let mask = statesOf(t, row, t.from, t.from + t.scale);
  for (let x = 1; x <= end; x++) {
    const next = x < end ? statesOf(t, row, t.from + x * t.scale, t.from + (x + 1) * t.scale) : ~mask;
    if (next !== mask) {
      paint(GUTTER + start, x - start, mask);
      start = x;
      mask = next;
    }
  }
}

function drawStates(t, g, row) {
  const colours = t.colour[row.lane];
  g.fillStyle = t.colour.line;
  g.fillRect(GUTTER, row.y + row.height - 1, t.width, 1);
  eachRun(t, row, (x, width, mask) => {
    const states = [];
    const stale = row.lane === 'status' && (mask & STALE) !== 0;
    for (let bit = 0; bit <= BITS_MAX; bit++) if (hasBit(stale ? mask & ~STALE : mask, bit)) states.push(bit);
    g.globalAlpha = stale ? 0.3 : 1;
    const height = (row.height - 1) / states.length;
    states.forEach((state, n) => {
      const colour = state === 0 ? null : colours[state] ?? t.colour.unknown;
      if (!colour) return;
      g.fillStyle = colour;
      g.fillRect(x, row.y + row.height - 1 - (n + 1) * height, width, height);
    });
    g.globalAlpha = 1;
  });
  drawLabels(t, g, row);
}

// Names in the stretches that are wide enough.
function drawLabels(t, g, row) {
  g.textAlign = 'left';
  for (const w of t.run.windows) {
    if (w.endStep < t.from || w.firstStep > t.to) continue;
    const lanes = w.lanes[row.cpu];
    const lane = row.lane === 'depth' ? lanes.depth[row.level] : lanes[row.lane];
    let k = Math.max(0, lane.indexAt(t.from));
    for (let drawn = 0; k < lane.steps.length && lane.steps[k] < t.to && drawn < 400; k++) {
      const value = lane.values[k];
      const x0 = Math.max(GUTTER, t.xOf(lane.steps[k]));
      const x1 = Math.min(GUTTER + t.width, t.xOf(k + 1 < lane.steps.length ? lane.steps[k + 1] : w.endStep + 1));
      if (x1 - x0 < LABEL_MIN) {
        const next = lane.indexAt(t.stepAt(x0 + LABEL_MIN));
        if (x1 - x0 < 1 && next > k + 1) k = next - 1;
        continue;
      }
      if (value === 0) continue;
      drawn++;
      g.save();
      g.beginPath();
      g.rect(x0, row.y, x1 - x0 - 2, row.height);
      g.clip();
      g.fillStyle = isStale(row, w, lane, k) ? t.colour.dim : t.colour.ink;
      g.fillText(labelOf(t, row, w, lane, k), x0 + 4, row.y + row.height / 2);
      g.restore();
      g.fillStyle = t.colour.panel;
      if (t.xOf(lane.steps[k]) >= GUTTER) g.fillRect(x0, row.y, 1, row.height - 1);
    }
  }
}

function isStale(row, w, lane, k) {
  if (row.lane !== 'status') return false;
  const probe = w.lanes[row.cpu].probe;
  return probe.values[probe.indexAt(lane.steps[k])] === 0 && (lane.steps[k + 1] ?? Infinity) - lane.steps[k] > 1;
}

function labelOf(t, row, w, lane, k) {
  const value = lane.values[k];
  if (row.lane === 'status') return statusName(STATUS_ORDER[value]);
  if (row.lane === 'probe') return t.run.probes[value - 1]?.name ?? 'a probe';
  const entry = lane.refs[k];
  if (entry < 0) return TRAP_CLASSES[value - 1];
  return trapName(field(w, entry, 'vector')) + ' at ' + addressText(t.run, w.eip[entry]);
}

// A flag as a wave: high where it is set, low where it is clear, a block where it changes within a pixel.
function drawWave(t, g, row) {
  const high = row.y + 1;
  const low = row.y + row.height - 2;
  const strong = row.lane === 'tf' ? 2 : 1;
  let before = 0;
  eachRun(t, row, (x, width, mask) => {
    g.fillStyle = t.colour[row.lane === 'tf' ? 'status' : 'depth'][2];
    if (mask === 2) {
      g.globalAlpha = 0.22;
      g.fillRect(x, high, width, low - high + 1);
    }
    g.globalAlpha = mask === strong || mask === 3 ? 1 : 0.75;
    if (mask & 2) g.fillRect(x, high, width, 2);
    if (mask & 1) g.fillRect(x, low, width, 2);
    if (mask === 3) {
      g.globalAlpha = 0.55;
      g.fillRect(x, high, width, low - high);
    } else if (before && before !== mask) {
      g.fillRect(x, high, 1.5, low - high + 1);
    }
    g.globalAlpha = 1;
    before = mask;
  });
}

const MARK_SHAPES = { inject: '↓', mark: '•', warn: '!', bug: '✕', die: '✕', halt: '■', lost: '?', text_write: '✎' };

function drawMarks(t, g, row) {
  g.fillStyle = t.colour.line;
  g.fillRect(GUTTER, row.y + row.height - 1, t.width, 1);
  g.textAlign = 'center';
  for (const w of t.run.windows) {
    if (w.endStep < t.from || w.firstStep > t.to) continue;
    let reached = -Infinity;
    const marks = w.lanes[row.cpu].marks;
    for (let k = firstFrom(w, marks, t.from); k < marks.length; k++) {
      const i = marks[k];
      const x = t.xOf(w.step[i]);
      if (x > GUTTER + t.width) break;
      if (x - reached < 3) continue;
      reached = x;
      const kind = kindLabel(w, i);
      g.fillStyle = ['warn', 'bug', 'die', 'lost'].includes(kind) ? t.colour.fail : t.colour.text;
      g.fillText(MARK_SHAPES[kind], x, row.y + row.height / 2);
    }
  }
}

// The first of ascending event numbers that is not before a step.
function firstFrom(w, events, step) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (w.step[events[middle]] < step) low = middle + 1; else high = middle;
  }
  return low;
}

function drawSelection(t, g) {
  if (!t.selected) return;
  const { w, i } = t.selected;
  const x = t.xOf(w.step[i]);
  if (x < GUTTER - 1 || x > GUTTER + t.width) return;
  g.fillStyle = t.colour.accent;
  g.fillRect(x - 0.75, RULER - 8, 2, t.height - RULER);
  const row = t.rows.find(r => r.lane === 'cpu' && r.cpu === w.cpu[i]);
  g.globalAlpha = 0.9;
  g.strokeStyle = t.colour.accent;
  g.strokeRect(GUTTER - 2, row.y - 2, t.width + 2, row.height + 2);
  g.globalAlpha = 1;
}
