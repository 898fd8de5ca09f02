// What is known at the selected event, and the events around it, as HTML.

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const code = text => element('code', {}, text);

function facts(pairs) {
  const list = element('dl', { class: 'facts' });
  for (const [name, value] of pairs) {
    if (value !== null && value !== '') {
      list.append(element('div', {}, element('dt', {}, name), element('dd', {}, value)));
    }
  }
  return list;
}

function withSymbol(run, place) {
  const symbol = symbolOf(run, place);
  return code('0x' + run.hex[place] + (symbol ? '  ' + symbol : ''));
}

function showDetails(panel, w, i) {
  const run = w.run;
  const cpu = w.cpu[i];
  const state = stateAt(w, i);
  const kind = kindLabel(w, i);
  panel.replaceChildren(
    element('h3', {}, `${kind} at step ${grouped(w.step[i])}`),
    element('p', { class: 'sentence' }, sentence(w, i)),
    facts([
      ['CPU', String(cpu)],
      ['Instruction', withSymbol(run, w.eip[i])],
      ['Event', grouped(w.ordinal[i])],
      ['Retired here', run.clock === 'retired instructions' ? grouped(icount(state, cpu)) + ' on CPU ' + cpu : ''],
    ]),
    ...listing(w, i),
    flagTable(state.eflags[cpu]),
    element('h4', {}, 'Fields'),
    facts(run.kinds[w.kind[i]].fields.map(f => [f.name, fieldValue(w, i, f)])),
    ...registers(w, i, state),
    ...frames(run, state, cpu),
    ...variables(run, state, cpu),
  );
  if (state.lost) panel.append(element('p', { class: 'dim' }, 'Events were lost before this one: frames may be missing.'));
}

const LISTED = 3;

// The instruction of the event between its neighbours, as they are in the guest's file.
function listing(w, i) {
  const run = w.run;
  const note = text => [element('h4', {}, 'Code'), element('p', { class: 'dim' }, text)];
  if (run.absence) return note(run.absence);
  const address = run.number[w.eip[i]];
  const all = run.code;
  const here = lastAtMost(run.codeAddresses, address);
  if (here < 0 || all[here].address !== address) {
    return note('Not in the guest\u2019s file: these bytes were written while the guest ran.');
  }
  const joined = (k, n) => all[k] && all[n] && all[k].address + all[k].length === all[n].address;
  let first = here;
  let last = here;
  while (first > here - LISTED && joined(first - 1, first)) first--;
  while (last < here + LISTED && joined(last, last + 1)) last++;
  const rows = [];
  for (let k = first, source = ''; k <= last; k++) {
    const line = all[k];
    rows.push(element('tr', k === here ? { 'aria-current': 'true' } : {}, element('th', { scope: 'row' }, placeNear(run, line.address, address)),
      element('td', {}, code(line.text)), element('td', { class: 'dim' }, line.source === source ? '' : line.source)));
    source = line.source;
  }
  const broken = kindLabel(w, i) === 'trap_entry' && field(w, i, 'vector') === 3 && !/^int3/.test(all[here].text);
  return [element('table', { class: 'listing' }, element('caption', {}, 'Code as linked'), element('tbody', {}, ...rows)),
    ...(broken ? [element('p', { class: 'dim' }, 'A breakpoint stood in place of its first byte.')] : [])];
}

// A place in few characters: without the symbol's name if that is the one of another address.
function placeNear(run, address, other) {
  const symbol = run.symbols[symbolAt(run, BigInt(address))];
  const name = findSymbol(run, BigInt(address)) ?? '0x' + address.toString(16);
  const same = symbol && symbol === run.symbols[symbolAt(run, BigInt(other))];
  return same ? name.slice(symbol.name.length) || '+0x0' : name;
}

function fieldValue(w, i, f) {
  const run = w.run;
  const value = field(w, i, f.name);
  switch (f.type) {
    case 'ADDRESS': return withSymbol(run, value);
    case 'EFLAGS': return code(run.hex[value] + '  ' + (flagNames(run.bits[value]).join(' ') || 'no flag'));
    case 'HEX': return hexField(w, i, f.name, value);
    case 'VECTOR': return `${value} ${trapName(value)}`;
    case 'OBSERVED': return rowName(run, value);
    case 'LABEL': return f.labels[value] ?? '?' + value;
    default: return f.name === 'error' && value === -1 ? 'none' : grouped(value);
  }
}

function hexField(w, i, name, place) {
  const hex = w.run.hex[place];
  const kind = kindLabel(w, i);
  if (kind === 'kprobe_status' && name !== 'variable') return statusName(w.run.number[place]);
  if (kind === 'current_kprobe' && name !== 'variable') return code('0x' + hex + '  ' + probeName(w.run, hex));
  return code('0x' + hex);
}

