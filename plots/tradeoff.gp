# SPDX-License-Identifier: GPL-2.0
# What a setting costs (latency of a touch) against what it holds (memory), a panel a workload.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='ns'; n=2; names='a b'" plots/tradeoff.gp
# data: n blocks of: MiB  least  most  latency  least  most  "label"
load home . "/plots/style.gp"
cols = n > 1 ? 2 : 1
rows = (n + cols - 1) / cols
do for [t=1:2] {
	eval t == 1 ? svg(560 * cols, 90 + 330 * rows) : png(560 * cols, 90 + 330 * rows)
	set multiplot layout rows, cols title title . "\n{/*0.75 " . sub . "}" enhanced margins 0.09, 0.97, 0.10, 0.86 spacing 0.09, 0.14
	set xlabel "memory charged at most, MiB"
	set ylabel "mean cost of a touched page, " . unit
	set xrange [*:*]
	set yrange [0:*]
	set offsets graph 0.25, graph 0.30, graph 0.15, 0
	unset key
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced
		plot data index i using 1:4:2:3:5:6 with xyerrorbars lt i+1 lw 1.5 notitle, \
		     data index i using 1:4 with points lt i+1 ps 1.3 notitle, \
		     data index i using 1:4:7 with labels left offset 1, 0.5 font ",10" noenhanced notitle
	}
	unset multiplot
	unset output
}
