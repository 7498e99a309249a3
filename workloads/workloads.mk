# SPDX-License-Identifier: GPL-2.0
# The workloads: one file a program, static, so that they run in any guest.
# A new one needs its file and its name here.

WORKLOADS := page_fault1 page_fault2 usemem memhog fork-snapshot fork-density verify interplay hungry selftest bigfree races micromm reservations

comma    := ,
WL_DIR   := $(BUILD)/workloads
WL_LIB   := $(WL_DIR)/lib.a
WL_OBJ   := $(patsubst workloads/%.c,$(WL_DIR)/%.o,$(wildcard workloads/lib/*.c))
# -O2 whatever CFLAGS says: what is measured must not depend on how the rest was built.
WL_FLAGS := -D_GNU_SOURCE -std=gnu17 -O2 -g $(WARN) -Iworkloads -MMD -MP
# A group: hwloc and libnuma need what lib/static_absent.c stands in for.
WL_LIBS  := -Wl,--start-group $(WL_LIB) -lhwloc -lnuma -Wl,--end-group -lpthread -lm
# A sanitised program cannot be static.
WL_LINK  := $(if $(SAN),,-static -Wl$(comma)--wrap=dlopen$(comma)--wrap=getaddrinfo)

# The unit tests are linked with shared libraries, which must not meet the stand-ins.
WORKLOAD_TEST_OBJ  := $(filter-out %/static_absent.o,$(WL_OBJ))
WORKLOAD_TEST_LIBS := -lhwloc

workloads: $(WORKLOADS:%=$(WL_DIR)/%)

$(WL_LIB): $(WL_OBJ)
	@rm -f $@
	$(AR) rcs $@ $^

$(WL_DIR)/%.o: workloads/%.c
	@mkdir -p $(@D)
	$(CC) $(WL_FLAGS) $(SAN) -c -o $@ $<

$(WORKLOADS:%=$(WL_DIR)/%): $(WL_DIR)/%: $(WL_LIB)
	$(CC) $(SAN) $(WL_LINK) $(LDFLAGS) -o $@ $(filter %.o,$^) $(WL_LIBS)

# fork-snapshot is made from fork_snapshot.c, and so on.
$(foreach w,$(WORKLOADS),$(eval $(WL_DIR)/$(w): $(WL_DIR)/$(subst -,_,$(w)).o))

$(WL_DIR)/bench_latency: bench/bench_latency.c $(WL_LIB)
	$(CC) $(WL_FLAGS) -I. $(SAN) $(WL_LINK) $(LDFLAGS) -o $@ $< $(WL_LIB)

bench-workloads: workloads $(WL_DIR)/bench_latency
	bench/bench_workloads.sh $(BUILD)

-include $(wildcard $(WL_DIR)/*.d $(WL_DIR)/lib/*.d)

.PHONY: workloads bench-workloads
.SECONDARY: $(patsubst %,$(WL_DIR)/%.o,$(subst -,_,$(WORKLOADS)))
