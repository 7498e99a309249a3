# SPDX-License-Identifier: GPL-2.0
# Shared by all figures: colours of Okabe and Ito, which the colour-blind tell apart, each with a
# dash and a point of its own so that print does too.  Takes title, sub, out and, where a figure
# has times, unit.
set encoding utf8
array C[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#999999"]
do for [i=1:40] {
	dash = (i - 1) % 5 + 1
	mark = (i - 1) % 10 + 4
	set linetype i lc rgb C[(i - 1) % 8 + 1] lw 2 dt dash pt mark ps 1.1
}
set border 3 lw 1
set tics nomirror out
set grid lc rgb "#dddddd" lw 0.8 lt 1 dt 1
set key noenhanced
set title noenhanced
set label noenhanced
set xlabel noenhanced
set ylabel noenhanced
heading = "{/:Bold*1.15 " . title . "}\n{/*0.85 " . sub . "}"

# Panels: two columns, the legend of all below the last.
cols(n) = n > 1 ? 2 : 1
wide(n) = n > 1 ? 1120 : 860
rows(n) = (n + cols(n) - 1) / cols(n)
legend(columns) = sprintf("set key at screen 0.5, screen 0.012 center bottom horizontal maxcols %d samplen 2.5 Left reverse", columns)

# Times come as nanoseconds and are drawn in seconds, so that tics read "10 us"; instructions and
# the rest stay as they are.
if (!exists("unit")) unit = ""
istime = unit[1:2] eq "ns"
scale = istime ? 1e-9 : 1
if (istime) unit = strlen(unit) > 3 ? unit[7:*] : "time"

# out: path without ending; w, h: pixels
svg(w, h) = sprintf("set terminal svg size %d,%d dynamic font 'DejaVu Sans,13' background rgb 'white'; set output out . '.svg'", w, h)
png(w, h) = sprintf("set terminal pngcairo size %d,%d font 'DejaVu Sans,10.5' background rgb 'white'; set output out . '.png'", w, h)
