# SPDX-License-Identifier: GPL-2.0
# madv_free.so is preloaded into QEMU: built the same whatever SAN says.
shim: $(BUILD)/madv_free.so

$(BUILD)/madv_free.so: guest/shim/madv_free.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -std=gnu17 -O2 -g -fPIC $(WARN) -shared -o $@ $< -ldl

.PHONY: shim
