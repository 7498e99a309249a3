# SPDX-License-Identifier: GPL-2.0
# Change of each metric from A to B in percent, with its interval.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=9" plots/compare-changes.gp
# data: change  low  high  verdict (0 same, 1 better, 2 worse, 3 differs, 4 cannot tell)  "label"
load home . "/plots/style.gp"
array V[5] = ["#999999", "#0072B2", "#D55E00", "#E69F00", "#999999"]
array N[5] = ["same", "better", "worse", "differs", "cannot tell"]
H = 190 + 21 * n
stats data using (strlen(strcol(5))) nooutput
left = 20 + 7.9 * STATS_max
do for [t=1:2] {
	eval t == 1 ? svg(1000, H) : png(1000, H)
	set title heading enhanced
	set lmargin at screen left / 1000.0
	set rmargin 4
	set bmargin 6
	set xlabel "change from A to B, %"
	set yrange [n-0.5:-0.5]
	set ytics noenhanced
	set xzeroaxis lw 0
	set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb "#000000" lw 1 dt 1
	set xrange [*:*]
	set offsets graph 0.05, graph 0.05, 0, 0
	set key below center horizontal noenhanced samplen 1
	plot for [v=0:4] data using ($4 == v ? $1 : NaN):0:2:3:ytic(5) with xerrorbars lc rgb V[v+1] lw 2 dt 1 pt (v == 4 ? 6 : 7) ps 1 title N[v+1]
	unset output
}
