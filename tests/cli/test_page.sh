# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The page in a real browser: Debian's chromium, spoken to through --remote-debugging-pipe.

paged() {
	small exp.ini 1 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i 's/^cpus.*/&\nclock = instructions/; s/^about = .*/about = <script>throw 1<\/script> what "does" \&amp; it <b>cost?/' exp.ini
	cat >>exp.ini <<-'EOF2'
	[settings huge]
	thp.enabled = always
	khugepaged.max_ptes_none = 511, 0
	[settings base]
	thp.enabled = never
	[workload mem<i>]
	run = usemem --latency @latency@ 32m
	[summary]
	about    = cost of a touched page, against max_ptes_none=511
	metric   = touch_latency_mean
	against  = thp.enabled=always khugepaged.max_ptes_none=511
	crossing = ptes
	[summary never]
	of = thp.enabled=never
	[summary all]
	of = thp.enabled=always khugepaged.max_ptes_none=0
	[crossing ptes]
	about   = pages that must be there
	axis    = 512 - khugepaged.max_ptes_none
	price   = touch_latency_mean
	saving  = memcg_charge_peak
	of      = thp.enabled=always
	against = thp.enabled=always khugepaged.max_ptes_none=511
	[claim less]
	about   = base pages cost less <i>
	metric  = touch_latency_mean
	of      = thp.enabled=never
	holds   = < 1 x
	against = thp.enabled=always khugepaged.max_ptes_none=511
	EOF2
}

# --- the browser ---

browser_start() {
	command -v chromium >/dev/null ||
		fail 'there is no browser: apt-get install chromium (./run.sh test does)'
	mkfifo to from
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --no-first-run \
		--disable-extensions --user-data-dir="$PWD/profile" --remote-debugging-pipe \
		3<to 4>from >/dev/null 2>chromium.log &
	browser=$!
	exec {to}>to {from}<from
	trap 'kill $browser 2>/dev/null; wait $browser 2>/dev/null' EXIT
	serial=0
	session=
	ask Target.createTarget '{"url":"about:blank"}'
	ask Target.attachToTarget "{\"targetId\":$(jq .result.targetId <<<"$reply"),\"flatten\":true}"
	session=",\"sessionId\":$(jq .result.sessionId <<<"$reply")"
	for domain in Page Runtime Log Network; do
		ask $domain.enable '{}'
	done
}

# ask METHOD PARAMS: the answer is in $reply; what happens meanwhile goes into the file events.
ask() {
	local line
	serial=$((serial + 1))
	printf '{"id":%d%s,"method":"%s","params":%s}\0' $serial "$session" "$1" "$2" >&"$to"
	while IFS= read -r -d '' -t 120 line <&"$from"; do
		reply=$line
		case $line in
		"{\"id\":$serial,\"error\""*) fail "$1: $line" ;;
		"{\"id\":$serial,"*) return ;;
		esac
		printf '%s\n' "$line" >>events
	done
	fail "$1: no answer of the browser: $(tail -n 3 chromium.log)"
}

# evaluate SCRIPT: its value, as JSON, in $value
evaluate() {
	ask Runtime.evaluate "$(jq -cn --arg e "$1" '{expression: $e, returnByValue: true, awaitPromise: true}')"
	value=$(jq -c '.result.exceptionDetails.exception.description // .result.result.value' <<<"$reply")
}

# look FILE WIDTH light|dark [#PLACE]
look() {
	local tries=0

	: >events
	ask Emulation.setDeviceMetricsOverride "{\"width\":$2,\"height\":800,\"deviceScaleFactor\":1,\"mobile\":false}"
	ask Emulation.setEmulatedMedia "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\"$3\"}]}"
	ask Page.navigate '{"url":"about:blank"}'
	ask Page.navigate "{\"url\":\"file://$1${4:-}\"}"
	until evaluate 'document.readyState + location.href.slice(0, 4)' && [ "$value" = '"completefile"' ]; do
		[ $((tries += 1)) -lt 600 ] || fail "$1 is not loaded: $value"
		sleep 0.1
	done
	ask Runtime.evaluate "$(jq -Rsc '{expression: .}' "$root/tests/cli/page_checks.js")"
}

