# SPDX-License-Identifier: GPL-2.0
# Several guests on one host: the memory of each over time, one above the other, a panel a setting.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'; labels='\"guest 1\" \"guest 2\"'" plots/stack.gp
# data: for each of n panels a block for each label: s  MiB below it  MiB with it; then
# the limit: s  MiB  MiB
load home . "/plots/style.gp"
m = words(labels)
below = 75.0 + 20 * (m + 1)
H = 60 + below + 290 * rows(n)
stats data using 1:3 nooutput
set xrange [0:STATS_max_x > 0 ? STATS_max_x * 1.02 : 1]
set yrange [0:STATS_max_y > 0 ? STATS_max_y * 1.08 : 1]
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, (below + 20.0) / H, 1 - 95.0 / H spacing 0.09, 110.0 / H
	set style fill solid 0.75 noborder
	set xlabel "time since the first round, s"
	set ylabel "Rss of the guests, MiB"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(1) } else { unset key }
		plot for [k=1:m] data index (m + 1) * i + k - 1 using 1:2:3 with filledcurves lc rgb C[(k - 1) % 8 + 1] title word(labels, k), \
		     data index (m + 1) * i + m using 1:2 with lines lc rgb "black" lw 2 dt 2 title "limit of all"
	}
	unset multiplot
	unset output
}
