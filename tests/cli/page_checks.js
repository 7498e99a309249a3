// SPDX-License-Identifier: GPL-2.0
// What a browser can tell of a page; each is a list of what is wrong.  Put into the page by
// tests/cli/test_page.sh.
window.checks = (() => {
const name = e => {
	const text = (e.textContent || '').trim().slice(0, 40);
	return e.tagName.toLowerCase() + (e.getAttribute('class') ? '.' + e.getAttribute('class') : '') + ' "' + text + '"';
};

// Nothing reaches beyond the page but what scrolls in a box of its own.
const overflow = () => {
	const root = document.documentElement, wide = root.clientWidth;
	if (root.scrollWidth <= wide)
		return [];
	return ['the page is ' + root.scrollWidth + ' wide, not ' + wide].concat([...document.querySelectorAll('body *')]
		.filter(e => e.getBoundingClientRect().right > wide + 1 && !e.closest('.t, .plot, nav > div, svg'))
		.slice(0, 3).map(name));
};

const parse = text => {
	const n = (text.match(/[\d.]+/g) || []).map(Number);
	return n.length < 3 ? null : { r: n[0], g: n[1], b: n[2], a: n.length > 3 ? n[3] : 1 };
};
const over = (top, below) => ({
	r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a),
	b: top.b * top.a + below.b * (1 - top.a), a: 1,
});
const light = c => {
	const f = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
	return 0.2126 * f(c.r) + 0.7152 * f(c.g) + 0.0722 * f(c.b);
};
const ground = e => {
	const behind = [];
	for (; e; e = e.parentElement) {
		const c = parse(getComputedStyle(e).backgroundColor);
		if (c && c.a > 0)
			behind.push(c);
		if (c && c.a === 1)
			break;
	}
	const paper = matchMedia('(prefers-color-scheme: dark)').matches ? 0 : 255;
	return behind.reduceRight((below, c) => over(c, below), { r: paper, g: paper, b: paper, a: 1 });
};
const ratio = (a, b) => {
	const x = light(a), y = light(b);
	return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};
const shown = e => {
	const r = e.getBoundingClientRect();
	return r.width > 0 && r.height > 0 && getComputedStyle(e).visibility !== 'hidden';
};

// WCAG's 4.5 for every text, in pictures too.  A box of a flame graph lies below its text.
const contrast = () => {
	const bad = [];
	let seen = 0;
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let t; (t = walk.nextNode());) {
		const e = t.parentElement, svg = e.closest('svg');
		if (!t.textContent.trim() || /^(SCRIPT|STYLE|TITLE|title|desc)$/.test(e.tagName) || !shown(e))
			continue;
		const style = getComputedStyle(e), box = svg && svg.matches('.flame') &&
			e.parentElement.querySelector(':scope:not(svg) > rect');
		const colour = parse(svg ? style.fill : style.color);
		if (svg && colour)
			colour.a *= style.fillOpacity;
		const below = box ? parse(getComputedStyle(box).fill) : ground(e);
		seen++;
		if (colour && below && ratio(over(colour, below), below) < 4.5)
			bad.push(ratio(over(colour, below), below).toFixed(2) + ': ' + name(e));
	}
	return seen < 20 ? ['only ' + seen + ' texts were seen'] : bad.slice(0, 5);
};

// Texts of a picture do not lie on each other.
const overlaps = () => {
	const bad = [];
	document.querySelectorAll('svg').forEach(svg => {
		const texts = [...svg.querySelectorAll('text')].filter(shown).map(t => [t, t.getBoundingClientRect()]);
		texts.forEach(([a, x], i) => texts.slice(i + 1).forEach(([b, y]) => {
			const wide = Math.min(x.right, y.right) - Math.max(x.left, y.left);
			const high = Math.min(x.bottom, y.bottom) - Math.max(x.top, y.top);
			if (wide > 1 && high > 3)
				bad.push(name(a) + ' and ' + name(b));
		}));
	});
	return bad.slice(0, 5);
};

const screens = () => {
	const n = document.documentElement.scrollHeight / innerHeight;
	return n > 6 ? [n.toFixed(1) + ' screens before the details open'] : [];
};

const open = () => document.querySelectorAll('details').forEach(d => { d.open = true; });
const rows = () => [...document.querySelectorAll('table.data tbody tr')].filter(shown);

return {
	closed: () => [].concat(overflow(), contrast(), overlaps(), innerWidth > 1000 ? screens() : []),
	opened: () => { open(); return [].concat(overflow(), contrast(), overlaps()); },
	rows, shown,
};
})();
