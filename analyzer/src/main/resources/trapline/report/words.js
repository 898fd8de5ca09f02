// Names: symbols, flags, traps, probes, and each event in a sentence.

const FLAGS = [[0, 'CF'], [2, 'PF'], [4, 'AF'], [6, 'ZF'], [7, 'SF'], [8, 'TF'], [9, 'IF'], [10, 'DF'], [11, 'OF'],
  [14, 'NT'], [16, 'RF'], [17, 'VM'], [18, 'AC']];
const TRAPS = ['#DE', '#DB', 'NMI', '#BP', '#OF', '#BR', '#UD', '#NM', '#DF', '#9', '#TS', '#NP', '#SS', '#GP', '#PF',
  '#15', '#MF', '#AC', '#MC', '#XM'];
const STATUSES = { 0: 'none', 1: 'ACTIVE', 2: 'SS', 4: 'REENTER', 8: 'SSDONE' };
const STATUS_ORDER = [0, 1, 2, 4, 8];

const grouped = number => String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');
const trapName = vector => TRAPS[vector] ?? '#' + vector;
const statusName = status => STATUSES[status] ?? status.toString(16);
const hasBit = (value, bit) => (value >>> bit & 1) === 1;

function flagNames(eflags) {
  return FLAGS.filter(([bit]) => hasBit(eflags, bit)).map(([, name]) => name);
}

function controlFlags(eflags) {
  return FLAGS.filter(([bit]) => bit >= 8 && bit !== 11 && hasBit(eflags, bit)).map(([, name]) => name).join(' ') || 'none';
}

// Symbol and offset of a place in the dictionary, or null.
function symbolOf(run, place) {
  if (!run.described.has(place)) run.described.set(place, findSymbol(run, BigInt('0x' + (run.hex[place] || '0'))));
  return run.described.get(place);
}

function findSymbol(run, address) {
  const symbol = run.symbols[symbolAt(run, address)];
  if (!symbol) return null;
  const offset = address - symbol.address;
  return offset === 0n ? symbol.name : symbol.name + '+0x' + offset.toString(16);
}

// Index of the symbol that holds an address, or -1.
function symbolAt(run, address) {
  let low = 0;
  let high = run.symbols.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (run.symbols[middle].address <= address) low = middle + 1; else high = middle - 1;
  }
  const symbol = run.symbols[high];
  return symbol && (symbol.size === 0n || address < symbol.address + symbol.size) ? high : -1;
}

const addressText = (run, place) => symbolOf(run, place) ?? '0x' + run.hex[place];

function probeName(run, hex) {
  if (/^0*$/.test(hex)) return 'none';
  return run.probes.find(row => row.address === hex)?.name ?? '0x' + hex;
}

// A value that may point to a probe: by its name if it does.
const pointer = (run, hex) => run.probes.find(row => row.address === hex)?.name ?? hex;

const rowName = (run, row) => run.observed[row]?.name ?? '?' + row;
const label = (w, i, name) => {
  const info = w.run.kinds[w.kind[i]].fields[w.run.fieldIndex[w.kind[i]][name]];
  const code = field(w, i, name);
  return info.labels[code] ?? '?' + code;
};

const kindLabel = (w, i) => w.run.kinds[w.kind[i]].label;

// What happened, in one line.
function sentence(w, i) {
  const run = w.run;
  const hex = name => run.hex[field(w, i, name)];
  const at = name => addressText(run, field(w, i, name));
  const flags = name => controlFlags(run.bits[field(w, i, name)]);
  const plain = name => field(w, i, name);
  switch (kindLabel(w, i)) {
    case 'trap_entry': {
      const origin = label(w, i, 'origin');
      return `${trapName(plain('vector'))} taken, pushed ${at('ip')}, flags ${flags('eflags')}`
        + (origin === 'instruction' ? '' : `, ${origin}`);
    }
    case 'trap_exit': return `return to ${at('ip')}, flags ${flags('eflags')}`;
    case 'eflags_write': return eflagsSentence(w, i);
    case 'kprobe_status':
      return `${statusName(run.number[plain('old')])} → ${statusName(run.number[plain('new')])}`;
    case 'current_kprobe': return `${probeName(run, hex('old'))} → ${probeName(run, hex('new'))}`;
    case 'watch': return `${rowName(run, plain('variable'))}: ${hex('old')} → ${hex('new')}`;
    case 'call_entry':
      return `${rowName(run, plain('function'))}(${['arg0', 'arg1', 'arg2'].map(name => pointer(run, hex(name))).join(', ')})`;
    case 'call_exit': return `${rowName(run, plain('function'))} returned ${pointer(run, hex('result'))}`;
    case 'text_read': return `${at('address')} read as ${hex('value')} by ${label(w, i, 'by')}`;
    case 'text_write': return `${at('address')}: ${hex('old')} → ${hex('new')} by ${label(w, i, 'by')}`;
    case 'switch': return `CPU ${plain('to')} runs (${label(w, i, 'reason')})`;
    case 'inject': return `${label(w, i, 'what')} to CPU ${plain('target')}, ${hex('number')} = ${hex('value')}`;
    case 'halt': return `end: ${label(w, i, 'reason')}, code ${plain('code')} ${w.texts.get(i)}`;
    case 'lost': return `${plain('count') < 0 ? 'unknown many' : grouped(plain('count'))} events lost: ${w.texts.get(i)}`;
    case 'hit_end': return `hit of ${probeName(run, hex('probe'))} ends: ${label(w, i, 'how')}, ${plain('differences')} differences`;
    case 'hit_difference':
      return `${label(w, i, 'what')} after the hit of ${probeName(run, hex('probe'))}: ${hex('expected')} expected, ${hex('found')} found`;
    case 'shown': return `${rowName(run, plain('function'))} ${plain('leaving') ? 'leaves' : 'is shown'} ip ${at('ip')}, flags ${flags('eflags')}`;
    case 'slot_run': return `an instruction in ${rowName(run, plain('slots'))} is about to run`;
    case 'stack_write': return `stack of the interrupted code, ${hex('address')}: ${hex('old')} → ${hex('new')}`;
    case 'mark': case 'warn': case 'bug': case 'die': return `${w.texts.get(i)} (${hex('value')})`;
    default: return fieldsSentence(w, i);
  }
}

// Of a kind that has no words of its own.
function fieldsSentence(w, i) {
  return w.run.kinds[w.kind[i]].fields
    .map(f => `${f.name} ${f.type === 'DECIMAL' ? field(w, i, f.name) : w.run.hex[field(w, i, f.name)]}`).join(', ');
}

function eflagsSentence(w, i) {
  const run = w.run;
  const old = run.bits[field(w, i, 'old')];
  const now = run.bits[field(w, i, 'new')];
  const cause = label(w, i, 'cause');
  const changed = FLAGS.filter(([bit]) => bit >= 8 && bit !== 11 && hasBit(old ^ now, bit))
    .map(([bit, name]) => `${name}=${now >>> bit & 1}`).join(' ');
  const what = cause === 'frame' ? `saved flags of frame ${field(w, i, 'frame')}` : `flags by ${cause}`;
  return `${what}: ${changed || 'no control flag changes'}`;
}
