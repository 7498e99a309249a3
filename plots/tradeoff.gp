# SPDX-License-Identifier: GPL-2.0
# What a setting costs (a touched page) against what it holds (memory): a panel a workload, a
# colour and mark a family of settings, joined in the order of the sweep, each point with its value.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='ns'; n=2; names='a b'; labels='\"x\" \"y\"'" plots/tradeoff.gp
# data: for each of n panels a block for each of the labels (NaN where it has no point):
#   MiB  least  most  latency  least  most  join (1: a number, 0: not)  "value"
load home . "/plots/style.gp"
families = words(labels)
below = 85.0 + 20 * families
H = 120 + below - 85 + 345 * rows(n)
justify = "left center center right"
dx = "1 0 0 -1"
dy = "0.1 0.9 -0.9 0.1"
each(i, f) = sprintf("data index %d", i * families + f - 1)
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.1, 0.97, below / H, 1 - 95.0 / H spacing 0.11, 115.0 / H
	set xlabel "memory charged, MiB"
	set ylabel "mean cost of a touched page,\n" . (istime ? "us, " : "thousand ") . unit
	set xrange [0:*]
	set yrange [0:*]
	set offsets 0, graph 0.12, graph 0.14, 0
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(4) } else { unset key }
		all = "plot "
		do for [f=1:families] {
			d = each(i, f)
			k = (f - 1) % 4 + 1
			all = all . d . sprintf(" using ($7 > 0 ? $1 : NaN):($4 * 1e-3) with lines lc rgb C[%d] lw 1 dt 3 notitle, ", (f - 1) % 8 + 1)
			all = all . d . sprintf(" using 1:($4 * 1e-3):2:3:($5 * 1e-3):($6 * 1e-3) with xyerrorbars lc rgb C[%d] pt 0 dt 1 lw 1 notitle, ", (f - 1) % 8 + 1)
			all = all . d . sprintf(" using 1:($4 * 1e-3):8 with labels %s offset %s,%s tc rgb C[%d] noenhanced notitle, ", word(justify, k), word(dx, k), word(dy, k), (f - 1) % 8 + 1)
			all = all . d . sprintf(" using 1:($4 * 1e-3) with points lt %d lw 2 ps 1.2 title word(labels, %d)%s", f, f, f < families ? ", " : "")
		}
		eval all
	}
	unset multiplot
	unset output
}
