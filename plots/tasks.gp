# SPDX-License-Identifier: GPL-2.0
# Pages touched per second or instruction (unit), against the first label, over the number of tasks: a
# panel a program, a line a setting.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='second'; n=2; names='a b'; labels='\"off\" \"on\"'" plots/tasks.gp
# data: for each of n panels a block for each label: tasks  percent
per = unit
unit = ""
load home . "/plots/style.gp"
m = words(labels)
below = 70 + 22 * m
H = 60 + below + 290 * rows(n)
stats data using 1:2 nooutput
edge = (STATS_max_y - STATS_min_y) * 0.1 + 0.01
set xrange [0.7:STATS_max_x + 0.3]
set yrange [STATS_min_y - edge:STATS_max_y + edge]
set xtics 1
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.1, 0.97, (below + 20.0) / H, 1 - 95.0 / H spacing 0.1, 110.0 / H
	set xlabel "tasks"
	set ylabel "pages per " . per . ", change in %"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(1) } else { unset key }
		plot for [k=1:m] data index m * i + k - 1 using 1:2 with linespoints lt k title word(labels, k)
	}
	unset multiplot
	unset output
}
