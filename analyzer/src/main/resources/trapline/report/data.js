// Unpacks a run: columns of numbers as EventPacker made them, values as ValueDictionary has them.

async function inflate(base64) {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

class Cursor {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  unsigned() {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 128;
    }
  }

  signed() {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  text() {
    const length = this.unsigned();
    this.at += length;
    return new TextDecoder().decode(this.bytes.subarray(this.at - length, this.at));
  }
}

const FIXED_COLUMNS = 7;

// A window: event i has kind[i], cpu[i], ... and its fields in fields[kind][field][row[i]].
async function unpackWindow(run, packed) {
  const bytes = await inflate(packed.columns);
  const starts = [];
  packed.sizes.reduce((at, size) => (starts.push(at), at + size), 0);
  const column = n => new Cursor(bytes, starts[n]);
  const n = packed.count;
  const w = {
    run, n, start: packed.start, firstOrdinal: packed.firstOrdinal, endOrdinal: packed.endOrdinal,
    firstStep: packed.firstStep, endStep: packed.endStep,
    kind: new Uint8Array(n), cpu: new Uint8Array(n), ordinal: new Float64Array(n), step: new Float64Array(n),
    eip: new Int32Array(n), arithmetic: new Uint8Array(n), row: new Int32Array(n), texts: new Map(), fields: [],
  };
  const [kinds, cpus, gaps, steps, eips, flags, texts] = Array.from({ length: FIXED_COLUMNS }, (_, i) => column(i));
  const rows = run.kinds.map(() => 0);
  let ordinal = packed.firstOrdinal;
  let step = packed.firstStep;
  for (let i = 0; i < n; i++) {
    const kind = kinds.unsigned();
    ordinal += gaps.unsigned();
    step += steps.signed();
    w.kind[i] = kind;
    w.cpu[i] = cpus.unsigned();
    w.ordinal[i] = ordinal++;
    w.step[i] = step;
    w.eip[i] = eips.unsigned();
    w.arithmetic[i] = flags.unsigned();
    w.row[i] = rows[kind]++;
    if (run.kinds[kind].text) w.texts.set(i, texts.text());
  }
  let next = FIXED_COLUMNS;
  for (const [kind, info] of run.kinds.entries()) {
    w.fields.push(info.fields.map(field => unpackField(column(next++), field.packing, rows[kind])));
  }
  return w;
}

function unpackField(cursor, packing, n) {
  const values = new Float64Array(n);
  let last = 0;
  for (let i = 0; i < n; i++) {
    values[i] = packing === 'delta' ? (last += cursor.signed()) : cursor.unsigned();
  }
  return values;
}

const OVERVIEW_LANES = 6;

async function unpackOverview(run) {
  const cursor = new Cursor(await inflate(run.overview.events), 0);
  const bins = run.overview.bins;
  const numbers = () => Int32Array.from({ length: bins }, () => cursor.unsigned());
  const events = Float64Array.from({ length: bins }, () => cursor.unsigned());
  const cpus = [];
  for (let cpu = 0; cpu < run.cpus; cpu++) {
    cpus.push(Array.from({ length: OVERVIEW_LANES }, numbers));
  }
  return { bins, events, cpus, stepsOfBin: (run.steps + 1) / bins };
}

// Instructions by ascending address: where, how long, what, and the source line.
async function unpackCode(packed) {
  if (!packed.lines) return [];
  let source = '';
  return new TextDecoder().decode(await inflate(packed.lines)).split('\n').slice(0, -1).map(line => {
    const [address, length, text, changed] = line.split('\t');
    source = changed || source;
    return { address: parseInt(address, 16), length: Number(length), text, source };
  });
}

async function unpackRun(raw) {
  const run = { ...raw };
  const text = new TextDecoder().decode(await inflate(raw.dictionary));
  run.hex = text.split(' ');
  run.number = Float64Array.from(run.hex, h => parseInt(h || '0', 16));
  run.bits = Uint32Array.from(run.hex, h => parseInt(h.slice(-8) || '0', 16));
  run.symbols = raw.symbols.map(([address, size, name]) => ({ address: BigInt('0x' + address), size: BigInt('0x' + size), name }));
  run.probes = raw.observed.filter(row => row.kind === 'probe');
  run.kindIndex = Object.fromEntries(raw.kinds.map((kind, i) => [kind.label, i]));
  run.fieldIndex = raw.kinds.map(kind => Object.fromEntries(kind.fields.map((field, i) => [field.name, i])));
  run.described = new Map();
  run.statusRow = raw.observed.findIndex(row => row.kind === 'status');
  run.currentRow = raw.observed.findIndex(row => row.kind === 'current');
  run.absence = raw.code.absence;
  run.code = await unpackCode(raw.code);
  run.codeAddresses = run.code.map(line => line.address);
  run.overview = await unpackOverview(raw);
  run.windows = await Promise.all(raw.windows.map(w => unpackWindow(run, w)));
  return run;
}

// A field of event i by name: a place in the dictionary, or the number itself.
function field(w, i, name) {
  const kind = w.kind[i];
  return w.fields[kind][w.run.fieldIndex[kind][name]][w.row[i]];
}
