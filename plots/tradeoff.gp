# SPDX-License-Identifier: GPL-2.0
# What a setting costs (a touched page) against what it holds (memory): a panel a workload, a
# colour and mark a setting.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='ns'; n=2; names='a b'; labels='\"x\" \"y\"'" plots/tradeoff.gp
# data: n blocks of: MiB  least  most  latency  least  most  number of the setting from 1
load home . "/plots/style.gp"
cols = n > 1 ? 2 : 1
rows = (n + cols - 1) / cols
keys = (words(labels) + 1) / 2
H = 120 + 24 * keys + 310 * rows
do for [t=1:2] {
	eval t == 1 ? svg(560 * cols, H) : png(560 * cols, H)
	set multiplot layout rows, cols title title . "\n{/*0.75 " . sub . "}" enhanced margins 0.09, 0.97, (70.0 + 24 * keys) / H, 1 - 85.0 / H spacing 0.09, 90.0 / H
	set xlabel "memory charged on the mean, MiB"
	set ylabel "mean cost of a touched page,\n" . unit
	set xrange [0:*]
	set yrange [0:*]
	set offsets 0, graph 0.08, graph 0.08, 0
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced
		if (i == n - 1) { set key at screen 0.5, 8.0 / H center bottom horizontal maxcols 2 samplen 1 } else { unset key }
		plot data index i using 1:4:2:3:5:6:(rgbof(int($7))) with xyerrorbars lc rgb variable pt 0 lt 1 dt 1 lw 1.2 notitle, \
		     for [k=1:words(labels)] data index i using ($7 == k ? $1 : NaN):4 with points lt k lw 2 ps 1.5 title word(labels, k)
	}
	unset multiplot
	unset output
}
