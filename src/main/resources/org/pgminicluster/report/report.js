'use strict';
// What a report's page does beyond being read. It asks nobody for anything, and without it all of the page is still there.
(() => {
  const page = JSON.parse(document.getElementById('page-data').textContent);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const say = (key, ...values) => page.words[key].replace(/\{(\d)\}/g, (place, i) => values[i]);

  function make(tag, style, text) {
    const made = document.createElement(tag);
    if (style) made.className = style;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function button(style, text, act) {
    const made = make('button', style, text);
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  }

  // ---- copy what was typed

  /** Where the clipboard may not be written, as in some frames, by a selection. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch (refused) {
      const area = make('textarea');
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
  }

  function copying(text) {
    const made = button('copy', say('copy'), async () => {
      await copy(text());
      made.textContent = say('copied');
      setTimeout(() => { made.textContent = say('copy'); }, 1500);
    });
    return made;
  }

  function addCopying() {
    for (const statement of all('main .psql')) {
      statement.append(copying(() => statement.querySelector('.sql').textContent));
    }
    for (const code of all('main pre.code')) {
      const around = make('div', 'copied');
      code.replaceWith(around);
      around.append(code, copying(() => code.textContent));
    }
    for (const code of all('header dd > code')) {
      code.after(copying(() => code.textContent));
    }
  }

  // ---- only some nodes

  const nodeOf = statement => {
    const prompt = /\/\* (.+?) # \*\//.exec(statement.querySelector('.prompt').textContent);
    return prompt ? prompt[1] : '';
  };

  /** A row of buttons, of which one is pressed. */
  function chips(names, choose) {
    const row = make('div', 'chips');
    row.setAttribute('role', 'group');
    row.setAttribute('aria-label', say('nodes'));
    for (const name of ['', ...names]) {
      const chip = button('chip', name || say('all'), () => {
        all('.chip', row).forEach(it => it.setAttribute('aria-pressed', String(it === chip)));
        choose(name);
      });
      chip.setAttribute('aria-pressed', String(name === ''));
      row.append(chip);
    }
    return row;
  }

  function addFilter() {
    const steps = document.getElementById('steps');
    const statements = steps ? all('.psql', steps) : [];
    const names = [...new Set(statements.map(nodeOf))].filter(Boolean).sort();
    if (names.length < 2) return;
    const row = chips(names, chosen => {
      for (const statement of statements) {
        statement.hidden = chosen !== '' && nodeOf(statement) !== chosen;
      }
    });
    steps.querySelector('h3').before(row);
  }

  // ---- through time

  /** Each moment has what is other than before it. */
  function states(moments) {
    let last = {nodes: {}, arrows: {}, rows: {}};
    return moments.map(moment => {
      last = {
        nodes: {...last.nodes, ...moment.nodes},
        arrows: {...last.arrows, ...moment.arrows},
        rows: {...last.rows, ...moment.rows},
      };
      return last;
    });
  }

  function paint(svg, state) {
    for (const box of all('[data-node]', svg)) {
      const [tone, text] = state.nodes[box.dataset.node] || ['unknown', ''];
      box.setAttribute('class', 'node ' + tone);
      box.querySelector('.state').textContent = text;
      box.querySelector('title').textContent = box.dataset.node + ': ' + text;
    }
    for (const arrow of all('[data-arrow]', svg)) {
      const [tone, text] = state.arrows[arrow.dataset.arrow] || ['absent', ''];
      const physical = arrow.classList.contains('physical') ? ' physical' : '';
      arrow.setAttribute('class', 'arrow ' + tone + physical);
      const said = arrow.querySelector('.said');
      if (said) said.textContent = text;
    }
  }

  function heldTable(key, held, before) {
    const space = key.lastIndexOf(' ');
    const table = make('table', 'held');
    table.append(make('caption', '', say('rows', key.slice(0, space), key.slice(space + 1), held.count)));
    const old = new Set((before ? before.rows : []).map(row => JSON.stringify(row)));
    const body = make('tbody');
    for (const row of held.rows) {
      const line = make('tr', old.has(JSON.stringify(row)) ? '' : 'new');
      row.forEach(value => line.append(make('td', value === null ? 'nothing' : '', value === null ? 'NULL' : value)));
      body.append(line);
    }
    const rest = held.count - held.rows.length;
    if (rest > 0 || held.count === 0) {
      const line = make('tr', 'rest');
      const cell = make('td', 'nothing', rest > 0 ? say('more', rest) : say('empty'));
      cell.colSpan = Math.max(1, held.columns.length);
      line.append(cell);
      body.append(line);
    }
    const head = make('tr');
    held.columns.forEach(name => head.append(make('th', '', name)));
    const top = make('thead');
    top.append(head);
    table.append(top, body);
    return table;
  }

  function addStage() {
    const section = document.getElementById('time');
    if (!section || !page.moments) return;
    const moments = page.moments;
    const then = states(moments);
    const picture = section.querySelector('.picture');
    const svg = picture.querySelector('svg');
    let current = 0;

    const player = make('div', 'player');
    const slider = make('input');
    slider.type = 'range';
    slider.min = 0;
    slider.max = moments.length - 1;
    slider.setAttribute('aria-label', say('moments'));
    slider.addEventListener('input', () => show(Number(slider.value)));
    const place = make('output');
    player.append(button('chip', '◀ ' + say('previous'), () => show(current - 1)), slider,
        button('chip', say('next') + ' ▶', () => show(current + 1)), place);

    const list = make('ol', 'moments');
    const items = moments.map((moment, i) => {
      const item = make('li');
      const press = button('act ' + moment.kind, undefined, () => show(i));
      press.tabIndex = -1;
      press.append(make('span', 'when', moment.at));
      if (moment.node) press.append(make('span', 'where', moment.node));
      press.append(make('span', 'what', moment.text));
      item.append(press);
      list.append(item);
      return press;
    });

    const statement = make('div', 'doing');
    const tables = make('div', 'tables');
    const side = make('div', 'then');
    side.append(statement, picture, tables);
    const split = make('div', 'split');
    split.append(list, side);
    const names = [...new Set(moments.map(moment => moment.node).filter(Boolean))].sort();
    section.append(player);
    if (names.length > 1) {
      section.append(chips(names, chosen => items.forEach((item, i) => {
        item.parentElement.hidden = chosen !== '' && moments[i].kind !== 'step' && moments[i].node !== chosen;
      })));
    }
    section.append(split);

    function show(index) {
      const step = index < current ? -1 : 1;
      let to = Math.min(Math.max(index, 0), moments.length - 1);
      while (items[to].parentElement.hidden && items[to + step]) to += step;
      items[current].removeAttribute('aria-current');
      items[current].tabIndex = -1;
      current = to;
      items[current].setAttribute('aria-current', 'step');
      items[current].tabIndex = 0;
      const item = items[current].parentElement;
      if (item.offsetTop < list.scrollTop || item.offsetTop + item.offsetHeight > list.scrollTop + list.clientHeight) {
        list.scrollTop = item.offsetTop - list.clientHeight / 3;
      }
      const moment = moments[current];
      slider.value = current;
      slider.setAttribute('aria-valuetext', moment.at + ' ' + moment.text);
      place.textContent = say('moment', current + 1, moments.length);
      statement.className = 'doing ' + moment.kind;
      statement.textContent = (moment.node ? moment.node + ': ' : '') + moment.text + ' ';
      const link = make('a', '', say('read'));
      link.href = '#' + moment.anchor;
      statement.append(link);
      paint(svg, then[current]);
      const before = current > 0 ? then[current - 1].rows : {};
      tables.replaceChildren(...Object.keys(then[current].rows).sort().map(key =>
        heldTable(key, page.contents[then[current].rows[key]], page.contents[before[key]])));
    }

    section.addEventListener('keydown', event => {
      const by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -moments.length, End: moments.length};
      if (!(event.key in by) || event.target === slider || picture.contains(event.target)
          || event.altKey || event.ctrlKey || event.metaKey) {
        return;
      }
      event.preventDefault();
      show(current + by[event.key]);
      if (list.contains(event.target)) items[current].focus({preventScroll: true});
    });

    section.hidden = false;
    all('nav li[hidden]').forEach(it => { it.hidden = false; });
    show(0);
  }

  // ---- search in an index

  function addSearch() {
    const rows = all('main tbody tr');
    if (document.getElementById('steps') || rows.length < 30) return;
    const bar = make('div', 'search');
    const field = make('input');
    field.type = 'search';
    field.placeholder = say('search') + ' ( / )';
    field.setAttribute('aria-label', say('search'));
    const count = make('output');
    field.addEventListener('input', () => {
      const asked = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let found = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !asked.every(word => text.includes(word));
        found += row.hidden ? 0 : 1;
      }
      for (const section of all('main section')) {
        section.hidden = asked.length > 0 && all('tbody tr', section).every(row => row.hidden);
      }
      count.textContent = asked.length > 0 ? say('found', found, rows.length) : '';
    });
    document.addEventListener('keydown', event => {
      if (event.key === '/' && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
        event.preventDefault();
        field.focus();
      }
    });
    bar.append(field, count);
    document.querySelector('main').prepend(bar);
  }

  /** What is jumped to is not to lie below the contents, which stay in sight. */
  function keepClearOfContents() {
    const contents = document.querySelector('nav');
    const clear = () => {
      document.documentElement.style.scrollPaddingTop = (contents ? contents.offsetHeight : 0) + 16 + 'px';
    };
    clear();
    window.addEventListener('resize', clear);
  }

  addCopying();
  addFilter();
  addStage();
  addSearch();
  keepClearOfContents();
})();
