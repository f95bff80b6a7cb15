# Breakpoints, backtraces, registers, steps, watchpoints, on t_irq.
info registers pc priv mstatus
break blk_submit
continue
backtrace
print $pc == (unsigned long)blk_submit || $pc > (unsigned long)blk_submit
monitor cycle
stepi
monitor cycle
stepi 3
monitor cycle
delete
finish
print blk.queue.used->idx
watch blk.queue.used->idx
continue
print blk.queue.used->idx
delete
rwatch blk.queue.published_idx
continue
delete
awatch blk.queue.avail_idx
continue
delete
hbreak irq_trap
continue
print $mcause
print $a0 == $mcause
x/3i $pc
stepi
backtrace 2
delete
set $t0 = $t0
print $fa0.double
detach
