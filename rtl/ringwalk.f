// SPDX-License-Identifier: Apache-2.0
// ringwalk.f: the RTL for a tool that is started in this folder; the top module is vio.
+incdir+.
+incdir+gen
axi.v
blk.v
blk_config.v
count.v
fetch.v
fifo.v
frame.v
port.v
queues.v
reader.v
regs.v
sched.v
used.v
vio.v
walk.v
writer.v
