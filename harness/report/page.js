// SPDX-License-Identifier: GPL-2.0
// What a page does more where scripts run: series are switched, marks tell their values, tables are
// filtered and sorted.  Everything that is said stands there without.
(() => {
const all = (where, what) => [...where.querySelectorAll(what)];
const make = (tag, text, parent) => {
	const e = document.createElement(tag);
	e.textContent = text;
	if (parent)
		parent.append(e);
	return e;
};

// A button that shows and hides what it is of.
const toggle = (button, parts) => {
	button.setAttribute('aria-pressed', 'true');
	button.onclick = () => {
		const on = button.getAttribute('aria-pressed') !== 'true';
		button.setAttribute('aria-pressed', on);
		parts().forEach(part => { part.style.display = on ? '' : 'none'; });
	};
	return button;
};

// An entry of the legend becomes a button.
all(document, '.key').forEach(key => all(key, 'span').forEach(entry => {
	const button = toggle(make('button', ''), () => all(key.parentNode, 'svg [data-s="' + entry.dataset.s + '"]'));
	button.innerHTML = entry.innerHTML;
	entry.replaceWith(button);
}));

// A plot that is the picture has its own legend in it: buttons besides.
all(document, 'section[id$=picture] .plot').forEach(plot => {
	const parts = all(plot, '[data-series]'), names = [...new Set(parts.map(p => p.dataset.series))];
	const key = document.createElement('div');
	key.className = 'key';
	if (names.length > 1)
		plot.after(key);
	names.forEach(name => {
		const of = parts.filter(p => p.dataset.series === name), button = make('button', '', key);
		const ink = of.flatMap(p => all(p, '[stroke],[fill],[color]')).flatMap(p =>
			[p.getAttribute('stroke'), p.getAttribute('fill'), p.getAttribute('color')]).find(c => /^rgb/.test(c || ''));
		make('i', '', button).style.color = ink || 'currentColor';
		button.append(name);
		toggle(button, () => of);
	});
});

// The browser's own hint comes late and not on a touch.
const tip = make('div', '', document.body);
tip.className = 'tip';
tip.hidden = true;
const tipOf = e => {
	for (; e && e.tagName !== 'svg'; e = e.parentElement) {
		const title = e.querySelector && e.querySelector(':scope > title');
		if (title) {
			e.dataset.tip = title.textContent;
			e.setAttribute('aria-label', title.textContent);
			title.remove();
		}
		if (e.dataset && e.dataset.tip)
			return e.dataset.tip;
	}
	return '';
};
document.addEventListener('pointerover', event => {
	const text = event.target.closest && event.target.closest('svg') ? tipOf(event.target) : '';
	tip.hidden = !text;
	if (!text)
		return;
	tip.textContent = text;
	tip.style.left = tip.style.top = '0';
	const wide = document.documentElement.clientWidth;
	tip.style.left = scrollX + Math.max(4, Math.min(event.clientX + 12, wide - tip.offsetWidth - 4)) + 'px';
	tip.style.top = scrollY + Math.max(4, event.clientY - tip.offsetHeight - 12) + 'px';
});

const number = cell => {
	const text = cell ? cell.textContent.replace(/,/g, '') : '';
	return text[0] === 'x' ? 100 * (parseFloat(text.slice(1)) - 1) : text === 'ref' ? 0 : parseFloat(text);
};
const sort = (table, column, down) => {
	const body = table.tBodies[0], sign = down ? -1 : 1;
	const rows = [...body.rows].map((row, i) => [row, number(row.cells[column]), i]);
	const words = rows.every(r => isNaN(r[1])) || column < 2;
	rows.sort((a, b) => {
		if (words)
			return sign * a[0].cells[column].textContent.localeCompare(b[0].cells[column].textContent,
				undefined, { numeric: true }) || a[2] - b[2];
		if (isNaN(a[1]) || isNaN(b[1]))
			return isNaN(a[1]) - isNaN(b[1]) || a[2] - b[2];
		return sign * (a[1] - b[1]) || a[2] - b[2];
	}).forEach(r => body.append(r[0]));
};

all(document, 'table.data').forEach((table, which) => {
	const tools = table.closest('section, main').querySelector('.tools');
	const rows = [...table.tBodies[0].rows], hidden = new Set(), heads = all(table, 'thead th');
	const q = make('input', '', tools), chips = make('span', '', tools), shown = make('small', '', tools);
	const key = which ? 'q' + which : 'q';

	q.type = 'search';
	q.placeholder = 'filter: words in a row';
	q.setAttribute('aria-label', 'filter rows');
	chips.className = 'chips';
	const filter = () => {
		const words = q.value.toLowerCase().split(/\s+/);
		let n = 0;
		rows.forEach(row => {
			const text = row.textContent.toLowerCase();
			row.hidden = hidden.has(row.cells[0].textContent) || !words.every(w => text.includes(w));
			n += !row.hidden && getComputedStyle(row).display !== 'none';
		});
		shown.textContent = n + (n === 1 ? ' row' : ' rows');
	};
	q.oninput = () => {
		const url = new URL(location.href);
		filter();
		q.value ? url.searchParams.set(key, q.value) : url.searchParams.delete(key);
		try {
			history.replaceState(null, '', url);
		} catch (e) {
			// a page that may not change its address
		}
	};
	const names = [...new Set(rows.map(row => row.cells[0].textContent))];
	if (table.dataset.chips !== 'no' && names.length > 1 && names.length < 13)
		names.forEach(name => {
			const chip = make('button', name, chips);
			chip.setAttribute('aria-pressed', 'true');
			chip.onclick = () => {
				hidden.has(name) ? hidden.delete(name) : hidden.add(name);
				chip.setAttribute('aria-pressed', !hidden.has(name));
				filter();
			};
		});
	all(table.closest('section, main'), '.rows').forEach(box => box.addEventListener('change', filter));
	heads.forEach((head, column) => {
		const turn = () => {
			const down = head.getAttribute('aria-sort') === 'ascending';
			heads.forEach(h => h.setAttribute('aria-sort', 'none'));
			head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
			sort(table, column, down);
		};
		head.tabIndex = 0;
		head.setAttribute('aria-sort', 'none');
		head.onclick = turn;
		head.onkeydown = event => {
			if (event.key === 'Enter' || event.key === ' ') {
				event.preventDefault();
				turn();
			}
		};
	});
	q.value = new URLSearchParams(location.search).get(key) || '';
	filter();
});

// A link to what lies in something closed opens it.
const arrive = () => {
	const id = decodeURIComponent(location.hash.slice(1)), target = id && document.getElementById(id);
	if (!target)
		return;
	for (let e = target; e; e = e.parentElement)
		if (e.tagName === 'DETAILS')
			e.open = true;
	const first = target.tagName === 'SECTION' && target.querySelector('details');
	if (first && !target.querySelector('details[open]'))
		first.open = true;
	target.scrollIntoView();
};
addEventListener('hashchange', arrive);
arrive();
addEventListener('beforeprint', () => all(document, 'details').forEach(d => { d.open = true; }));
})();
