# SPDX-License-Identifier: GPL-2.0
# make | make check | make test | make bench | make asan | make tidy | make fuzz | make install PREFIX=...

BUILD   ?= build
ifeq ($(origin CC),default)
CC      := gcc
endif
PREFIX  ?= /usr/local
SAN     ?=

WARN    := -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes -Wformat=2 -Werror
CPPFLAGS += -D_GNU_SOURCE -I.
CFLAGS  ?= -O2 -g
FLAGS   := -std=gnu17 $(CFLAGS) $(WARN) $(SAN) -MMD -MP
PKGS    := jansson sqlite3 hwloc libmd zlib
LIBS    := $(shell pkg-config --libs $(PKGS)) -lpthread -lm

ROOMS   := base wire stats experiment guest collect store judge run report try cli
SRC     := $(wildcard $(ROOMS:%=harness/%/*.c))
OBJ     := $(SRC:%.c=$(BUILD)/%.o)
LIBOBJ  := $(filter-out $(BUILD)/harness/cli/main.o,$(OBJ))

all: $(BUILD)/faultline workloads agent plugin shim

$(BUILD)/faultline: $(OBJ)
	$(CC) $(FLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(FLAGS) -c -o $@ $<

$(BUILD)/harness/store/schema.o: harness/store/schema.sql $(wildcard harness/store/migrate-*.sql)
$(BUILD)/harness/report/page_files.o: harness/report/page.css harness/report/page.js

# The sources' name; version.o is made anew when it changes.
VERSION := $(shell git describe --always --dirty 2>/dev/null || echo unknown)
$(BUILD)/harness/cli/version.o: CPPFLAGS += -DFL_VERSION='"$(VERSION)"'
$(BUILD)/harness/cli/version.o: $(BUILD)/version
$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' > $@

include workloads/workloads.mk
include guest/agent/agent.mk
include guest/plugin/plugin.mk
include guest/shim/shim.mk
include tests/tests.mk

-include $(OBJ:.o=.d)

clean:
	rm -rf $(BUILD)

.PHONY: all clean workloads agent plugin FORCE
.DELETE_ON_ERROR:
