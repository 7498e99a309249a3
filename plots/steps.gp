# SPDX-License-Identifier: GPL-2.0
# The host's huge pages at each sample step: a panel a workload, a group of bars a step, a colour a
# setting; rings are published figures.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=1; names='a'; labels='\"x\" \"y\"'" plots/steps.gp
# data: for each of n panels: a block of steps (place "name"), one for each of the labels
# (place  MiB  least  most, NaN where it has none), one of published figures (place  MiB)
load home . "/plots/style.gp"
R = words(labels)
B = R + 2
below = 75.0 + 20 * (R + 2)
H = 120 + below + 320 * rows(n)
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, below / H, 1 - 95.0 / H spacing 0.09, 90.0 / H
	set style fill solid 0.85 noborder
	set boxwidth 0.8 / R * 0.9
	set ylabel "host AnonHugePages, MiB"
	set yrange [0:*]
	set offsets 0.1, 0.1, graph 0.06, 0
	set xtics noenhanced scale 0
	set grid noxtics
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(1) } else { unset key }
		plot data index B * i using 1:(0):xtic(2) with dots lc rgb "white" notitle, \
		     for [r=1:R] data index B * i + r using 1:2 with boxes lc rgb C[(r - 1) % 8 + 1] dt 1 title word(labels, r), \
		     for [r=1:R] data index B * i + r using 1:3:(0):($4 - $3) with vectors nohead lc rgb "black" lw 2 dt 1 notitle, \
		     data index B * i + R + 1 using 1:2 with points pt 6 ps 1.3 lw 2 lc rgb "black" title "published"
	}
	unset multiplot
	unset output
}
