# What restore.sh compares: registers, memory and the device of a machine that stands.
echo state\n
monitor cycle
info registers
info registers mstatus mepc mcause mie mip mscratch priv
print/x *blk.queue.used
x/64xw blk.queue.used
backtrace
monitor vio
monitor phys 0x80000000 64
echo end\n
