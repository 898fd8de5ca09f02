// The state that a window's events imply, and the lanes drawn from it.

const CF_TO_SF = 0xd5;
const ARITHMETIC = 0x8d5;
const TF = 0x100;

function startState(w) {
  const start = w.start;
  return {
    step: start.step, running: start.running, switchStep: start.step, icountAtSwitch: [...start.icount],
    eflags: [...start.eflags],
    frames: start.frames.map(frames => frames.map(f => ({ ...f, hex: f.ip }))),
    variables: start.variables.map(row => [...row]),
    calls: start.frames.map(() => []),
    lost: false,
  };
}

function applyEvent(state, w, i) {
  const run = w.run;
  const cpu = w.cpu[i];
  state.step = w.step[i];
  switch (run.kinds[w.kind[i]].label) {
    case 'trap_entry':
      state.frames[cpu].push({
        id: field(w, i, 'frame'), vector: field(w, i, 'vector'), hex: run.hex[field(w, i, 'ip')],
        ip: field(w, i, 'ip'), eflags: run.bits[field(w, i, 'eflags')], esp: run.hex[field(w, i, 'esp')],
        cs: run.hex[field(w, i, 'cs')], error: field(w, i, 'error'), index: i,
      });
      state.eflags[cpu] &= ~TF; // as every gate does
      break;
    case 'trap_exit': {
      state.eflags[cpu] = run.bits[field(w, i, 'eflags')];
      const level = state.frames[cpu].findLastIndex(f => f.id === field(w, i, 'frame'));
      if (level >= 0) state.frames[cpu].length = level;
      state.calls[cpu] = state.calls[cpu].filter(call => call.depth <= state.frames[cpu].length);
      break;
    }
    case 'eflags_write': {
      const now = run.bits[field(w, i, 'new')];
      if (label(w, i, 'cause') !== 'frame') {
        state.eflags[cpu] = now;
      } else {
        const frame = state.frames[cpu].findLast(f => f.id === field(w, i, 'frame'));
        if (frame) frame.eflags = now;
      }
      break;
    }
    case 'kprobe_status': case 'current_kprobe': case 'watch': {
      const row = state.variables[field(w, i, 'variable')];
      if (row && field(w, i, 'element') < row.length) row[field(w, i, 'element')] = run.hex[field(w, i, 'new')];
      break;
    }
    case 'call_entry':
      state.calls[cpu].push({ row: field(w, i, 'function'), depth: state.frames[cpu].length });
      break;
    case 'call_exit': {
      const at = state.calls[cpu].findLastIndex(call => call.row === field(w, i, 'function'));
      if (at >= 0) state.calls[cpu].length = at;
      break;
    }
    case 'switch':
      state.icountAtSwitch[state.running] = icount(state, state.running);
      state.switchStep = state.step;
      state.running = field(w, i, 'to');
      break;
    case 'lost':
      state.frames.forEach(frames => { frames.length = 0; });
      state.calls.forEach(calls => { calls.length = 0; });
      state.lost = true;
      break;
    default: break;
  }
  const a = w.arithmetic[i];
  state.eflags[cpu] = (state.eflags[cpu] & ~ARITHMETIC) | (a & CF_TO_SF) | ((a & 2) << 10);
}

const icount = (state, cpu) =>
  state.icountAtSwitch[cpu] + (cpu === state.running ? state.step - state.switchStep : 0);

// The state after event i.
function stateAt(w, i) {
  const state = startState(w);
  for (let k = 0; k <= i; k++) applyEvent(state, w, k);
  return state;
}

// A CPU's element of a row; a global variable has one element.
function elementOf(run, state, cpu, row, otherwise) {
  return row < 0 ? otherwise : state.variables[row][run.observed[row].count > 1 ? cpu : 0] ?? otherwise;
}

const statusOf = (run, state, cpu) => parseInt(elementOf(run, state, cpu, run.statusRow, '0'), 16);
const currentOf = (run, state, cpu) => elementOf(run, state, cpu, run.currentRow, '0');
