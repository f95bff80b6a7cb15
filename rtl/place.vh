// SPDX-License-Identifier: Apache-2.0
// place.vh: places in a packed ring, virtio 1.2, 2.8.1. Twin of model/place.h; included in the units that need it.
//
// A place is a slot in bits 14:0 and, in bit 15, the laps made so far, modulo 2. Both begin at 0, when the wrap counter
// is 1: the wrap counter is bit 15 inverted.

// The place that many slots further on; at most num, which may be no power of two.
function [15:0] place_after(input [15:0] place, input [15:0] slots, input [15:0] num);
	reg [15:0] slot;
	reg [14:0] over;
	begin
		slot = {1'b0, place[14:0]} + slots;
		over = slot[14:0] - num[14:0];
		place_after = slot < num ? {place[15], slot[14:0]} : {!place[15], over};
	end
endfunction

// Whether a place is less than a lap ahead of another. Flags of a slot tell one lap from the next, not from the one
// behind that.
function place_within_lap(input [15:0] from, input [15:0] place);
	place_within_lap = (place[14:0] >= from[14:0]) == (place[15] == from[15]);
endfunction
