# SPDX-License-Identifier: GPL-2.0
PLUGIN_SRC := $(wildcard guest/plugin/*.c)
PLUGIN_OBJ := $(PLUGIN_SRC:%.c=$(BUILD)/plugin.o/%.o)

plugin: $(BUILD)/profile.so

$(BUILD)/profile.so: $(PLUGIN_OBJ)
	$(CC) -shared -o $@ $^

$(BUILD)/plugin.o/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 -O2 -g -fPIC $(WARN) -MMD -MP -c -o $@ $<

-include $(PLUGIN_OBJ:.o=.d)
