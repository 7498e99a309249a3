# SPDX-License-Identifier: GPL-2.0
# profile.so is loaded by QEMU: it needs no library, and is built the same whatever SAN says.
# What it decides without QEMU (all but profile.c) is linked into the unit tests.
PLUGIN_SRC := $(wildcard guest/plugin/*.c)
PLUGIN_OBJ := $(PLUGIN_SRC:%.c=$(BUILD)/plugin.o/%.o)
PLUGIN_TEST_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %/profile.c,$(PLUGIN_SRC)))

plugin: $(BUILD)/profile.so

$(BUILD)/profile.so: $(PLUGIN_OBJ)
	$(CC) -shared -O2 -o $@ $^

$(BUILD)/plugin.o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 -O2 -g -fPIC -fvisibility=hidden $(WARN) -MMD -MP -c -o $@ $<

-include $(PLUGIN_OBJ:.o=.d) $(PLUGIN_TEST_OBJ:.o=.d)