# Errors on the console, and addresses that were asked for beside the page itself.
noise() {
	jq -r --arg page "file://$1" '
		(select(.method == "Runtime.exceptionThrown").params.exceptionDetails |
			"exception: \(.exception.description // .text)"),
		(select(.method == "Log.entryAdded" and .params.entry.level == "error").params.entry |
			"\(.text) \(.url)"),
		(select(.method == "Runtime.consoleAPICalled" and .params.type == "error").params.args[0].value),
		(select(.method == "Network.requestWillBeSent").params.request.url |
			select((startswith($page) | not) and . != "about:blank"))' events
}

# wrong_in_page FILE WIDTH SCHEME: all that is wrong with it, on stdout
wrong_in_page() {
	look "$@"
	evaluate 'checks.closed()'
	jq -r 'if type == "array" then .[] else . end' <<<"$value"
	evaluate 'checks.opened()'
	jq -r 'if type == "array" then .[] else . end' <<<"$value"
	noise "$1"
}

# pointer TYPE SELECTOR: the mouse moves there, or clicks there
pointer() {
	local at
	evaluate "(e => { e.scrollIntoView({ block: 'center' }); const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })(document.querySelector('$2'))"
	at=$(jq -r '"\"x\":\(.[0]),\"y\":\(.[1])"' <<<"$value")
	ask Input.dispatchMouseEvent "{\"type\":\"mouseMoved\",$at}"
	[ "$1" = click ] || return 0
	ask Input.dispatchMouseEvent "{\"type\":\"mousePressed\",\"button\":\"left\",\"clickCount\":1,$at}"
	ask Input.dispatchMouseEvent "{\"type\":\"mouseReleased\",\"button\":\"left\",\"clickCount\":1,$at}"
}

check_everywhere() {
	local said width scheme
	for scheme in light dark; do
		for width in 360 1280 1920; do
			said=$(wrong_in_page "$1" $width $scheme)
			[ -z "$said" ] || fail "$1 at $width, $scheme: $said"
		done
	done
}

# A page that is broken on purpose is called broken.
check_the_checks() {
	local how what said
	while IFS='|' read -r how what; do
		sed "s|</main>|$how</main>|" "$1" >broken.html
		! cmp -s "$1" broken.html || fail "$how: nothing was broken"
		said=$(wrong_in_page "$PWD/broken.html" 1280 light)
		grep -q "$what" <<<"$said" || fail "$how: not seen: $said"
	done <<-'EOF2'
	<p style="width:3000px">wide|the page is
	<p style="color:%23bbb;color:#bbb">pale|"pale"
	<script>nowhere()</script>|nowhere
	<img src="http://127.0.0.1:9/x.png">|127.0.0.1
	<p style="height:9000px">long|screens
	<div class=panels><svg viewBox="0 0 90 90"><text y=20>first</text><text y=21>other</text></svg></div>|first" and text
	EOF2
}

check_hands() {
	local change
	look "$1" 1280 light
	change=$(jq -r '[.points[] | select(.workload_name == "pf") | {(.settings["thp.enabled"] + .settings["khugepaged.max_ptes_none"]): .metrics.touch_latency_mean.value}] | add | (.never / .always511 - 1) * 100 | round' numbers)
	pointer move '#picture .hit'
	evaluate "(t => t.hidden ? 'none' : t.textContent)(document.querySelector('.tip'))"
	grep -qF "never: cost +$change" <<<"$value" || fail "hover says $value, not never: cost +$change"
	pointer click '.key button'
	evaluate "getComputedStyle(document.querySelector('#picture [data-s=\"0\"]')).display"
	[ "$value" = '"none"' ] || fail "a series that was switched off: $value"
	evaluate "checks.rows().length"
	[ "$value" -ge 4 ] || fail "$value rows"
	evaluate "document.querySelector('.tools input').focus()"
	ask Input.insertText '{"text":"PF never"}'
	evaluate "checks.rows().map(r => r.cells[0].textContent + ' ' + r.cells[1].textContent).join()"
	[ "$value" = '"pf thp=never"' ] || fail "filtered: $value"
	evaluate "document.querySelector('.tools input').value = '', document.querySelector('.tools input').oninput()"
	pointer click 'table.data thead th:nth-child(4)'
	evaluate "checks.rows().map(r => parseFloat(r.cells[3].textContent)).every((v, i, a) => !i || a[i - 1] <= v)"
	[ "$value" = true ] || fail 'not sorted'
	pointer click 'table.data thead th:nth-child(4)'
	evaluate "checks.rows().map(r => parseFloat(r.cells[3].textContent)).every((v, i, a) => !i || a[i - 1] >= v)"
	[ "$value" = true ] || fail 'not sorted downwards'
	evaluate "checks.rows().slice(-1)[0].id"
	look "$1" 1280 light "#$(jq -r . <<<"$value")"
	evaluate "(r => checks.shown(r) && getComputedStyle(r.cells[1]).backgroundColor !== getComputedStyle(document.querySelector('tbody tr:not(:target) td')).backgroundColor)(document.querySelector(':target'))"
	[ "$value" = true ] || fail "a link to a row: $value"
}

