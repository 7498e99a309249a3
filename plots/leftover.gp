# SPDX-License-Identifier: GPL-2.0
# What the host still holds of what the guest has freed, over time, a panel a workload, a line a
# setting.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=3; names='a b c'; labels='\"on\" \"off\"'" plots/leftover.gp
# data: for each of n panels a block for each label: s  percent
load home . "/plots/style.gp"
m = words(labels)
below = 70 + 22 * m
H = 60 + below + 290 * rows(n)
stats data using 1:2 nooutput
set xrange [0:STATS_max_x > 0 ? STATS_max_x * 1.02 : 1]
set yrange [0:STATS_max_y > 0 ? STATS_max_y * 1.08 : 1]
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, (below + 20.0) / H, 1 - 95.0 / H spacing 0.09, 110.0 / H
	set xlabel "time since the freeing was done, s"
	set ylabel "still held, % of what was freed"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(1) } else { unset key }
		plot for [k=1:m] data index m * i + k - 1 using 1:2 with lines lt k title word(labels, k)
	}
	unset multiplot
	unset output
}
