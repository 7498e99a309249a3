# SPDX-License-Identifier: GPL-2.0
# Free memory around the add of a DIMM, a panel a guest and size, a line for each place of the memory map.
#   gnuplot -e "home='.'; data='x.dat'; out='x'; title='...'; sub='...'; n=2; names='\"a\" \"b\"'; labels='900 40 400 300'" plots/hotplug.gp
# labels: most and least MiB free while it is offline, two words a panel.  data: for each of n panels three blocks (off, on, force): s since the add  MiB
load home . "/plots/style.gp"
array L[3] = ["memory map from memory online before (off)", "in the new memory (on)", "force"]
array colour[3] = ["#D55E00", "#0072B2", "#56B4E9"]
array width[3] = [3, 3, 1.5]
array dashes[3] = [1, 1, 2]
array mark[3] = [7, 5, 6]
H = 175 + 290 * rows(n)
set xrange [-0.3:4]
do for [t=1:2] {
	eval t == 1 ? svg(wide(n), H) : png(wide(n), H)
	set multiplot layout rows(n), cols(n) title heading enhanced margins 0.08, 0.97, 140.0 / H, 1 - 95.0 / H spacing 0.09, 110.0 / H
	set xlabel "time since the add, s"
	set ylabel "MemFree, MiB"
	do for [i=0:n-1] {
		set title word(names, i + 1) noenhanced offset 0,-0.4
		high = real(word(labels, 2 * i + 1))
		low = real(word(labels, 2 * i + 2))
		set yrange [low - (high - low) * 0.1:high + (high - low) * 0.3]
		if (i == n - 1) { eval legend(3) } else { unset key }
		plot for [k=1:3] data index 3 * i + k - 1 using 1:2 with linespoints lc rgb colour[k] lw width[k] dt dashes[k] pt mark[k] ps 0.5 title L[k]
	}
	unset multiplot
	unset output
}
