# SPDX-License-Identifier: GPL-2.0
# Distribution of touch latencies, a curve a setting, the tail stretched by nines.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; unit='ns'; n=3" plots/latency-cdf.gp
# data: n blocks, "label" first, then: latency  share of touches at most so slow
load home . "/plots/style.gp"
nines(p) = -log10(1 - (p > 0.999999 ? 0.999999 : p))
do for [t=1:2] {
	eval t == 1 ? svg(1000, 660) : png(1000, 660)
	set title title . "\n{/*0.75 " . sub . "}" enhanced
	set logscale x
	set format x "%.0s%c"
	set xlabel "latency of a first touch, " . unit
	set ylabel "share of touches that are at most so slow"
	set yrange [0:6]
	set xrange [*:*]
	set ytics ("0" 0, "50 %%" 0.30103, "90 %%" 1, "99 %%" 2, "99.9 %%" 3, "99.99 %%" 4, "99.999 %%" 5, "max" 6)
	set key below left Left reverse samplen 3 width -1 maxcols 3 noenhanced
	plot for [i=0:n-1] data index i using 1:(nines($2)) with steps lt i+1 title columnheader(1)
	unset output
}
