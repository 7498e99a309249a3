# SPDX-License-Identifier: GPL-2.0
# Distribution of touch latencies, a curve a setting, the tail stretched by nines.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='ns'; n=3" plots/latency-cdf.gp
# data: n blocks, "label" first, then: latency  share of touches at most so slow  1 where a mark is
load home . "/plots/style.gp"
nines(p) = -log10(1 - (p > 0.999999 ? 0.999999 : p))
H = 640 + 20 * ((n + 2) / 3)
do for [t=1:2] {
	eval t == 1 ? svg(1000, H) : png(1000, H)
	set title heading enhanced
	set logscale x
	set format x istime ? "%.0s %cs" : "%.0s%c"
	set xlabel "latency of a first touch that faulted, " . unit
	set ylabel "share of faults that are at most so slow"
	set yrange [0:6]
	set xrange [*:*]
	set rmargin 4
	set ytics ("0" 0, "50 %%" 0.30103, "90 %%" 1, "99 %%" 2, "99.9 %%" 3, "99.99 %%" 4, "99.999 %%" 5, "max" 6)
	set key below left Left reverse samplen 4 spacing 1.1 height 1 width -1 maxcols 3 noenhanced
	plot for [i=0:n-1] data index i using ($1 * scale):(nines($2)):($3 > 0 ? 1.1 : 0) with linespoints lt i+1 ps variable title columnheader(1)
	unset output
}
