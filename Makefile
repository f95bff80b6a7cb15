# SPDX-License-Identifier: Apache-2.0
#
# NAME
#	Ringwalk: a virtio-mmio block device as C model and as Verilog, in lockstep, driven by firmware on a RISC-V.
#
# SYNOPSIS
#	make TARGET [V=1] [BUILD=build] [NAME=value...]
#
# DESCRIPTION
#	`make` alone lists the targets. All output goes to build/. V=1 shows the commands. A target that needs a tool
#	which is not there names the package and fails with 77. `run` and `test` install what is missing first.
#
# FILES
#	model/, rtl/      the two twins; model/tlm/ the model as a SystemC module; model/def/ holds the tables, model/gen.c prints them for others
#	sim/              the machine round them; all of it but main.c is one library
#	firmware/         t_*.c becomes build/firmware/t_*.elf
#	tests/run.sh      runs tests and counts them; tests/*/ what it runs
#	packages.txt      Debian packages

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules
# One goal uses all processors; several goals may depend on their order (clean, all).
ONE_GOAL := $(filter 1,$(words $(MAKECMDGOALS)))
MAKEFLAGS := $(MAKEFLAGS) $(if $(ONE_GOAL),$(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc)))
export PATH := $(PATH):/usr/sbin:/sbin

BUILD := build
CC := gcc
CXX := g++
RVCC := riscv64-unknown-elf-gcc
VERILATOR := verilator
COPT := -O2
VOPT := -O3 -march=native# of Verilator's C++: worth a factor of three
VSPLIT :=# of Verilator: how long its functions may be
SHARED = $(BUILD)# where the parts are that no parameter changes

# Settings of single targets.
DISK :=#        run: the disk image; empty: a copy of an ext4 image of this tree
RW :=#          run: 1 lets the firmware write to DISK
DUT := lockstep# run: model, rtl or lockstep
FW := t_sha256# wave: the firmware
PREFIX := /usr/local
DESTDIR :=
ROOT = $(DESTDIR)$(PREFIX)
T :=#           test-*: only tests whose name contains this
RISCV_TESTS ?=# test-cpu: a folder with the ELFs of riscv-tests
PARAMS :=#      all: parameters of model/def/params.def for both twins, as -DVIO_QUEUES=1; with a BUILD of their own

# Commands are shown as one short line each, or in full with V=1.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-4s %s\n' $(1) $(2))

# $(call need,TOOL,PACKAGE): first line of a recipe that uses a tool.
need = @command -v $(1) >/dev/null || { echo "$@: $(1) is missing: install the package $(2)" >&2; exit 77; }

# --- Flags

INCLUDES = -Imodel -Isim $(PARAMS)
CFLAGS := -std=c11 -D_GNU_SOURCE $(COPT) -g -Wall -Wextra -Wconversion -Werror
CXXFLAGS := -std=c++17 -O2 -g -Wall -Wextra
# Who links libringwalk.a gets it optimized across its files, and may leave that out by -fno-lto.
LTO := -flto=auto -ffat-lto-objects
SANITIZE := -O0 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
RVFLAGS := -std=c11 -O2 -g -Wall -Wextra -Wconversion -Werror -march=rv64imac_zicsr_zifencei -mabi=lp64 \
	-mcmodel=medany -ffreestanding -fno-builtin -ffunction-sections -fdata-sections -msmall-data-limit=0
RVLINK := -nostdlib -static -T firmware/link.ld -Wl,--gc-sections -Wl,--no-warn-rwx-segments
VFLAGS := --cc --savable --top-module vio -Irtl -Irtl/gen -O3 -Wno-lint $(VSPLIT) $(PARAMS)
LDLIBS = -Wl,--build-id=sha1 $(NORTL) -lelf -lfdt -lz -latomic -lpthread
DEPEND = -MMD -MP -MF $(@:.o=.d)

# Verilator's headers, asked for once, when the first recipe runs: before that it may not be installed.
VROOT = $(eval VROOT := $$(shell $(VERILATOR) --getenv VERILATOR_ROOT 2>/dev/null))$(VROOT)
FST = -isystem $(VROOT)/include/gtkwave

# --- Sources

