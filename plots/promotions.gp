# SPDX-License-Identifier: GPL-2.0
# Promotions by their kind per setting, a panel a workload; huge pages that a fault allocated are
# no promotions and stand beside them as rings.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='a b'" plots/promotions.gp
# data: n blocks of: "label"  by copy  in place by khugepaged  in place at a fault  allocated at a fault
load home . "/plots/style.gp"
cols = n > 1 ? 2 : 1
rows = (n + cols - 1) / cols
H = 150 + 330 * rows
do for [t=1:2] {
	eval t == 1 ? svg(560 * cols, H) : png(560 * cols, H)
	set multiplot layout rows, cols title title . "\n{/*0.75 " . sub . "}" enhanced margins 0.07, 0.95, 175.0 / H, 1 - 85.0 / H spacing 0.08, 150.0 / H
	set style data histograms
	set style histogram rowstacked
	set style fill solid 0.85 border lc rgb "white"
	set boxwidth 0.7
	set ylabel "huge pages"
	set yrange [0:*]
	set offsets 0, 0, graph 0.1, 0
	set xtics rotate by -35 left noenhanced font ",9"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced
		if (i == n - 1) { set key at screen 0.5, 8.0 / H center bottom horizontal maxcols 2 samplen 2 } else { unset key }
		plot data index i using 2:xtic(1) lc rgb C[2] title "promoted by copy", \
		     data index i using 3 lc rgb C[3] title "promoted in place (khugepaged)", \
		     data index i using 4 lc rgb C[1] title "promoted in place (fault)", \
		     data index i using 0:5 with points pt 6 ps 1.4 lw 2 lc rgb C[7] title "allocated at a fault, no promotion"
	}
	unset multiplot
	unset output
}
