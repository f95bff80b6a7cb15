# break-on error: what t_hostile does to the device, by name.
monitor break-on error
continue
monitor vio
backtrace 1
monitor break-on off
continue