function flagTable(eflags) {
  const row = (cells, tag) => element('tr', {}, ...cells.map(text => element(tag, tag === 'th' ? { scope: 'col' } : {}, text)));
  const values = FLAGS.map(([bit]) => String(eflags >>> bit & 1));
  const body = row(values, 'td');
  [...body.children].forEach((cell, n) => cell.classList.toggle('set', values[n] === '1'));
  return element('table', { class: 'flags' },
    element('caption', {}, 'EFLAGS after it: 0x' + (eflags >>> 0).toString(16)),
    element('thead', {}, row(FLAGS.map(([, name]) => name), 'th')), element('tbody', {}, body));
}

// Registers that the last events of the CPU told: an event names few of them.
function registers(w, i, state) {
  const run = w.run;
  const cpu = w.cpu[i];
  const known = new Map([['EIP', withSymbol(run, w.eip[i])], ['EFLAGS', code('0x' + (state.eflags[cpu] >>> 0).toString(16))]]);
  const note = (register, k, name) => known.has(register)
    || known.set(register, code('0x' + run.hex[field(w, k, name)] + (k === i ? '' : `  at step ${grouped(w.step[k])}`)));
  for (let k = i, left = 60; k >= 0 && left > 0; k--) {
    if (w.cpu[k] !== cpu) continue;
    left--;
    const kind = kindLabel(w, k);
    if (kind === 'trap_entry') {
      note('ESP', k, 'esp');
      note('CS', k, 'cs');
      if (field(w, k, 'vector') === 14) note('CR2', k, 'address');
      if (field(w, k, 'vector') === 1) note('DR6', k, 'dr6');
    } else if (kind === 'trap_exit') {
      note('ESP', k, 'esp');
      note('CS', k, 'cs');
    } else if (kind === 'call_entry' && k === i) {
      note('EAX', k, 'arg0');
      note('EDX', k, 'arg1');
      note('ECX', k, 'arg2');
    } else if (kind === 'call_exit' && k === i) {
      note('EAX', k, 'result');
    }
  }
  return [element('h4', {}, 'Registers as far as events tell'), facts([...known])];
}

function frames(run, state, cpu) {
  const live = state.frames[cpu];
  if (live.length === 0) return [element('h4', {}, 'Trap frames'), element('p', { class: 'dim' }, 'none: outside of any trap')];
  const list = element('ol', { class: 'frames', reversed: '' });
  for (const frame of [...live].reverse()) {
    const where = frame.ip === undefined || typeof frame.ip === 'string' ? '0x' + frame.hex : addressText(run, frame.ip);
    list.append(element('li', {}, `${trapName(frame.vector)} pushed ${where}, flags `, code(controlFlags(frame.eflags))));
  }
  return [element('h4', {}, `Trap frames, innermost first (${live.length})`), list];
}

function variables(run, state, cpu) {
  const pairs = [];
  run.observed.forEach((row, n) => {
    const value = state.variables[n]?.[row.count > 1 ? cpu : 0];
    if (value === undefined || !['status', 'current', 'watch'].includes(row.kind)) return;
    if (row.kind === 'watch' && /^0*$/.test(value)) return;
    const text = row.kind === 'status' || row.name === 'prev_kprobe.status' ? statusName(parseInt(value || '0', 16))
      : row.kind === 'current' || /^prev_kprobe\.kp$|kprobe_instance/.test(row.name) ? probeName(run, value) : '0x' + value;
    pairs.push([row.name, text]);
  });
  return pairs.length ? [element('h4', {}, 'Variables'), facts(pairs)] : [];
}

const AROUND = 9;

const skippedNote = n => (n > 0 ? [element('span', { class: 'skipped' }, `after ${grouped(n)} arithmetic flag ${n === 1 ? 'write' : 'writes'}`)] : []);

function showEvents(body, w, i, onSelect) {
  const rows = [];
  const first = Math.max(0, i - AROUND);
  const last = Math.min(w.n - 1, i + AROUND);
  for (let k = first; k <= last; k++) {
    const skipped = k > first ? w.ordinal[k] - w.ordinal[k - 1] - 1 : 0;
    const button = element('button', { type: 'button', class: 'step' }, grouped(w.step[k]));
    button.addEventListener('click', () => onSelect({ w, i: k }));
    const row = element('tr', k === i ? { 'aria-current': 'true' } : {},
      element('td', { class: 'number' }, button), element('td', {}, String(w.cpu[k])),
      element('th', { scope: 'row' }, kindLabel(w, k)), element('td', {}, sentence(w, k), ...skippedNote(skipped)),
      element('td', {}, code(addressText(w.run, w.eip[k]))));
    rows.push(row);
  }
  body.replaceChildren(...rows);
}
