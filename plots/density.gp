# SPDX-License-Identifier: GPL-2.0
# Children that fit per setting, a panel a workload, with what the model allows.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'" plots/density.gp
# data: n blocks of: "label"  children  model with base pages  model with huge pages
load home . "/plots/style.gp"
stats data using (strlen(strcol(1))) nooutput
below = 30 + 8.0 * STATS_max
H = 190 + (230 + below) * rows(n)
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, (below + 95) / H, 1 - 95.0 / H spacing 0.09, (below + 40) / H
	set style fill solid 0.85 noborder
	set boxwidth 0.7
	set ylabel "children"
	set logscale y
	set yrange [1:*]
	set offsets 0.6, 0.6, 0, 0
	set xtics rotate by 90 right noenhanced scale 0.5
	set grid noxtics
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(2) } else { unset key }
		plot data index i using 0:2:xtic(1) with boxes lc rgb C[1] dt 1 title "child that failed", \
		     data index i using 0:(1.6):2 with labels tc rgb "white" notitle, \
		     data index i using 0:3 with points pt 6 ps 1.4 lw 2 lc rgb C[7] title "model, base pages", \
		     data index i using 0:4 with points pt 4 ps 1.4 lw 2 lc rgb C[2] title "model, huge pages"
	}
	unset multiplot
	unset output
}
