// SPDX-License-Identifier: Apache-2.0
// sched.v: which queue fetch serves next. Twin of model/sched.c: same states, same registers, same clock.
//
//   IDLE -> BUSY -> IDLE
//
// Promises: a doorbell is never lost. It sets a sticky bit that only serving the queue clears, so one that rings while
// its queue is served makes fetch read idx again. Queues with a bit set are served round robin. Going live rings every
// ready queue once: buffers may have been made available before DRIVER_OK. Proved by tests/unit/test_sched.c.
`default_nettype none
`include "vio_defs.vh"

module sched (
	input  wire                   clk,
	input  wire                   rst,
	input  wire                   i_stop,
	input  wire                   i_live,
	input  wire [15:0]            i_ready,
	input  wire                   i_bell_ne,
	input  wire [`bell_W-1:0]     i_bell,
	output reg                    o_bell_pop,
	input  wire                   i_served_ne,
	input  wire [`served_W-1:0]   i_served,
	output reg                    o_served_pop,
	input  wire                   i_serve_nf,
	output reg                    o_serve_push,
	output reg  [`serve_W-1:0]    o_serve,
	output wire [3:0]             o_state,
	output wire                   o_idle
);
	reg [3:0] state_q, state_d, last_q, last_d;
	reg [15:0] pending_q, pending_d;
	reg live_q;

	integer i, turn;
	reg [3:0] q;
	always @* begin
		state_d = state_q;
		last_d = last_q;
		pending_d = pending_q;
		o_bell_pop = 1'b0;
		o_served_pop = 1'b0;
		o_serve_push = 1'b0;
		q = last_q;
		turn = 0;
		if (i_live && !live_q)
			pending_d = pending_d | i_ready;
		if (i_bell_ne) begin
			pending_d[i_bell[`bell_queue]] = 1'b1;
			o_bell_pop = 1'b1;
		end
		if (pending_d != 16'd0)
			for (i = `VIO_QUEUES; i > 0; i = i - 1) begin
				turn = ({28'd0, last_q} + i) % `VIO_QUEUES;
				if (pending_d[turn[3:0]])
					q = turn[3:0];
			end
		o_serve = q;
		if (state_q == `S_SCHED_BUSY) begin
			if (i_served_ne) begin
				if (i_served[`served_more])
					pending_d[i_served[`served_queue]] = 1'b1;
				o_served_pop = 1'b1;
				state_d = `S_SCHED_IDLE;
			end
		end else if (pending_d != 16'd0 && i_serve_nf) begin
			o_serve_push = 1'b1;
			pending_d[q] = 1'b0;
			last_d = q;
			state_d = `S_SCHED_BUSY;
		end
	end

	always @(posedge clk) begin
		state_q <= state_d;
		last_q <= last_d;
		pending_q <= pending_d;
		live_q <= i_live;
		if (rst || i_stop) begin
			state_q <= `S_SCHED_IDLE;
			last_q <= 4'd0;
			pending_q <= 16'd0;
			live_q <= 1'b0;
		end
	end

	assign o_state = state_q;
	assign o_idle = state_q == `S_SCHED_IDLE && pending_q == 16'd0 && live_q == i_live;
endmodule

`default_nettype wire
