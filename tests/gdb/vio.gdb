# monitor vio before, during and after a request; break-on chain and irq.
monitor vio
monitor break-on chain
monitor break-on irq
continue
monitor vio 7
monitor phys 0x80000000 4
continue
monitor vio 7
monitor events
monitor break-on off
x/4wx 0x10008000
