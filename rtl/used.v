// SPDX-License-Identifier: Apache-2.0
// used.v: the used ring and its interrupts, virtio 1.2, 2.7.8, 2.7.7 and 2.8. Twin of model/used.c: same states, same
// clock.
//
//   IDLE -> INDEX -> EVENT -> WAIT -> IDLE
//   IDLE -> EVENT -> WAIT -> IDLE             a packed ring
//
// Elements are written as requests finish, behind their payload and status, without waiting. Promises: idx moves only
// when the responses of all elements that it covers, and so of all payload before them, have come; the suppression
// flag or used_event is read only when the response of idx has come; then the interrupt is raised. Completions that pile up meanwhile
// share the next idx.
//
// In a packed ring the element is what the driver looks at: a descriptor is written, its bytes 8 to 15 in one beat, when
// the responses of its request's payload and status have come, and the event structure is read when its own has. Proved
// by tests/unit/test_used.c and tests/unit/test_used_packed.c.
`default_nettype none
`include "vio_defs.vh"

module used (
	input  wire                      clk,
	input  wire                      rst,
	input  wire                      i_stop,
	input  wire                      i_start,
	input  wire                      i_event_idx,
	input  wire                      i_packed,
	input  wire [3:0]                i_start_queue,
	input  wire [64*`VIO_QUEUES-1:0] i_desc,
	input  wire [64*`VIO_QUEUES-1:0] i_avail,
	input  wire [64*`VIO_QUEUES-1:0] i_used,
	input  wire [16*`VIO_QUEUES-1:0] i_num,
	input  wire                      i_fin_ne,
	input  wire [`fin_W-1:0]         i_fin,
	output reg                       o_fin_pop,
	input  wire [`span_W-1:0]        i_span,
	output wire                      o_span_pop,
	input  wire [`place_W-1:0]       i_place,
	output reg                       o_place_pop,
	output wire                      o_place_push,
	output wire [`place_W-1:0]       o_place,
	input  wire                      i_udone_ne,
	input  wire [`udone_W-1:0]       i_udone,
	output reg                       o_udone_pop,
	input  wire                      i_ujob_nf,
	output reg                       o_ujob_push,
	output reg  [`ujob_W-1:0]        o_ujob,
	input  wire                      i_event_job_nf,
	output reg                       o_event_job_push,
	output wire [`job_W-1:0]         o_event_job,
	input  wire                      i_event_beat_ne,
	input  wire [`beat_W-1:0]        i_event_beat,
	output reg                       o_event_beat_pop,
	input  wire                      i_raise_nf,
	output reg                       o_raise_push,
	input  wire                      i_arm_ne,
	input  wire [`arm_W-1:0]         i_arm,
	output reg                       o_arm_pop,
	output reg                       o_armed_push,
	output wire [`armed_W-1:0]       o_armed,
	output wire [`raise_W-1:0]       o_raise,
	output wire [8*`VIO_QUEUES-1:0]  o_given, // chains whose element's response came, modulo 256
	output wire [15:0]               o_told,  // the driver was told of all of them
	output wire [3:0]                o_queue,
	output wire [3:0]                o_state,
	output wire                      o_idle
);
`include "place.vh"

	localparam [4:0] OUT = 12; // elements in flight: fewer than udone holds
	localparam [2:0] BTAG_USED = 1, BTAG_INDEX = 2, BTAG_EVENT = 3, BTAG_LANDED = 4;

	reg [3:0] state_q, state_d, queue_q, queue_d;
	reg [4:0] out_q, out_d;
	reg [7:0] landed_q, landed_d; // packed: requests whose data is in memory, and whose descriptor is not yet written
	reg [15:0] was_q, was_d;      // shown before it moved
	reg [16*`VIO_QUEUES-1:0] next_q, next_d, acked_q, acked_d, shown_q, shown_d;
	reg [8*`VIO_QUEUES-1:0] given_q, given_d;

	// The next queue after the last one whose driver is to be told of new elements.
	integer i, turn;
	reg behind;
	reg [3:0] q;
	always @* begin
		behind = 1'b0;
		q = queue_q;
		turn = 0;
		if (state_q == `S_USED_IDLE && acked_q != shown_q)
			for (i = `VIO_QUEUES; i > 0; i = i - 1) begin
				turn = ({28'd0, queue_q} + i) % `VIO_QUEUES;
				if (acked_q[16*turn[3:0] +: 16] != shown_q[16*turn[3:0] +: 16]) begin
					behind = 1'b1;
					q = turn[3:0];
				end
			end
	end

	wire [3:0] fin_queue = i_fin[`fin_queue];
	wire [15:0] fin_next = next_q[16*fin_queue +: 16];
	wire [15:0] fin_num = i_num[16*fin_queue +: 16];
	wire [15:0] slot = fin_next & (fin_num - 16'd1);
	wire [15:0] fin_flags = {!fin_next[15], 7'd0, !fin_next[15], 5'd0, i_fin[`fin_used] != 32'd0, 1'b0};
	wire [15:0] next = i_packed ? place_after(fin_next, i_span[`span_slots], fin_num) : fin_next + 16'd1;
	// In a packed ring the request's data must have landed, and elements run less than a lap ahead of what the driver was
	// told of: further on, places would be equal that are not.
	wire may_write = out_q != OUT &&
		(!i_packed || (landed_q != 8'd0 && place_within_lap(shown_q[16*fin_queue +: 16], fin_next)));
	wire [3:0] done_queue = i_udone[`udone_queue];

	// Where the driver says whether it wants an interrupt: avail.flags, used_event behind the ring, or the driver event
	// structure.
	wire [63:0] avail = i_avail[64*queue_q +: 64];
	wire [63:0] used_event = avail + 64'd4 + {47'd0, i_num[16*queue_q +: 16], 1'b0};
	wire [15:0] shown = shown_q[16*queue_q +: 16];
	wire [15:0] word = i_event_beat[15:0];
	wire [15:0] behind_event = shown - word - 16'd1;
	wire [15:0] moved = shown - was_q;
	wire wanted_split = i_event_idx ? behind_event < moved : !word[0];

	// Whether the slot that the driver waits for is among those from was to shown. An unknown flag asks for an interrupt.
	wire [15:0] queue_num = i_num[16*queue_q +: 16];
	wire [15:0] new_slot = {1'b0, shown[14:0]};
	wire [15:0] old_slot = {1'b0, was_q[14:0]} - (was_q[15] != shown[15] ? queue_num : 16'd0);
	wire [15:0] event_slot = {1'b0, word[14:0]} - (word[15] == shown[15] ? queue_num : 16'd0);
	wire [1:0] event_flags = i_event_beat[17:16];
	wire wanted_packed = event_flags == 2'd2 && i_event_idx ? new_slot - event_slot - 16'd1 < new_slot - old_slot :
		event_flags != 2'd1;
	wire wanted = i_packed ? wanted_packed : wanted_split;

	wire [3:0] arm_queue = i_arm[`arm_queue];

	assign o_event_job = {1'b1, i_packed ? 32'd4 : 32'd2, i_event_idx && !i_packed ? used_event : avail};
	assign o_place = next;
	assign o_place_push = o_fin_pop;
	assign o_span_pop = o_fin_pop && i_packed;
	assign o_armed = done_queue;
	assign o_raise = 2'd1;

	integer j;
	reg [15:0] told;
	always @* begin
		told = 16'hffff;
		for (j = 0; j < `VIO_QUEUES; j = j + 1)
			told[j] = acked_q[16*j +: 16] == shown_q[16*j +: 16];
	end

	integer k;
	always @* begin
		state_d = state_q;
		queue_d = queue_q;
		out_d = out_q;
		was_d = was_q;
		landed_d = landed_q;
		o_place_pop = 1'b0;
		o_arm_pop = 1'b0;
		o_armed_push = 1'b0;
		next_d = next_q;
		acked_d = acked_q;
		given_d = given_q;
		shown_d = shown_q;
		o_fin_pop = 1'b0;
		o_udone_pop = 1'b0;
		o_ujob_push = 1'b0;
		o_event_job_push = 1'b0;
		o_event_beat_pop = 1'b0;
		o_raise_push = 1'b0;

		o_ujob[`ujob_addr] = i_used[64*fin_queue +: 64] + 64'd4 + {45'd0, slot, 3'd0};
		o_ujob[`ujob_data] = {i_fin[`fin_used], 16'd0, i_fin[`fin_head]};
		o_ujob[`ujob_len] = 4'd8;
		o_ujob[`ujob_queue] = fin_queue;
		o_ujob[`ujob_kind] = BTAG_USED;
		if (i_packed) begin
			o_ujob[`ujob_addr] = i_desc[64*fin_queue +: 64] + {45'd0, fin_next[14:0], 4'd8};
			o_ujob[`ujob_data] = {fin_flags, i_fin[`fin_head], i_fin[`fin_used]};
		end
		if (behind && i_ujob_nf) begin
			o_ujob_push = !i_packed;
			o_ujob[`ujob_addr] = i_used[64*q +: 64] + 64'd2;
			o_ujob[`ujob_data] = {48'd0, acked_q[16*q +: 16]};
			o_ujob[`ujob_len] = 4'd2;
			o_ujob[`ujob_queue] = q;
			o_ujob[`ujob_kind] = BTAG_INDEX;
			queue_d = q;
			was_d = shown_q[16*q +: 16];
			for (k = 0; k < `VIO_QUEUES; k = k + 1)
				if (q == k[3:0])
					shown_d[16*k +: 16] = acked_q[16*k +: 16];
			state_d = i_packed ? `S_USED_EVENT : `S_USED_INDEX;
		end else if (i_fin_ne && may_write && i_ujob_nf) begin
			o_ujob_push = 1'b1;
			for (k = 0; k < `VIO_QUEUES; k = k + 1)
				if (fin_queue == k[3:0])
					next_d[16*k +: 16] = next;
			out_d = out_q + 5'd1;
			if (i_packed)
				landed_d = landed_q - 8'd1;
			o_fin_pop = 1'b1;
		end else if (i_arm_ne && i_ujob_nf) begin
			o_ujob_push = 1'b1;
			o_ujob[`ujob_addr] = i_used[64*arm_queue +: 64] +
				(i_packed ? 64'd0 : 64'd4 + {45'd0, i_num[16*arm_queue +: 16], 3'd0});
			o_ujob[`ujob_data] = {32'd0, i_arm[`arm_event]};
			o_ujob[`ujob_len] = i_packed ? 4'd4 : 4'd2;
			o_ujob[`ujob_queue] = arm_queue;
			o_ujob[`ujob_kind] = BTAG_EVENT;
			o_arm_pop = 1'b1;
		end
		if (state_q == `S_USED_EVENT && i_event_job_nf) begin
			o_event_job_push = 1'b1;
			state_d = `S_USED_WAIT;
		end else if (state_q == `S_USED_WAIT && i_event_beat_ne && i_raise_nf) begin
			o_raise_push = wanted;
			o_event_beat_pop = 1'b1;
			state_d = `S_USED_IDLE;
		end
		if (i_udone_ne) begin
			o_udone_pop = 1'b1;
			if (i_udone[`udone_kind] == BTAG_INDEX) begin
				state_d = `S_USED_EVENT;
			end else if (i_udone[`udone_kind] == BTAG_EVENT) begin
				o_armed_push = 1'b1;
			end else if (i_udone[`udone_kind] == BTAG_LANDED) begin
				landed_d = landed_d + 8'd1;
			end else begin
				for (k = 0; k < `VIO_QUEUES; k = k + 1)
					if (done_queue == k[3:0]) begin
						acked_d[16*k +: 16] = i_place[`place_next];
						given_d[8*k +: 8] = given_q[8*k +: 8] + 8'd1;
					end
				o_place_pop = 1'b1;
				out_d = out_d - 5'd1;
			end
		end
		if (i_start)
			for (k = 0; k < `VIO_QUEUES; k = k + 1)
				if (i_start_queue == k[3:0]) begin
					next_d[16*k +: 16] = 16'd0;
					acked_d[16*k +: 16] = 16'd0;
					shown_d[16*k +: 16] = 16'd0;
				end
	end

	always @(posedge clk) begin
		state_q <= state_d;
		queue_q <= queue_d;
		out_q <= out_d;
		was_q <= was_d;
		landed_q <= landed_d;
		next_q <= next_d;
		acked_q <= acked_d;
		given_q <= given_d;
		shown_q <= shown_d;
		if (rst || i_stop) begin
			state_q <= `S_USED_IDLE;
			queue_q <= 4'd0;
			out_q <= 5'd0;
			landed_q <= 8'd0;
			next_q <= 0;
			acked_q <= 0;
			given_q <= 0;
			shown_q <= 0;
		end
	end

	assign o_given = given_q;
	assign o_told = told;
	assign o_queue = queue_q;
	assign o_state = state_q;
	assign o_idle = state_q == `S_USED_IDLE && out_q == 5'd0 && acked_q == shown_q;
endmodule

`default_nettype wire
