# SPDX-License-Identifier: GPL-2.0
# Promotions by their kind per setting, a panel a workload; huge pages that a fault allocated are
# no promotions and stand beside them as rings.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'" plots/promotions.gp
# data: n blocks of: "label"  by copy  in place by khugepaged  in place at a fault  allocated at a fault
load home . "/plots/style.gp"
stats data using (strlen(strcol(1))) nooutput
below = 30 + 8.0 * STATS_max
H = 190 + (230 + below) * rows(n)
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, (below + 95) / H, 1 - 95.0 / H spacing 0.09, (below + 40) / H
	set style data histograms
	set style histogram rowstacked
	set style fill solid 0.85 noborder
	set boxwidth 0.7
	set ylabel "huge pages"
	set yrange [0:*]
	set offsets 0, 0, graph 0.1, 0
	set xtics rotate by 90 right noenhanced scale 0.5
	set grid noxtics
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		if (i == n - 1) { eval legend(2) } else { unset key }
		plot data index i using 2:xtic(1) lc rgb C[2] dt 1 title "promoted by copy", \
		     data index i using 3 lc rgb C[5] dt 1 title "promoted in place (khugepaged)", \
		     data index i using 4 lc rgb C[1] dt 1 title "promoted in place (fault)", \
		     data index i using 0:($5 > 0 ? $5 : NaN) with points pt 6 ps 1.4 lw 2 lc rgb C[7] title "allocated at a fault, no promotion"
	}
	unset multiplot
	unset output
}
