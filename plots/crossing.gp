# SPDX-License-Identifier: GPL-2.0
# What waiting for a threshold saves and what it costs, both as shares of the reference: a panel a
# workload, a colour a crossing of the experiment.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'; labels='\"x\" \"y\"'" plots/crossing.gp
# data: for each of n panels a block for each of the labels (NaN where it has no point):
#   T  saved %  extra price %
load home . "/plots/style.gp"
families = words(labels)
below = 95.0 + 34 * families
H = 120 + below - 85 + 345 * rows(n)
array S[5] = [5, 7, 9, 13, 11]
array O[5] = [4, 6, 8, 12, 10]
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.1, 0.97, below / H, 1 - 95.0 / H spacing 0.11, 115.0 / H
	set xlabel "threshold T, pages"
	set ylabel "share of the reference, %"
	set logscale x 2
	set xrange [0.8:640]
	set xtics (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)
	set offsets 0, 0, graph 0.08, graph 0.05
	set xzeroaxis lc rgb "#888888" lw 1 dt 1
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(2) } else { unset key }
		all = "plot "
		do for [f=1:families] {
			d = sprintf("data index %d", i * families + f - 1)
			k = (f - 1) % 5 + 1
			c = (f - 1) % 8 + 1
			all = all . d . sprintf(" using 1:2 with linespoints lc rgb C[%d] lw 2 dt 1 pt S[%d] ps 1 title word(labels, %d) . \": memory saved\", ", c, k, f)
			all = all . d . sprintf(" using 1:3 with linespoints lc rgb C[%d] lw 2 dt 2 pt O[%d] ps 1.3 title word(labels, %d) . \": extra price\"%s", c, k, f, f < families ? ", " : "")
		}
		eval all
	}
	unset multiplot
	unset output
}
