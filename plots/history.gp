# SPDX-License-Identifier: GPL-2.0
# A metric over the runs, a panel a series; a line stands where the level changed, a ring is a run
# that the gate refused.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'; labels='ms KiB'" plots/history.gp
# data: n blocks of: number of the run  median  1 where the level changed  1 where refused
load home . "/plots/style.gp"
H = 170 + 215 * rows(n)
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.1, 0.97, 105.0 / H, 1 - 90.0 / H spacing 0.11, 85.0 / H
	set xlabel "run" offset 0, 0.6
	set xtics 1
	set format y "%.5g"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		set ylabel word(labels, i + 1)
		if (i == n - 1) { eval legend(3) } else { unset key }
		set xrange [*:*]
		set yrange [*:*]
		stats data index i using 1:2 nooutput
		lo = STATS_min_y
		hi = STATS_max_y
		span = hi > lo ? hi - lo : (hi != 0 ? 0.02 * abs(hi) : 1)
		set yrange [lo - 0.3 * span : hi + 0.3 * span]
		set xrange [STATS_min_x - 0.5 : STATS_max_x + 0.5]
		set xtics autofreq
		if (STATS_max_x < 12) { set xtics 1 }
		plot data index i using 1:2 with linespoints lc rgb C[1] dt 1 pt 7 ps 0.8 title "median", \
		     data index i using ($3 > 0 ? $1 - 0.5 : NaN):(lo - 0.3 * span):(0):(1.6 * span) with vectors nohead lc rgb C[2] lw 2 dt 2 title "level changed", \
		     data index i using ($4 > 0 ? $1 : NaN):2 with points pt 6 ps 1.8 lw 2 lc rgb C[2] title "refused by the gate"
	}
	unset multiplot
	unset output
}
