# SPDX-License-Identifier: GPL-2.0
# Shared by all figures: colours of Okabe and Ito, which the colour-blind tell apart, each with a
# dash and a point of its own so that print does too.
set encoding utf8
array C[8] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000", "#999999"]
do for [i=1:24] {
	dash = (i - 1) % 5 + 1
	mark = (i - 1) % 10 + 4
	set linetype i lc rgb C[(i - 1) % 8 + 1] lw 2 dt dash pt mark ps 1.1
}
rgbof(i) = int("0x" . substr(C[(i - 1) % 8 + 1], 2, 7))
set border 3 lw 1
set tics nomirror out
set grid lc rgb "#dddddd" lw 0.8 lt 1 dt 1
set key noenhanced
set title noenhanced
set label noenhanced
set xlabel noenhanced
set ylabel noenhanced

# out: path without ending; w, h: pixels
svg(w, h) = sprintf("set terminal svg size %d,%d dynamic font 'DejaVu Sans,13' background rgb 'white'; set output '%s.svg'", w, h, out)
png(w, h) = sprintf("set terminal pngcairo size %d,%d font 'DejaVu Sans,10' background rgb 'white'; set output '%s.png'", w, h, out)
