// SPDX-License-Identifier: Apache-2.0
// used.v: the used ring and its interrupts, virtio 1.2, 2.7.8 and 2.7.7. Twin of model/used.c: same states, same clock.
//
//   IDLE -> INDEX -> EVENT -> WAIT -> IDLE
//
// Elements are written as requests finish, behind their payload and status, without waiting. Promises: idx moves only
// when the responses of all elements that it covers, and so of all payload before them, have come; the suppression
// flag or used_event is read only when the response of idx has come; then the interrupt is raised. Completions that pile up meanwhile
// share the next idx. Proved by tests/unit/test_used.c.
`default_nettype none
`include "vio_defs.vh"

module used (
	input  wire                      clk,
	input  wire                      rst,
	input  wire                      i_stop,
	input  wire                      i_start,
	input  wire                      i_event_idx,
	input  wire [3:0]                i_start_queue,
	input  wire [64*`VIO_QUEUES-1:0] i_avail,
	input  wire [64*`VIO_QUEUES-1:0] i_used,
	input  wire [16*`VIO_QUEUES-1:0] i_num,
	input  wire                      i_fin_ne,
	input  wire [`fin_W-1:0]         i_fin,
	output reg                       o_fin_pop,
	input  wire                      i_udone_ne,
	input  wire [`btag_W-1:0]        i_udone,
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
	output wire [16*`VIO_QUEUES-1:0] o_shown,
	output wire [3:0]                o_queue,
	output wire [3:0]                o_state,
	output wire                      o_idle
);
	localparam [4:0] OUT = 12; // elements in flight: fewer than udone holds
	localparam [1:0] BTAG_USED = 1, BTAG_INDEX = 2, BTAG_EVENT = 3;

	reg [3:0] state_q, state_d, queue_q, queue_d;
	reg [4:0] out_q, out_d;
	reg [15:0] was_q, was_d; // idx before the one being shown
	reg [16*`VIO_QUEUES-1:0] next_q, next_d, acked_q, acked_d, shown_q, shown_d;

	// The next queue after the last one whose idx is behind.
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
	wire [15:0] slot = fin_next & (i_num[16*fin_queue +: 16] - 16'd1);
	wire [3:0] done_queue = i_udone[`btag_queue];

	// Where the driver says whether it wants an interrupt: avail.flags, or used_event behind the ring.
	wire [63:0] avail = i_avail[64*queue_q +: 64];
	wire [63:0] used_event = avail + 64'd4 + {47'd0, i_num[16*queue_q +: 16], 1'b0};
	wire [15:0] shown = shown_q[16*queue_q +: 16];
	wire [15:0] word = i_event_beat[15:0];
	wire [15:0] behind_event = shown - word - 16'd1;
	wire [15:0] moved = shown - was_q;
	wire wanted = i_event_idx ? behind_event < moved : !word[0];

	wire [3:0] arm_queue = i_arm[`arm_queue];

	assign o_event_job = {1'b1, 32'd2, i_event_idx ? used_event : avail};
	assign o_armed = done_queue;
	assign o_raise = 2'd1;

	integer k;
	always @* begin
		state_d = state_q;
		queue_d = queue_q;
		out_d = out_q;
		was_d = was_q;
		o_arm_pop = 1'b0;
		o_armed_push = 1'b0;
		next_d = next_q;
		acked_d = acked_q;
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
		if (behind && i_ujob_nf) begin
			o_ujob_push = 1'b1;
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
			state_d = `S_USED_INDEX;
		end else if (i_fin_ne && i_ujob_nf && out_q != OUT) begin
			o_ujob_push = 1'b1;
			for (k = 0; k < `VIO_QUEUES; k = k + 1)
				if (fin_queue == k[3:0])
					next_d[16*k +: 16] = fin_next + 16'd1;
			out_d = out_q + 5'd1;
			o_fin_pop = 1'b1;
		end else if (i_arm_ne && i_ujob_nf) begin
			o_ujob_push = 1'b1;
			o_ujob[`ujob_addr] = i_used[64*arm_queue +: 64] + 64'd4 + {45'd0, i_num[16*arm_queue +: 16], 3'd0};
			o_ujob[`ujob_data] = {48'd0, i_arm[`arm_event]};
			o_ujob[`ujob_len] = 4'd2;
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
			if (i_udone[`btag_kind] == BTAG_INDEX) begin
				state_d = `S_USED_EVENT;
			end else if (i_udone[`btag_kind] == BTAG_EVENT) begin
				o_armed_push = 1'b1;
			end else begin
				for (k = 0; k < `VIO_QUEUES; k = k + 1)
					if (done_queue == k[3:0])
						acked_d[16*k +: 16] = acked_q[16*done_queue +: 16] + 16'd1;
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
		next_q <= next_d;
		acked_q <= acked_d;
		shown_q <= shown_d;
		if (rst || i_stop) begin
			state_q <= `S_USED_IDLE;
			queue_q <= 4'd0;
			out_q <= 5'd0;
			next_q <= 0;
			acked_q <= 0;
			shown_q <= 0;
		end
	end

	assign o_shown = shown_q;
	assign o_queue = queue_q;
	assign o_state = state_q;
	assign o_idle = state_q == `S_USED_IDLE && out_q == 5'd0 && acked_q == shown_q;
endmodule

`default_nettype wire