SIM_C := $(sort $(shell find sim -name '*.c' ! -path sim/main.c))
LIB_C := $(SIM_C) model/vio.c
RTL_V := $(sort $(wildcard rtl/*.v rtl/*.vh rtl/gen/*.vh))
WIDTHS := 32 128 256 512
UNIT := $(patsubst tests/unit/%.c,%,$(sort $(wildcard tests/unit/test_*.c)))
UNIT_C := $(sort $(wildcard tests/unit/*.c))
RANDOM_C := $(sort $(wildcard tests/random/*.c))
BENCH_C := $(sort $(wildcard tests/bench/*.c))
CONFORMANCE_C := $(sort $(wildcard tests/conformance/*.c))
QTEST_C := $(sort $(wildcard tests/qtest/*.c))
CPU_C := $(sort $(wildcard tests/cpu/*.c))
FW_TESTS := $(patsubst firmware/%.c,%,$(sort $(wildcard firmware/t_*.c)))
FW_LIB := $(patsubst firmware/%,$(BUILD)/firmware/%.o,$(basename $(sort $(filter-out firmware/t_%,$(wildcard firmware/*.c)) \
	firmware/start.S)))

TLM_LIB := $(addprefix model/tlm/,axil_pins.cpp dma_at.cpp dma_lt.cpp vio_base.cpp vio_in.cpp vio_out.cpp vio_storage.cpp \
	vio_tlm.cpp) $(addprefix sim/backend/,disk.c disk_leap.c overlay.c ranges.c store.c) sim/sim.c sim/stream.c model/vio.c
TLM_PLATFORM := model/tlm/vio_rtl_sc.cpp $(sort $(wildcard model/tlm/platform/*.cpp))
TLM_TESTS := tests/tlm/traffic.cpp tests/bench/ring.c

objects = $(patsubst %.cpp,$(1)/%.o,$(patsubst %.c,$(1)/%.o,$(2)))
FST_O := $(addprefix $(SHARED)/fst/,fstapi.o fastlz.o lz4.o)
RTL_A := $(if $(wildcard rtl/vio.v),$(BUILD)/librtl.a)
NORTL := $(if $(RTL_A),,-Wl,--defsym=dut_open_rtl=0)
PROGRAM := $(BUILD)/ringwalk
ELFS := $(FW_TESTS:%=$(BUILD)/firmware/%.elf)
IMAGE := $(BUILD)/disk.img

# --- Goals

.PHONY: help all firmware run wave test test-unit test-asan test-system test-random test-qemu test-qtest test-gdb test-waves test-widths
.PHONY: test-cpu conformance bugs soak bench $(WIDTHS:%=w%)
.PHONY: guests uboot linux linux-legacy linux-packed debian test-linux bench-cpu
.PHONY: test-tlm area lint format gen check-gen install install-deps tlm clean FORCE

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

all: $(PROGRAM) $(ELFS) ## build the simulator and the firmware

firmware: $(ELFS) ## build the firmware alone

run: $(PROGRAM) $(BUILD)/firmware/t_sha256.elf $(if $(DISK),,$(IMAGE)) ## digest of a disk, read by firmware: [DISK=path [RW=1]] [DUT=lockstep]
	@BUILD='$(BUILD)' DUT='$(DUT)' RW='$(RW)' tests/system/disk.sh '$(or $(DISK),$(IMAGE))' '$(DISK)'

wave: $(PROGRAM) $(ELFS) ## run FW=t_sha256 with a wave and open it in GTKWave
	$(call need,gtkwave,gtkwave)
	$(Q)BUILD='$(BUILD)' tests/system/wave.sh '$(FW)'
	$(Q)waves/open.sh '$(BUILD)/waves/$(FW).fst'

RUN := BUILD='$(BUILD)' T='$(T)' tests/run.sh

TESTED := $(PROGRAM) $(ELFS) $(BUILD)/qtest $(BUILD)/cpu-random $(if $(RANDOM_C),$(BUILD)/random) $(BUILD)/conformance
ASAN := $(UNIT:%=$(BUILD)/asan/unit/%) $(BUILD)/asan/ringwalk $(if $(RANDOM_C),$(BUILD)/asan/random)

TLM_PROGRAMS := platform tlm/target tlm/dmi tlm/leap tlm/random
TLM := $(addprefix $(BUILD)/,$(TLM_PROGRAMS) tlm/pins)
ASAN_TLM := $(addprefix $(BUILD)/asan/,$(TLM_PROGRAMS))

test: $(TESTED) $(ASAN) $(TLM) $(ASAN_TLM) $(BUILD)/gen $(WIDTHS:%=w%) ## what must hold at every commit: all below but soak, bench and the Linux runs
	@JUDGES=first $(RUN) gen lint asan system cpu check random conformance qemu qtest gdb waves widths uboot tlm bugs faults

test-unit: $(UNIT:%=$(BUILD)/unit/%) ## unit tests (test: under ASan and UBSan)
	@$(RUN) unit

test-asan: $(ASAN) $(ELFS) ## unit, random and firmware tests under ASan and UBSan
	@$(RUN) asan

test-system: $(PROGRAM) $(ELFS) ## firmware tests on model, rtl and lockstep
	@$(RUN) system-all

test-cpu: $(PROGRAM) $(ELFS) $(BUILD)/cpu-random ## the hart beside QEMU's on random programs, and on RISC-V's own test suites: RISCV_TESTS=folder of their ELFs
	@RISCV_TESTS='$(RISCV_TESTS)' $(RUN) cpu-all

test-check: $(PROGRAM) $(ELFS) ## the driver monitor on the firmware tests
	@$(RUN) check

test-random: $(PROGRAM) $(ELFS) $(BUILD)/random ## random rings in lockstep against a scoreboard
	@$(RUN) random

test-qemu: $(PROGRAM) $(ELFS) ## the same firmware on QEMU, transcripts compared
	@$(RUN) qemu

test-qtest: $(PROGRAM) $(BUILD)/qtest ## the same register and ring accesses on QEMU's device and on ours: [DUT=model]
	@QTEST_DUT='$(if $(filter file,$(origin DUT)),model,$(DUT))' $(RUN) qtest

test-gdb: $(PROGRAM) $(ELFS) ## GDB scripts on the firmware, Ctrl-C, profiles
	@$(RUN) gdb

test-waves: $(PROGRAM) $(ELFS) ## every signal of the saved views is in the waves
	@$(RUN) waves

test-tlm: $(PROGRAM) $(TLM) $(ASAN_TLM) $(ELFS) ## the SystemC modules and the platform, also under ASan and UBSan
	@$(RUN) tlm

tlm: $(PROGRAM) $(TLM) $(ELFS) ## the platform: all firmware on tlm-lt, tlm-at, rtl-sc and both; 100,000 random requests on model and RTL
	@$(RUN) tlm-all

test-widths: $(ELFS) $(WIDTHS:%=w%) ## data buses of 32, 128, 256 and 512 bits, in lockstep
	@$(RUN) widths

conformance: $(BUILD)/conformance ## each row of virtio 1.2 on model, rtl and lockstep; writes CONFORMANCE.md
	@$(BUILD)/conformance --strict --table CONFORMANCE.md

bugs: $(PROGRAM) $(ELFS) $(BUILD)/random $(BUILD)/conformance $(WIDTHS:%=w%) ## each deliberate fault, and the check that catches it (test: a share of them)
	@$(RUN) bugs-all faults-all
	@BUILD='$(BUILD)' tests/bugs/run.sh --table

soak: $(BUILD)/random $(WIDTHS:%=w%) ## 1,000,000 random requests in lockstep, at all widths
	@$(RUN) soak

bench: $(BUILD)/bench $(BUILD)/tlm/bench $(BUILD)/platform $(PROGRAM) $(ELFS) w128 w256 $(IMAGE) ## efficiency, latency, speed: the rows of build/bench.json
	$(call need,qemu-system-riscv64,qemu-system-misc)
	$(Q)BUILD='$(BUILD)' tests/bench/run.sh

# --- Guests that others wrote. G: their files.
G := $(BUILD)/guests
GUESTS := $(G)/initrd.cpio $(G)/disk.img
guest = BUILD='$(BUILD)' DUT='$(DUT)' tests/guests

guests: $(GUESTS) ## fetch Debian's riscv64 kernel, firmware and installer, below build/guests, and make a disk for them
	@sed 's/%3a/:/; s/^/  /' $(G)/root/versions

uboot: $(PROGRAM) ## Debian's U-Boot, in machine mode and behind OpenSBI: [DUT=lockstep|model|rtl|qemu]
	@$(guest)/uboot.sh

linux: $(PROGRAM) $(GUESTS) ## Debian's kernel boots from the device and tests it: [DUT=lockstep|model|rtl|qemu]
	@$(guest)/linux.sh plain

linux-legacy: $(PROGRAM) $(GUESTS) ## the same on a legacy device
	@$(guest)/linux.sh legacy

linux-packed: $(PROGRAM) $(GUESTS) ## the same with packed rings
	@$(guest)/linux.sh packed

debian: $(PROGRAM) $(GUESTS) ## Debian's installer up to its first question: [DUT=lockstep|model|rtl|qemu]
	@$(guest)/debian.sh

test-linux: $(PROGRAM) $(GUESTS) ## the Linux runs and the installer
	@$(RUN) linux

bench-cpu: $(BUILD)/bench $(PROGRAM) $(ELFS) $(GUESTS) ## speed beside QEMU, of a loop and of booting Linux: the rows of build/bench-cpu.json
	$(call need,qemu-system-riscv64,qemu-system-misc)
	$(Q)$(BUILD)/bench --what cpu --json '$(BUILD)/bench-cpu.json' --ringwalk '$(PROGRAM)' --firmware '$(BUILD)/firmware'

# Of all files that are there afterwards this one is written last.
$(G)/root/versions: tests/guests/fetch.sh | $(DEPS)
	$(Q)BUILD='$(BUILD)' tests/guests/fetch.sh
	@touch $@

$(G)/initrd.cpio: $(G)/root/versions tests/guests/build.sh tests/guests/common.sh tests/guests/guest/init
	$(call say,CPIO,$@)
	$(Q)BUILD='$(BUILD)' tests/guests/build.sh initrd

$(G)/disk.img: $(G)/root/versions tests/guests/build.sh tests/guests/common.sh tests/guests/guest/selftest
	$(call say,EXT4,$@)
	$(Q)BUILD='$(BUILD)' tests/guests/build.sh disk

area: ## LUTs, flip-flops and memories of a small and a full device on two FPGA families, as Yosys counts
	@BUILD='$(BUILD)' tests/area.sh

lint: ## Verilator, gcc, clang, clang-format, Icarus and Yosys
	@$(RUN) lint-all

format: ## rewrite the C sources as clang-format wants them
	$(call need,clang-format,clang-format)
	$(Q)clang-format -i $$(tests/lint.sh sources)

gen: $(BUILD)/gen ## print model/def/ again: headers for C and Verilog, SVD, tables of the README
	@mkdir -p rtl/gen
	$(Q)$(BUILD)/gen params >$(BUILD)/vio_params.h && cp $(BUILD)/vio_params.h model/vio_params.h
	$(Q)$(BUILD)/gen vh >$(BUILD)/vio_defs.vh && cp $(BUILD)/vio_defs.vh rtl/gen/vio_defs.vh
	$(Q)$(BUILD)/gen fifos >$(BUILD)/vio_fifos.vh && cp $(BUILD)/vio_fifos.vh rtl/gen/vio_fifos.vh
	$(Q)$(BUILD)/gen svd >$(BUILD)/ringwalk.svd && cp $(BUILD)/ringwalk.svd rtl/gen/ringwalk.svd
	$(Q)$(BUILD)/gen readme README.md >$(BUILD)/README.md && cp $(BUILD)/README.md README.md

check-gen: $(BUILD)/gen ## what `make gen` prints is what is committed
	@$(RUN) gen

# Headers keep their places, so that they find each other.
install: $(BUILD)/libringwalk.a ## headers, static library, RTL and its lists, .pc file: [PREFIX=/usr/local] [DESTDIR=]
	$(Q)install -d '$(ROOT)/include/ringwalk/def' '$(ROOT)/include/ringwalk/tlm' '$(ROOT)/include/ringwalk/backend' \
		'$(ROOT)/lib/pkgconfig' '$(ROOT)/share/ringwalk/rtl/gen'
	$(Q)install -m 644 $(addprefix model/,vio.h vio_pins.h vio_params.h data.h fifo.h leap.h) '$(ROOT)/include/ringwalk'
	$(Q)install -m 644 model/def/*.def '$(ROOT)/include/ringwalk/def'
	$(Q)install -m 644 $(filter-out %/vio_rtl_sc.h,$(wildcard model/tlm/*.h model/tlm/*.def)) '$(ROOT)/include/ringwalk/tlm'
	$(Q)install -m 644 sim/backend/disk.h '$(ROOT)/include/ringwalk/backend'
	$(Q)install -m 644 $< '$(ROOT)/lib'
	$(Q)sed 's#@PREFIX@#$(PREFIX)#' model/tlm/ringwalk.pc.in >'$(ROOT)/lib/pkgconfig/ringwalk.pc'
	$(Q)install -m 644 rtl/*.v rtl/*.vh rtl/lint.vlt rtl/ringwalk.f rtl/ringwalk.core '$(ROOT)/share/ringwalk/rtl'
	$(Q)install -m 644 rtl/gen/* '$(ROOT)/share/ringwalk/rtl/gen'

install-deps: ## install the packages of packages.txt
	@tests/install.sh run test

clean: ## remove build/
	rm -rf $(BUILD)

# --- Packages. Under `run` and `test` every rule that uses a tool waits for DEPS.

DEPS := $(if $(filter run,$(MAKECMDGOALS)),deps-run) $(if $(filter test test-linux,$(MAKECMDGOALS)),deps-test)
.PHONY: deps-run deps-test
deps-run:
	@tests/install.sh run
deps-test:
	@tests/install.sh run test

# --- Rules

# Everything that is compiled depends on this file, which changes when a flag does.
FLAGS := $(BUILD)/flags
$(FLAGS): FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(CC) $(CXX) $(RVCC) $(INCLUDES) $(CFLAGS) $(CXXFLAGS) $(LTO) $(SANITIZE) $(RVFLAGS) $(VFLAGS) $(VOPT)' >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(BUILD)/obj/%.o: %.c $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(INCLUDES) $(FST) $(DEPEND) -c -o $@ $<

$(BUILD)/asan/obj/%.o: %.c $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,ASAN,$<)
	$(Q)$(CC) $(CFLAGS) $(SANITIZE) $(INCLUDES) $(FST) $(DEPEND) -c -o $@ $<

$(BUILD)/obj/%.o: %.cpp $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CXXFLAGS) $(INCLUDES) $(DEPEND) -c -o $@ $<

$(BUILD)/lto/%.o: %.c $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CFLAGS) $(LTO) $(INCLUDES) $(DEPEND) -c -o $@ $<

$(BUILD)/lto/%.o: %.cpp $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CXXFLAGS) $(LTO) $(INCLUDES) $(DEPEND) -c -o $@ $<

$(BUILD)/asan/obj/%.o: %.cpp $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,ASAN,$<)
	$(Q)$(CXX) $(CXXFLAGS) $(SANITIZE) $(INCLUDES) $(DEPEND) -c -o $@ $<

# Verilator's copy of the FST writer is not ours: no warnings.
$(BUILD)/fst/%.o: $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CC,$(notdir $(@:.o=.c)))
	$(Q)$(CC) -O2 -w -DFST_CONFIG_INCLUDE='"fst_config.h"' $(FST) -c -o $@ $(VROOT)/include/gtkwave/$(notdir $(@:.o=.c))

$(BUILD)/verilated/Vvio.mk: $(RTL_V) $(FLAGS) | $(DEPS)
	$(call need,$(VERILATOR),verilator)
	$(call say,VERI,rtl/vio.v)
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)$(VERILATOR) $(VFLAGS) --Mdir $(@D) $(wildcard rtl/lint.vlt) rtl/vio.v

# Verilator's makefile compiles what Verilator wrote.
$(BUILD)/verilated/Vvio__ALL.a: $(BUILD)/verilated/Vvio.mk
	$(call say,CXX,rtl/vio.v)
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vvio.mk OPT_FAST='$(VOPT)' Vvio__ALL.a \
		$(if $(filter $(BUILD),$(SHARED)),$(notdir $(RUNTIME))) >$(@D)/log 2>&1 || { cat $(@D)/log >&2; exit 1; }

# The RTL as a SystemC module with pins, for a test. Compiled fast, not to be fast.
$(BUILD)/verilated_sc/Vvio_sc__ALL.a: $(RTL_V) $(FLAGS) | $(DEPS)
	$(call need,$(VERILATOR),verilator)
	$(call say,VERI,'rtl/vio.v for SystemC')
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)$(VERILATOR) --sc --prefix Vvio_sc $(filter-out --cc --savable,$(VFLAGS)) --output-split-cfuncs 300 --Mdir $(@D) \
		$(wildcard rtl/lint.vlt) rtl/vio.v
	$(Q)$(MAKE) --no-print-directory -s -C $(@D) -f Vvio_sc.mk OPT_FAST=-O1 Vvio_sc__ALL.a >$(@D)/log 2>&1 || { cat $(@D)/log >&2; exit 1; }

$(BUILD)/obj/tests/tlm/pins.o: tests/tlm/pins.cpp $(BUILD)/verilated_sc/Vvio_sc__ALL.a $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CXXFLAGS) $(INCLUDES) -isystem $(BUILD)/verilated_sc -isystem $(VROOT)/include -isystem $(VROOT)/include/vltstd \
		$(DEPEND) -c -o $@ $<

$(BUILD)/tlm/pins: $(BUILD)/verilated_sc/Vvio_sc__ALL.a

$(BUILD)/obj/sim/dut/rtl.o: sim/dut/rtl.cpp $(BUILD)/verilated/Vvio__ALL.a $(FLAGS) | $(DEPS)
	@mkdir -p $(@D)
	$(call say,CXX,$<)
	$(Q)$(CXX) $(CXXFLAGS) $(INCLUDES) -isystem $(BUILD)/verilated -isystem $(VROOT)/include -isystem $(VROOT)/include/vltstd \
		$(DEPEND) -c -o $@ $<

RUNTIME := $(addprefix $(SHARED)/verilated/,verilated.o verilated_save.o verilated_threads.o)
$(BUILD)/librtl.a: $(BUILD)/obj/sim/dut/rtl.o $(BUILD)/verilated/Vvio__ALL.a
	$(call say,AR,$@)
	$(Q)rm -f $@ && cp $(BUILD)/verilated/Vvio__ALL.a $@ && ar rs $@ $< $(RUNTIME) 2>/dev/null

# $(call program,FLAVOUR FOLDER,LINK FLAGS): the library and the programs, plain and sanitized.
define program
$(1)/libsim.a: $(call objects,$(1)/obj,$(LIB_C)) $(FST_O)
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^

$(1)/ringwalk: $(1)/obj/sim/main.o $(1)/libsim.a $(RTL_A)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -o $$@ $$^ $(LDLIBS)

$(1)/random: $(call objects,$(1)/obj,$(RANDOM_C)) $(1)/libsim.a $(RTL_A)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -o $$@ $$^ $(LDLIBS)

$(1)/bench: $(call objects,$(1)/obj,$(BENCH_C)) $(1)/libsim.a $(RTL_A)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -o $$@ $$^ $(LDLIBS)

$(1)/unit/test_resume: $(1)/obj/tests/random/resume.o

$(1)/unit/test_random_packed: $(call objects,$(1)/obj,$(filter-out %/random.c,$(RANDOM_C)))

$(1)/conformance: $(call objects,$(1)/obj,$(CONFORMANCE_C)) $(1)/libsim.a $(RTL_A)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -o $$@ $$^ $(LDLIBS)

# model/tlm/: what is installed, the platform, and programs that test both.
$(1)/libringwalk.a: $(call objects,$(1)/$(if $(2),obj,lto),$(TLM_LIB))
	$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$^

$(1)/platform: $(call objects,$(1)/obj,$(TLM_PLATFORM)) $(1)/libringwalk.a $(1)/libsim.a $(RTL_A)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -fno-lto -o $$@ $$^ -lsystemc $(LDLIBS)

$(1)/tlm/%: $(1)/obj/tests/tlm/%.o $(call objects,$(1)/obj,$(TLM_TESTS) $(filter-out %/platform.cpp %/machine.cpp,$(TLM_PLATFORM))) \
		$(1)/libringwalk.a $(1)/libsim.a $(RTL_A)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) $$(or $$(LINKFLAGS),-fno-lto) -o $$@ $$(filter %.o,$$^) $$(filter-out %/librtl.a,$$(filter %.a,$$^)) $(RTL_A) -lsystemc \
		$(LDLIBS)

# Both sides of the bench are optimized alike.
$(1)/tlm/bench: $(call objects,$(1)/$(if $(2),obj,lto),$(addprefix tests/bench/,rig.c report.c) sim/dut/model.c)

$(1)/unit/%: $(1)/obj/tests/unit/%.o $(call objects,$(1)/obj,$(filter-out tests/unit/test_%,$(UNIT_C))) $(1)/libsim.a \
		$(RTL_A)
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$$(Q)$(CXX) $(2) -o $$@ $$(filter %.o,$$^) $$(filter %.a,$$^) -lcmocka $(LDLIBS)
endef
$(BUILD)/tlm/bench: LINKFLAGS := -O2 -flto=auto
$(eval $(call program,$(BUILD),))
$(eval $(call program,$(BUILD)/asan,$(SANITIZE)))

# The device with a data bus of another width, and the simulator round it, below build/w128. Compiled fast, not to be fast:
# short functions take the compiler a third less time.
$(WIDTHS:%=w%): w%: $(FST_O) $(RTL_A) | $(DEPS)
	$(call say,MAKE,$(BUILD)/$@)
	$(Q)$(MAKE) $(if $(V),,-s) --no-print-directory BUILD=$(BUILD)/$@ SHARED=$(BUILD) COPT=-O0 VOPT=-O1 \
		VSPLIT='--output-split-cfuncs 300' PARAMS='$(PARAMS) -DVIO_DATA_W=$*' $(addprefix $(BUILD)/$@/,random ringwalk bench unit/test_reader unit/test_writer)

$(BUILD)/qtest: $(call objects,$(BUILD)/obj,$(QTEST_C) sim/qtest_lines.c sim/qtest_words.c sim/sim.c)
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^

$(BUILD)/cpu-random: $(call objects,$(BUILD)/obj,$(CPU_C)) $(BUILD)/libsim.a
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^

# The tables are printed as they are.
$(BUILD)/obj/model/gen.o: override PARAMS :=
$(BUILD)/gen: $(BUILD)/obj/model/gen.o
	$(call say,LD,$@)
	$(Q)$(CC) -o $@ $^

$(BUILD)/firmware/%.o: firmware/%.c $(FLAGS) | $(DEPS)
	$(call need,$(RVCC),gcc-riscv64-unknown-elf)
	@mkdir -p $(@D)
	$(call say,RVCC,$<)
	$(Q)$(RVCC) $(RVFLAGS) -Imodel $(DEPEND) -c -o $@ $<

$(BUILD)/firmware/%.o: firmware/%.S $(FLAGS) | $(DEPS)
	$(call need,$(RVCC),gcc-riscv64-unknown-elf)
	@mkdir -p $(@D)
	$(call say,RVCC,$<)
	$(Q)$(RVCC) $(RVFLAGS) $(DEPEND) -c -o $@ $<

$(BUILD)/firmware/%.elf: $(BUILD)/firmware/%.o $(FW_LIB) firmware/link.ld
	$(call say,RVLD,$@)
	$(Q)$(RVCC) $(RVFLAGS) $(RVLINK) -o $@ $(filter %.o,$^) -lgcc

# An ext4 file system of 16 MiB that holds this tree: the same bytes from the same files. Without the README, which
# shows its digest.
$(IMAGE): $(shell find firmware model rtl sim tests waves -type f) Makefile LICENSE packages.txt | $(DEPS)
	$(call need,mke2fs,e2fsprogs)
	$(call say,EXT4,$@)
	$(Q)tests/system/image.sh $@ $^

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
