# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# [metric NAME]: the numbers of a program that is not ours, from its output to table, JSON and claims.

# An experiment whose two workloads print what such programs print.
foreign() {
	cat >exp.ini <<-'EOF'
	[experiment]
	name = foreign
	about = x
	kernel = stock
	repeat = 2
	[workload words]
	run = sh -c 'echo rate 1200 ops/s; echo took 2.5ms >&2; echo "{\"a.b\":[1,{\"c\":7}]}"'
	[workload table]
	run = sh -c 'echo test,rps; echo "\"SET\",\"41.5\""'
	[metric rate]
	about = operations, each second
	unit = ops/s
	better = more
	after = rate
	workload = words
	[metric took]
	about = its time
	unit = us
	better = less
	after = took
	from = stderr
	workload = words
	[metric deep]
	about = a number in JSON
	unit = count
	better = neither
	json = a.b[1].c
	[metric set_rate]
	about = SET
	unit = 1/s
	better = more
	csv = SET, rps
	workload = table
	[claim rate]
	about = it is fast
	metric = rate
	holds = >= 1000
	of = workload=words
	[claim deep]
	about = only one workload has it
	metric = deep
	holds = = 7
	of = workload=table
	EOF
}

value() { jq -r "[.points[] | select(.metrics.$1) | .metrics.$1 | \"\(.value) \(.unit)\"] | unique | join(\" \")" json; }

is() {
	[ "$(value "$1")" = "$2" ] || fail "$1 is \"$(value "$1")\", not \"$2\": $(jq -c '.points' json)"
}

test_foreign_numbers() {
	foreign
	expect 0 faultline run exp.ini --target host
	faultline show latest --format json >json
	is rate '1200 ops/s'
	is took '2500 us'
	is deep '7 count'
	is set_rate '41.5 1/s'
	[ "$(jq -r '[.points[] | select(.metrics.rate)] | length' json)" = 2 ] || fail 'rate of another workload'
	expect 0 faultline show latest
	grep -q 'rate *took *deep' out || fail "no columns: $(cat out)"
	grep -q 'holds .* it is fast' out || fail "the claim: $(cat out)"
	grep -q 'not measured .* only one workload has it' out || fail "the other claim: $(cat out)"
	grep -q 'ok .* deep: no number at a.b\[1\].c in JSON of stdout' out || fail "no word of it: $(cat out)"
	grep -q 'lack a figure' results/foreign-*/report.html || fail 'the page says nothing'
	number=$(jq '[.points[] | select(.metrics.rate) | .point] | first' json)
	expect 0 faultline show latest --point "$number"
	grep -q 'rate  *1200 ops/s  *operations, each second' out || fail "what it is: $(cat out)"
}

test_foreign_columns() {
	foreign
	sed -i 's/^repeat.*/&\ncolumns = took, workload_time/' exp.ini
	expect 0 faultline run exp.ini --target host
	expect 0 faultline show latest
	grep -q ' took ' out || fail "no column: $(cat out)"
	! grep -q ' rate *took ' out || fail "a column that was not asked for: $(cat out)"
	sed -i 's/columns = took/columns = tock/' exp.ini
	usage 'columns = tock: no such metric' faultline run exp.ini --target host
}

test_foreign_names_are_free() {
	foreign
	sed -i 's/^\[metric deep\]/[metric fault_count]/' exp.ini
	usage 'exp\.ini:[0-9]+: \[metric fault_count\]: a metric has that name' faultline run exp.ini --dry-run
	foreign
	sed -i 's/^metric = deep/metric = depe/' exp.ini
	usage '\[claim deep\]: no metric depe' faultline run exp.ini --dry-run
	expect 0 faultline list metrics
	grep -q '\[metric NAME\]' out || fail 'list metrics does not say how to add one'
}

# It was "No such file or directory" after a boot.
test_foreign_program_that_the_guest_hides() {
	cp /bin/true /tmp/faultline-three-$$
	small exp.ini 1 "/tmp/faultline-three-$$ -x"
	usage 'program /tmp/faultline-three-.*: the guest has a /tmp of its own' faultline run exp.ini
	rm /tmp/faultline-three-$$
}
