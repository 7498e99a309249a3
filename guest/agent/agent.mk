# SPDX-License-Identifier: GPL-2.0
AGENT_SRC := $(wildcard guest/agent/*.c) harness/wire/frame.c harness/wire/listing.c
# What reads programs' output is linked into the unit tests.
AGENT_TEST_OBJ := $(BUILD)/guest/agent/job.o
AGENT_OBJ := $(AGENT_SRC:%.c=$(BUILD)/agent.o/%.o)

agent: $(BUILD)/agent

$(BUILD)/agent: $(AGENT_OBJ)
	$(CC) -static -O2 -o $@ $^

$(BUILD)/agent.o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 -O2 -g $(WARN) -MMD -MP -c -o $@ $<

-include $(AGENT_OBJ:.o=.d) $(AGENT_TEST_OBJ:.o=.d)
