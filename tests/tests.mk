# SPDX-License-Identifier: GPL-2.0
# Every tests/unit/ROOM/test_*.c becomes part of one Criterion binary, linked with the product's
# own objects; tests/guest boots real kernels; tests/cli runs the program; tests/fuzz needs clang.

UNIT_SRC  := $(wildcard tests/unit/*/test_*.c)
UNIT_OBJ  := $(UNIT_SRC:%.c=$(BUILD)/%.o)
GUEST_SRC := $(wildcard tests/guest/*.c)
GUEST_OBJ := $(GUEST_SRC:%.c=$(BUILD)/%.o)
FUZZERS   := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS ?= 60

$(BUILD)/unit-tests: $(UNIT_OBJ) $(LIBOBJ) $(WORKLOAD_TEST_OBJ) $(PLUGIN_TEST_OBJ) $(AGENT_TEST_OBJ) | $(BUILD)/boxes
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) $(WORKLOAD_TEST_LIBS) -lcriterion

$(BUILD)/guest-tests: $(GUEST_OBJ) $(LIBOBJ)
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcriterion

# Do texts of a picture lie on each other?  Measured with the fonts themselves.
$(BUILD)/boxes: tests/picture/boxes.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(shell pkg-config --cflags freetype2) $(LDFLAGS) -o $@ $< $(shell pkg-config --libs freetype2)

# A QEMU whose guest lies: tests/cli/test_liars.sh.
$(BUILD)/liar: $(BUILD)/tests/liar/liar.o $(BUILD)/harness/wire/frame.o
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ -lpthread

# A terminal that says what stays on it: tests/cli/test_progress.sh.
$(BUILD)/terminal: $(BUILD)/tests/terminal/terminal.o
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ -lutil

-include $(BUILD)/tests/liar/liar.d $(BUILD)/tests/terminal/terminal.d $(UNIT_OBJ:.o=.d) $(GUEST_OBJ:.o=.d)

$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBOBJ)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# Seconds, no guest.
check: $(BUILD)/faultline workloads agent
	tests/check/check.sh

unit: $(BUILD)/unit-tests
	$<

guest: all $(BUILD)/guest-tests
	$(BUILD)/guest-tests -j1

cli: all $(BUILD)/liar $(BUILD)/boxes $(BUILD)/terminal
	tests/cli/run_tests.sh

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# Criterion leaks what it keeps of a skipped test, so none may be: images want the real programs.
asan: all
	$(MAKE) BUILD=build-asan SAN="$(SANITIZE)" CFLAGS="-O1 -g" build-asan/unit-tests
	FAULTLINE_PROGRAMS=$(CURDIR)/$(BUILD)/workloads build-asan/unit-tests

fuzz:
	$(MAKE) BUILD=build-fuzz CC=clang CFLAGS="-O1 -g" \
		SAN="-fsanitize=address,undefined,fuzzer-no-link -fno-sanitize-recover=all" \
		$(FUZZERS:%=build-fuzz/fuzz/%)
	tests/fuzz/run_fuzz.sh $(FUZZ_SECONDS) $(FUZZERS)

# HOSTILE_SECONDS=3600 make hostile; again with SEED and the number that a failure tells.
HOSTILE_SECONDS ?= 600
hostile: all
	tests/hostile/hostile.sh --seconds $(HOSTILE_SECONDS) $(if $(SEED),--seed $(SEED))

tidy:
	tests/check/tidy.sh

clang:
	$(MAKE) BUILD=build-clang CC=clang all build-clang/unit-tests

test:
	tests/run_all.sh

.PHONY: check unit guest cli asan fuzz hostile tidy clang test

# Figures, never a verdict.
$(BUILD)/bench_store: bench/bench_store.c $(LIBOBJ)
	$(CC) $(CPPFLAGS) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

bench: all $(BUILD)/bench_store bench-workloads
	$(BUILD)/bench_store
	bench/bench_guest.sh

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/faultline \
		$(DESTDIR)$(PREFIX)/share/faultline $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(DESTDIR)$(PREFIX)/share/man/man5 $(DESTDIR)$(PREFIX)/share/man/man7 \
		$(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install $(BUILD)/faultline $(DESTDIR)$(PREFIX)/bin/
	install $(BUILD)/agent $(BUILD)/profile.so $(BUILD)/stall.so $(BUILD)/madv_free.so $(WORKLOADS:%=$(BUILD)/workloads/%) $(DESTDIR)$(PREFIX)/lib/faultline/
	cp -r bench guest $(DESTDIR)$(PREFIX)/share/faultline/
	$(BUILD)/faultline help --man docs/man/faultline.1.in \
		> $(DESTDIR)$(PREFIX)/share/man/man1/faultline.1
	$(BUILD)/faultline help --man docs/man/faultline-experiment.5.in \
		> $(DESTDIR)$(PREFIX)/share/man/man5/faultline-experiment.5
	for page in metrics settings; do \
		$(BUILD)/faultline help --man docs/man/faultline-$$page.7.in \
			> $(DESTDIR)$(PREFIX)/share/man/man7/faultline-$$page.7 || exit 1; \
	done
	$(BUILD)/faultline help --completion \
		> $(DESTDIR)$(PREFIX)/share/bash-completion/completions/faultline

# Minutes: 22 boots of every workload, half of them beside stress-ng.
bench-exact: all
	bench/bench_exact.sh

.PHONY: bench bench-exact install

# Pages that are made from the program's tables; tests/check/documents.sh compares them.
REFERENCE := commands keys metrics settings
reference: $(BUILD)/faultline
	for page in $(REFERENCE); do \
		$< help --reference $$page > docs/reference/$$page.md || exit 1; \
	done

.PHONY: reference
