# SPDX-License-Identifier: GPL-2.0
# profile.so and stall.so are loaded by QEMU: they need no library, and are built the same whatever
# SAN says.  What they decide without QEMU (all but profile.c and stall.c) is linked into the unit
# tests.
PLUGIN_SRC := $(wildcard guest/plugin/*.c)
PLUGIN_OBJ := $(PLUGIN_SRC:%.c=$(BUILD)/plugin.o/%.o)
STALL_OBJ := $(BUILD)/plugin.o/guest/plugin/stall.o $(BUILD)/plugin.o/guest/plugin/stalls.o
REFUSE_OBJ := $(BUILD)/plugin.o/guest/plugin/refuse.o
PLUGIN_TEST_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/profile.c %/stall.c,$(PLUGIN_SRC)))

plugin: $(BUILD)/profile.so $(BUILD)/stall.so

$(BUILD)/profile.so: $(filter-out $(STALL_OBJ),$(PLUGIN_OBJ))
	$(CC) -shared -O2 -o $@ $^

$(BUILD)/stall.so: $(STALL_OBJ) $(REFUSE_OBJ)
	$(CC) -shared -O2 -o $@ $^

$(BUILD)/plugin.o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 -O2 -g -fPIC -fvisibility=hidden $(WARN) -MMD -MP -c -o $@ $<

-include $(PLUGIN_OBJ:.o=.d) $(PLUGIN_TEST_OBJ:.o=.d)
