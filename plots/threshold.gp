# SPDX-License-Identifier: GPL-2.0
# The largest added memory that a guest bears over its own memory, with the arithmetic.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=1" plots/threshold.gp
# data: three blocks (off, on, force): guest GiB  largest good GiB  least bad GiB  arithmetic GiB
load home . "/plots/style.gp"
array L[3] = ["memory map from memory online before (off)", "in the new memory (on): largest tried", "force: largest tried"]
array mark[3] = [7, 9, 11]
H = 520
do for [t=1:2] {
	eval t == 1 ? svg(860, H) : png(860, H)
	set multiplot layout 1, 1 title heading enhanced margins 0.09, 0.97, 160.0 / H, 1 - 80.0 / H
	set xlabel "memory of the guest, GiB"
	set ylabel "added memory, GiB"
	set logscale xy 2
	set xrange [0.35:6]
	set yrange [16:512]
	eval legend(2)
	plot data index 0 using 1:4 with lines lc rgb "#999999" dt 2 lw 2 title "arithmetic: 64 times the free memory", \
	     data index 0 using 1:2:2:3 with yerrorbars lc rgb C[2] pt mark[1] ps 1.5 lw 2 title L[1], \
	     for [k=2:3] data index k - 1 using 1:2 with points lc rgb C[k == 2 ? 1 : 5] pt mark[k] ps 1.8 lw 2 title L[k]
	unset multiplot
	unset output
}
