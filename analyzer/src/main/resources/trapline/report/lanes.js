// Lanes: what a CPU was in over time. A lane answers for any stretch which values it took, in logarithmic time, so that
// a view of a million events costs as much as a view of ten.

const FANOUT = 16;
const BITS_MAX = 31;

class Lane {
  constructor() {
    this.steps = [];
    this.values = [];
    this.refs = [];
  }

  // From this step on the lane has this value; ref is the event that made it so.
  set(step, value, ref) {
    const last = this.values.length - 1;
    if (last >= 0 && this.values[last] === value && this.refs[last] === ref) return;
    if (last >= 0 && this.values[last] === value && value === 0) return;
    this.steps.push(step);
    this.values.push(value);
    this.refs.push(ref);
  }

  finish() {
    this.steps = Float64Array.from(this.steps);
    this.levels = [Int32Array.from(this.values, v => 1 << Math.min(v, BITS_MAX))];
    while (this.levels.at(-1).length > FANOUT) {
      const below = this.levels.at(-1);
      const level = new Int32Array(Math.ceil(below.length / FANOUT));
      below.forEach((mask, i) => { level[Math.floor(i / FANOUT)] |= mask; });
      this.levels.push(level);
    }
    return this;
  }

  // Index of the value that holds at a step, or -1 before the first.
  indexAt(step) {
    let low = 0;
    let high = this.steps.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      if (this.steps[middle] <= step) low = middle + 1; else high = middle - 1;
    }
    return high;
  }

  // The values, as bits, of the entries from..to, both included.
  maskOf(from, to) {
    let mask = 0;
    let level = 0;
    let i = from;
    let j = to + 1;
    while (i < j) {
      const values = this.levels[level];
      const last = level === this.levels.length - 1;
      while (i < j && (last || i % FANOUT !== 0)) mask |= values[i++];
      while (i < j && (last || j % FANOUT !== 0)) mask |= values[--j];
      i /= FANOUT;
      j /= FANOUT;
      level++;
    }
    return mask;
  }

  // The values of a stretch of steps, its end not included.
  maskBetween(from, to) {
    const first = Math.max(0, this.indexAt(from));
    let last = this.indexAt(to);
    if (last > first && this.steps[last] >= to) last--;
    return last < first ? 0 : this.maskOf(first, last);
  }
}

const DEPTHS_MAX = 8;
const TRAP_CLASSES = ['#BP', '#DB', 'NMI', 'fault', 'interrupt'];
const MARK_KINDS = ['inject', 'mark', 'warn', 'bug', 'die', 'halt', 'lost', 'text_write'];

function trapClass(vector) {
  if (vector === 3) return 0;
  if (vector === 1) return 1;
  if (vector === 2) return 2;
  return vector < 32 ? 3 : 4;
}

// The place of a probe in colours and bits: 0 none, from 1 as in the observation table.
function probeIndex(run, hex) {
  if (/^0*$/.test(hex)) return 0;
  const at = run.probes.findIndex(row => row.address === hex);
  return at < 0 ? 30 : Math.min(30, at + 1);
}

// Replays a window once: for each CPU its lanes, its events, and where probes were hit.
function buildLanes(w) {
  const run = w.run;
  const cpus = Array.from({ length: run.cpus }, () => ({
    depth: Array.from({ length: DEPTHS_MAX }, () => new Lane()),
    status: new Lane(), probe: new Lane(), tf: new Lane(), intr: new Lane(), events: [], marks: [],
  }));
  const state = startState(w);
  const lookAtFlags = (cpu, step) => {
    cpus[cpu].tf.set(step, state.eflags[cpu] >>> 8 & 1, -1);
    cpus[cpu].intr.set(step, state.eflags[cpu] >>> 9 & 1, -1);
  };
  const lookAtFrames = (cpu, step) => {
    const frames = state.frames[cpu];
    for (let d = 0; d < DEPTHS_MAX; d++) {
      cpus[cpu].depth[d].set(step, d < frames.length ? 1 + trapClass(frames[d].vector) : 0, frames[d]?.index ?? -1);
    }
  };
  const lookAtProbe = (cpu, step) => {
    cpus[cpu].status.set(step, Math.max(0, STATUS_ORDER.indexOf(statusOf(run, state, cpu))), -1);
    cpus[cpu].probe.set(step, probeIndex(run, currentOf(run, state, cpu)), -1);
  };
  const lookAtAll = step => {
    for (let cpu = 0; cpu < run.cpus; cpu++) {
      lookAtFlags(cpu, step);
      lookAtFrames(cpu, step);
      lookAtProbe(cpu, step);
    }
  };
  lookAtAll(w.firstStep);
  w.hits = [];
  const { trap_entry: TRAP, trap_exit: EXIT, kprobe_status: STATUS, current_kprobe: CURRENT, lost: LOST } = run.kindIndex;
  const marks = new Set(MARK_KINDS.map(kind => run.kindIndex[kind]));
  for (let i = 0; i < w.n; i++) {
    applyEvent(state, w, i);
    const cpu = w.cpu[i];
    const kind = w.kind[i];
    cpus[cpu].events.push(i);
    if (marks.has(kind)) cpus[cpu].marks.push(i);
    if (kind === TRAP && field(w, i, 'vector') === 3) w.hits.push(i);
    if (kind === STATUS || kind === CURRENT || kind === LOST) {
      lookAtAll(w.step[i]);
    } else {
      lookAtFlags(cpu, w.step[i]);
      if (kind === TRAP || kind === EXIT) lookAtFrames(cpu, w.step[i]);
    }
  }
  for (const lanes of cpus) {
    [...lanes.depth, lanes.status, lanes.probe, lanes.tf, lanes.intr].forEach(lane => lane.finish());
    lanes.events = Int32Array.from(lanes.events);
  }
  w.lanes = cpus;
}

// Most frames that were live at once on a CPU.
function depthOf(run, cpu) {
  const most = run.overview.cpus[cpu][0].reduce((a, b) => Math.max(a, b), 0);
  return Math.min(DEPTHS_MAX, Math.max(1, most));
}

// The window that holds a step, or null.
const windowAt = (run, step) => run.windows.find(w => step >= w.firstStep && step <= w.endStep) ?? null;
const windowOf = (run, ordinal) => run.windows.find(w => ordinal >= w.firstOrdinal && ordinal < w.endOrdinal) ?? null;

// Index of the last element of ascending numbers that is at most a value.
function lastAtMost(numbers, value) {
  let low = 0;
  let high = numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] <= value) low = middle + 1; else high = middle - 1;
  }
  return high;
}
