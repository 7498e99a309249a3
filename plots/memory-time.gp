# SPDX-License-Identifier: GPL-2.0
# Resident and huge memory over time, in the guest and on the host, a panel a setting.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=4; names='"a" "b"'" plots/memory-time.gp
# data: for each of n panels four blocks (guest RSS, guest huge, host RSS, host huge): s  MiB
load home . "/plots/style.gp"
array L[4] = ["guest RSS", "guest AnonHugePages", "host RSS", "host AnonHugePages"]
cols = n > 1 ? 2 : 1
rows = (n + cols - 1) / cols
H = 130 + 270 * rows
do for [t=1:2] {
	eval t == 1 ? svg(560 * cols, H) : png(560 * cols, H)
	set multiplot layout rows, cols title title . "\n{/*0.75 " . sub . "}" enhanced margins 0.08, 0.97, 115.0 / H, 1 - 85.0 / H spacing 0.09, 90.0 / H
	set xlabel "time since the workload's start, s"
	set ylabel "MiB"
	set yrange [0:*]
	set xrange [0:*]
	set offsets 0, 0, graph 0.06, 0
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced
		if (i == n - 1) { set key at screen 0.5, 8.0 / H center bottom horizontal maxcols 4 samplen 3 } else { unset key }
		plot for [k=0:3] data index 4 * i + k using 1:2 with linespoints lt k+1 ps 0.7 title L[k+1]
	}
	unset multiplot
	unset output
}