check_without_scripts() {
	ask Emulation.setScriptExecutionDisabled '{"value":true}'
	look "$1" 1280 light
	evaluate "document.querySelector('.answer').innerText"
	grep -q 'base pages cost less <i>' <<<"$value" || fail "without scripts: $value"
	grep -qF "$(sed -n 's/^pf .* \(+[0-9]*%\).*/\1/p' end)" <<<"$value" || fail "without scripts: $value"
	# What a workload comes to is said in the words of the end of the run.
	evaluate "[...document.querySelectorAll('.verdicts b:first-child')].map(b => b.textContent).sort().join()"
	[ "$value" = "\"$(sed -n 's/^\(pf\|mem<i>\) .*[%0-9-]  \([A-Za-z].*\)/\2/p' end | sort -u | paste -sd,)\"" ] ||
		fail "verdicts $value, at the end of the run: $(cat end)"
	evaluate "[checks.rows().length, checks.shown(document.querySelector('#picture svg')), document.querySelectorAll('button, .tip').length]"
	[ "$(jq -c '[.[0] > 3, .[1], .[2]]' <<<"$value")" = '[true,true,0]' ] || fail "without scripts: $value"
	ask Emulation.setScriptExecutionDisabled '{"value":false}'
}

test_page_in_a_browser() {
	local page before
	paged
	expect 0 faultline run exp.ini
	faultline show latest --format json >numbers
	faultline show latest --summary >end
	page=$(echo "$PWD"/results/small-*/report.html)
	before=$(sed '/id="profile"/,$d' "$page" | wc -c)
	[ "$before" -lt 300000 ] || fail "$before bytes"
	browser_start
	check_everywhere "$page"
	check_hands "$page"
	check_without_scripts "$page"
	check_the_checks "$page"
	expect 0 faultline report --index
	check_everywhere "$PWD/results/index.html"
	look "$PWD/results/index.html" 1280 dark
	pointer click 'table.data a'
	until evaluate 'location.pathname' && [ "$value" = "\"$page\"" ]; do
		sleep 0.2
	done
	usage 'takes no RUN' faultline report --index latest
}

# A night's page: the comparison, the history, the run; and a failed check is stated and open.
test_page_of_nights() {
	local page night
	paged
	for night in 1 2; do
		try faultline nightly exp.ini
		[ "$status" = 0 ] || fail "night $night: exit status $status: $(cat err)"
	done
	page=$PWD/$(sed -n 's/^report  //p' out)
	[ -s "$page" ] || fail "no page: $(cat out)"
	browser_start
	check_everywhere "$page"
	look "$page" 1280 light
	evaluate "[document.querySelectorAll('#history .spark').length > 1, document.querySelectorAll('#history a[href*=report]').length, document.querySelector('#checks details').open, document.querySelector('#checks summary').textContent]"
	[ "$value" = '[true,2,true,"1 of 1 checks FAIL"]' ] || fail "the history: $value"
	pointer move '#history .spark .m'
	evaluate "document.querySelector('.tip').textContent"
	grep -q "small-[0-9-]*: [0-9.]* " <<<"$value" || fail "hover says $value"
	cp "$page" made.html
	expect 0 faultline report latest
	look "$page" 1280 light
	evaluate "document.querySelectorAll('#history .spark').length"
	[ "$value" -gt 1 ] || fail 'made again, a night has no history'
	evaluate "document.querySelector('h1').innerText + document.querySelectorAll('.nights a').length"
	[ "$value" = '"The last of 2 nights of small: good2"' ] || fail "above the history: $value"
	expect 0 faultline report --index
	look "$PWD/results/index.html" 1280 light
	evaluate "document.querySelector('main ul').innerText"
	grep -q 'small: good' <<<"$value" || fail "the last nights: $value"
}
