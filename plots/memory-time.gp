# SPDX-License-Identifier: GPL-2.0
# Resident and huge memory over time, in the guest and on the host, a panel a setting, all with the
# same axes.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=4; names='\"a\" \"b\"'" plots/memory-time.gp
# data: for each of n panels four blocks (guest RSS, guest huge, host RSS, host huge): s  MiB,
# and a block of steps: s  0  "names" (or NaN NaN "")
load home . "/plots/style.gp"
array L[4] = ["guest RSS", "guest AnonHugePages", "host RSS", "host AnonHugePages"]
# A colour a side; resident is broad and pale, huge thin and dashed on it, so that both are seen
# where they are equal.
array colour[4] = ["#7FB8DB", "#003F66", "#F0B080", "#8A3A00"]
array width[4] = [5, 2, 5, 2]
array dashes[4] = [1, 2, 1, 4]
array mark[4] = [0, 7, 0, 5]
H = 145 + 290 * rows(n)
stats data using 1:2 nooutput
set xrange [0:STATS_max_x > 0 ? STATS_max_x * 1.02 : 1]
top = STATS_max_y > 0 ? STATS_max_y * 1.08 : 1
set yrange [0:top]
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, 110.0 / H, 1 - 95.0 / H spacing 0.09, 110.0 / H
	set xlabel "time since the workload's start, s"
	set ylabel "MiB"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(4) } else { unset key }
		plot data index 5 * i + 4 using 1:(top) with impulses lc rgb "#999999" lw 1 dt 3 notitle, \
		     for [k=1:4] data index 5 * i + k - 1 using 1:2 with linespoints lc rgb colour[k] lw width[k] dt dashes[k] pt mark[k] ps 0.6 title L[k], \
		     data index 5 * i + 4 using 1:(top * 0.99):3 with labels rotate by 90 right offset 0.7,0 font ",9" tc rgb "#555555" noenhanced notitle
	}
	unset multiplot
	unset output
}
