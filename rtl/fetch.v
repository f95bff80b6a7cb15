// SPDX-License-Identifier: Apache-2.0
// fetch.v: heads from the available ring, virtio 1.2, 2.7.6, or from a packed ring, 2.8. Twin of model/fetch.c: same
// states, registers, clock.
//
//   IDLE -> ENTRY -> INDEX -> FIRST -> EARLY -> MORE -> PUSH -> (READ -> MORE -> PUSH ...) -> DONE -> IDLE
//   IDLE -> PROBE -> (DROP -> PROBE ...) -> DONE -> IDLE                                    a packed ring
//
// An entry counts only when it was read after the idx that covers it. To save that round trip, the next entries are
// asked for together with idx, and handed to walk as early heads; then they are read again, with those behind them,
// and each is confirmed. AXI does not order reads of different addresses, so the early ones may be stale: walk reads
// descriptors for them, and nothing else, until they are confirmed. After a burst the turn goes back to sched.
// Promises: every entry between the last idx and this one is handed on once; an idx that jumps by more than the queue
// size, or an entry past the table, ends in an error. With EVENT_IDX, a queue sleeps only when idx was read again after
// the response of an avail_event that asks for the next entry: ARM, ARMED, and another turn.
//
// A packed ring has no index: a head counts when its own flags say so, and its descriptors count when they were read
// after that. Where the next head is only its chain tells, but chains tend to be as long as the last one. So the flags
// of several slots are read at once, each the length of the last chain behind the other. The first is a head for
// certain; the others are early heads, confirmed one by one as walk tells how long the chain before them is, or dropped.
// Proved by tests/unit/test_fetch.c and tests/unit/test_fetch_packed.c.
`default_nettype none
`include "vio_defs.vh"

module fetch (
	input  wire                      clk,
	input  wire                      rst,
	input  wire                      i_stop,
	input  wire                      i_live,
	input  wire                      i_event_idx,
	input  wire                      i_packed,
	input  wire                      i_start,
	input  wire [3:0]                i_start_queue,
	input  wire [64*`VIO_QUEUES-1:0] i_desc,
	input  wire [64*`VIO_QUEUES-1:0] i_avail,
	input  wire [16*`VIO_QUEUES-1:0] i_num,
	input  wire [15:0]               i_ready,
	input  wire                      i_serve_ne,
	input  wire [`serve_W-1:0]       i_serve,
	output reg                       o_serve_pop,
	input  wire                      i_served_nf,
	output reg                       o_served_push,
	output wire [`served_W-1:0]      o_served,
	input  wire                      i_avail_job_nf,
	output reg                       o_avail_job_push,
	output reg  [`job_W-1:0]         o_avail_job,
	input  wire                      i_avail_beat_ne,
	input  wire [`beat_W-1:0]        i_avail_beat,
	output reg                       o_avail_beat_pop,
	input  wire                      i_head_nf,
	output reg                       o_head_push,
	output wire [`head_W-1:0]        o_head,
	input  wire                      i_confirm_nf,
	output reg                       o_confirm_push,
	output reg  [`confirm_W-1:0]     o_confirm,
	input  wire                      i_step_ne,
	input  wire [`span_W-1:0]        i_step,
	output reg                       o_step_pop,
	input  wire                      i_arm_nf,
	output reg                       o_arm_push,
	output wire [`arm_W-1:0]         o_arm,
	input  wire                      i_armed_ne,
	output reg                       o_armed_pop,
	output wire [8*`VIO_QUEUES-1:0]  o_taken, // chains, modulo 256: more than can be under way
	output wire [3:0]                o_queue,
	output wire [27:0]               o_err,
	output wire [3:0]                o_state
);
`include "place.vh"

	localparam [15:0] BATCH = 32; // entries a burst
	localparam [5:0] TURN = 32;   // chains of a packed ring before the next queue has its turn

	reg [3:0] state_q, state_d, queue_q, queue_d;
	reg [2:0] spec_q, spec_d, have_q, have_d, early_q, early_d;
	reg again_q, again_d, more_q, more_d;
	reg [15:0] left_q, left_d, batch_q, batch_d;
	reg [63:0] entries_q, entries_d;
	reg [16*`VIO_QUEUES-1:0] last_q, last_d, armed_q, armed_d;
	reg [8*`VIO_QUEUES-1:0] taken_q, taken_d;

	// Packed ring.
	reg [15:0] ask_q, ask_d, at_q, at_d, span_q, span_d;
	reg [4:0] ahead_q, ahead_d, asked_q, asked_d, heads_q, heads_d;
	reg [5:0] good_q, good_d;
	reg missed_q, missed_d, sure_q, sure_d;

	reg [7:0] err_code_q, err_code_d;
	reg [15:0] err_desc_q, err_desc_d;

	wire [3:0] serve_queue = i_serve[`serve_queue];
	wire [63:0] avail = i_avail[64*queue_q +: 64];
	wire [15:0] num = i_num[16*queue_q +: 16];
	wire ready = i_ready[queue_q];
	wire [15:0] last = last_q[16*queue_q +: 16];
	wire [15:0] slot = last & (num - 16'd1);
	wire [63:0] entry_addr = avail + 64'd4 + {47'd0, slot, 1'b0};
	wire [15:0] in_ring = num - slot; // entries from the next one to the end of the ring
	wire [15:0] in_beat = 16'd4 - {14'd0, entry_addr[2:1]};
	wire [15:0] index_left = ready ? i_avail_beat[15:0] - last : 16'd0;
	wire [15:0] head = entries_q[15:0];

	// Packed ring.
	wire idle = state_q == `S_FETCH_IDLE;
	wire [63:0] desc = idle ? i_desc[64*serve_queue +: 64] : i_desc[64*queue_q +: 64];
	wire [15:0] serve_last = last_q[16*serve_queue +: 16];
	wire [15:0] slots = i_step[`span_slots];
	wire available = i_avail_beat[55] == !at_q[15] && i_avail_beat[63] == at_q[15] && ready;
	wire asleep = !i_event_idx || !ready || armed_q[16*queue_q +: 16] == last;
	wire [15:0] step_next = place_after(last, slots, num);

	reg [15:0] count;
	reg [4:0] ahead;
	reg may_ask;
	integer i;
	always @* begin
		state_d = state_q;
		queue_d = queue_q;
		spec_d = spec_q;
		have_d = have_q;
		early_d = early_q;
		again_d = again_q;
		more_d = more_q;
		armed_d = armed_q;
		ask_d = ask_q;
		at_d = at_q;
		sure_d = sure_q;
		ahead = 5'd1;
		may_ask = 1'b0;
		span_d = span_q;
		ahead_d = ahead_q;
		asked_d = asked_q;
		heads_d = heads_q;
		good_d = good_q;
		missed_d = missed_q;
		o_step_pop = 1'b0;
		o_confirm = {1'b0, head};
		o_arm_push = 1'b0;
		o_armed_pop = 1'b0;
		left_d = left_q;
		batch_d = batch_q;
		entries_d = entries_q;
		last_d = last_q;
		taken_d = taken_q;
		err_code_d = err_code_q;
		err_desc_d = err_desc_q;
		o_serve_pop = 1'b0;
		o_served_push = 1'b0;
		o_avail_job_push = 1'b0;
		o_avail_beat_pop = 1'b0;
		o_head_push = 1'b0;
		o_confirm_push = 1'b0;
		count = left_q < BATCH ? left_q : BATCH;
		if (count > in_ring)
			count = in_ring;
		o_avail_job[`job_addr] = entry_addr;
		o_avail_job[`job_len] = {15'd0, count, 1'b0};
		o_avail_job[`job_flush] = 1'b1;

		case (state_q)
		`S_FETCH_IDLE:
			if (i_serve_ne && i_avail_job_nf) begin
				queue_d = serve_queue;
				o_serve_pop = 1'b1;
				again_d = 1'b0;
				more_d = 1'b0;
				left_d = 16'd0;
				if (!i_ready[serve_queue] || !i_live) begin
					state_d = `S_FETCH_DONE;
				end else if (i_packed) begin
					asked_d = 5'd1;
					heads_d = 5'd0;
					good_d = 6'd0;
					missed_d = 1'b0;
					o_avail_job_push = 1'b1;
					o_avail_job[`job_addr] = desc + {45'd0, serve_last[14:0], 4'd8};
					o_avail_job[`job_len] = 32'd8;
					at_d = serve_last;
					ask_d = place_after(serve_last, span_q, i_num[16*serve_queue +: 16]);
					state_d = `S_FETCH_PROBE;
				end else begin
					o_avail_job_push = 1'b1;
					o_avail_job[`job_addr] = i_avail[64*serve_queue +: 64] + 64'd2;
					o_avail_job[`job_len] = 32'd2;
					state_d = `S_FETCH_ENTRY;
				end
			end
		`S_FETCH_ENTRY:
			if (i_avail_job_nf) begin
				spec_d = in_beat < in_ring ? in_beat[2:0] : in_ring[2:0];
				o_avail_job_push = 1'b1;
				o_avail_job[`job_len] = {28'd0, spec_d, 1'b0};
				state_d = `S_FETCH_INDEX;
			end
		`S_FETCH_INDEX:
			if (i_avail_beat_ne) begin
				left_d = index_left;
				o_avail_beat_pop = 1'b1;
				if (index_left > num) begin
					err_code_d = `ERR_AVAIL_JUMP;
					err_desc_d = index_left;
					state_d = `S_FETCH_DEAD;
				end else begin
					state_d = `S_FETCH_FIRST;
				end
			end
		`S_FETCH_FIRST:
			if (i_avail_beat_ne && i_avail_job_nf) begin
				entries_d = i_avail_beat[`beat_data];
				o_avail_beat_pop = 1'b1;
				have_d = left_q < {13'd0, spec_q} ? left_q[2:0] : spec_q;
				early_d = 3'd0;
				if (left_q == 16'd0) begin
					state_d = asleep ? `S_FETCH_DONE : `S_FETCH_ARM;
				end else begin
					more_d = i_event_idx;
					o_avail_job_push = 1'b1;
					batch_d = count;
					state_d = `S_FETCH_EARLY;
				end
			end
		`S_FETCH_EARLY:
			// An early entry past the table may be stale: it is judged when it is read again.
			if (i_head_nf) begin
				if (head >= num) begin
					state_d = `S_FETCH_MORE;
				end else begin
					o_head_push = 1'b1;
					entries_d = {16'd0, entries_q[63:16]};
					early_d = early_q + 3'd1;
					have_d = have_q - 3'd1;
					if (have_q == 3'd1)
						state_d = `S_FETCH_MORE;
				end
			end
		`S_FETCH_PUSH:
			if (early_q != 3'd0 ? i_confirm_nf : i_head_nf) begin
				if (head >= num) begin
					err_code_d = `ERR_HEAD_INDEX;
					err_desc_d = head;
					state_d = `S_FETCH_DEAD;
				end else begin
					if (early_q != 3'd0) begin
						o_confirm_push = 1'b1;
						early_d = early_q - 3'd1;
					end else begin
						o_head_push = 1'b1;
					end
					entries_d = {16'd0, entries_q[63:16]};
					for (i = 0; i < `VIO_QUEUES; i = i + 1)
						if (queue_q == i[3:0]) begin
							last_d[16*i +: 16] = last + 16'd1;
							taken_d[8*i +: 8] = taken_q[8*i +: 8] + 8'd1;
						end
					left_d = left_q - 16'd1;
					have_d = have_q - 3'd1;
					if (have_q == 3'd1) begin
						if (batch_q != 16'd0)
							state_d = `S_FETCH_MORE;
						else if (left_q == 16'd1 || again_q || !ready)
							state_d = `S_FETCH_DONE;
						else
							state_d = `S_FETCH_READ;
					end
				end
			end
		`S_FETCH_READ:
			if (i_avail_job_nf) begin
				o_avail_job_push = 1'b1;
				batch_d = count;
				again_d = 1'b1;
				state_d = `S_FETCH_MORE;
			end
		`S_FETCH_MORE:
			if (i_avail_beat_ne) begin
				entries_d = i_avail_beat[`beat_data];
				o_avail_beat_pop = 1'b1;
				have_d = batch_q < 16'd4 ? batch_q[2:0] : 3'd4;
				batch_d = batch_q - {13'd0, have_d};
				state_d = `S_FETCH_PUSH;
			end
		`S_FETCH_PROBE: begin
			// One that is not available ends the looking ahead: answers behind it do not count.
			if (i_avail_beat_ne && i_head_nf) begin
				missed_d = missed_q || !available;
				o_avail_beat_pop = 1'b1;
				asked_d = asked_q - 5'd1;
				if (missed_d) begin
					ahead_d = 5'd1;
				end else begin
					o_head_push = 1'b1;
					at_d = place_after(at_q, span_q, num);
					heads_d = heads_q + 5'd1;
					if (ahead_q < `VIO_PROBES / 2)
						ahead_d = ahead_q << 1;
				end
			end
			// walk knows how long the oldest chain is, and so where the next head is.
			if (i_step_ne && i_confirm_nf) begin
				o_step_pop = 1'b1;
				for (i = 0; i < `VIO_QUEUES; i = i + 1)
					if (queue_q == i[3:0]) begin
						last_d[16*i +: 16] = step_next;
						taken_d[8*i +: 8] = taken_q[8*i +: 8] + 8'd1;
					end
				heads_d = heads_d - 5'd1;
				good_d = good_q + 6'd1;
				sure_d = slots == span_q;
				span_d = slots;
				if (!sure_d)
					state_d = `S_FETCH_DROP;
				else
					o_confirm_push = heads_d != 5'd0;
				o_confirm = {2'd0, step_next[14:0]};
			end
			ahead = sure_d && span_d <= num ? ahead_d : 5'd1;
			may_ask = ready && good_d < TURN && asked_d + (sure_d ? 5'd0 : heads_d) < ahead &&
				asked_d + heads_d < `VIO_PROBES;
			if (state_d != `S_FETCH_PROBE || (missed_d && asked_d != 5'd0)) begin
			end else if (heads_d == 5'd0 && asked_d == 5'd0 && (missed_d || !may_ask)) begin
				more_d = good_d != 6'd0;
				state_d = more_d || asleep ? `S_FETCH_DONE : `S_FETCH_ARM;
			end else begin
				if (missed_d) begin
					missed_d = 1'b0;
					ask_d = at_d;
				end
				o_avail_job[`job_addr] = desc + {45'd0, ask_d[14:0], 4'd8};
				o_avail_job[`job_len] = 32'd8;
				if (i_avail_job_nf && may_ask && place_within_lap(last_d[16*queue_q +: 16], ask_d)) begin
					o_avail_job_push = 1'b1;
					ask_d = place_after(ask_d, span_q, num);
					asked_d = asked_d + 5'd1;
				end
			end
		end
		`S_FETCH_DROP: begin
			// Early heads are taken back, and answers under way thrown away.
			if (i_avail_beat_ne && asked_q != 5'd0) begin
				o_avail_beat_pop = 1'b1;
				asked_d = asked_q - 5'd1;
			end
			o_confirm = 17'h10000;
			if (i_confirm_nf && heads_q != 5'd0) begin
				o_confirm_push = 1'b1;
				heads_d = heads_q - 5'd1;
			end
			if (asked_d == 5'd0 && heads_d == 5'd0) begin
				missed_d = 1'b0;
				ask_d = last;
				at_d = last;
				state_d = `S_FETCH_PROBE;
			end
		end
		`S_FETCH_ARM:
			if (i_arm_nf) begin
				o_arm_push = 1'b1;
				state_d = `S_FETCH_ARMED;
			end
		`S_FETCH_ARMED:
			if (i_armed_ne) begin
				o_armed_pop = 1'b1;
				for (i = 0; i < `VIO_QUEUES; i = i + 1)
					if (queue_q == i[3:0])
						armed_d[16*i +: 16] = last;
				more_d = 1'b1;
				state_d = `S_FETCH_DONE;
			end
		`S_FETCH_DONE:
			if (i_served_nf) begin
				o_served_push = 1'b1;
				state_d = `S_FETCH_IDLE;
			end
		default: ;
		endcase
		if (i_start)
			for (i = 0; i < `VIO_QUEUES; i = i + 1)
				if (i_start_queue == i[3:0]) begin
					last_d[16*i +: 16] = 16'd0;
					armed_d[16*i +: 16] = 16'd0;
				end
	end

	always @(posedge clk) begin
		state_q <= state_d;
		queue_q <= queue_d;
		spec_q <= spec_d;
		have_q <= have_d;
		early_q <= early_d;
		again_q <= again_d;
		more_q <= more_d;
		armed_q <= armed_d;
		ask_q <= ask_d;
		at_q <= at_d;
		sure_q <= sure_d;
		span_q <= span_d;
		ahead_q <= ahead_d;
		asked_q <= asked_d;
		heads_q <= heads_d;
		good_q <= good_d;
		missed_q <= missed_d;
		left_q <= left_d;
		batch_q <= batch_d;
		entries_q <= entries_d;
		last_q <= last_d;
		taken_q <= taken_d;
		err_code_q <= err_code_d;
		err_desc_q <= err_desc_d;
		if (rst || i_stop) begin
			state_q <= `S_FETCH_IDLE;
			queue_q <= 4'd0;
			last_q <= 0;
			taken_q <= 0;
			armed_q <= 0;
			span_q <= 16'd1;
			ahead_q <= 5'd1;
			sure_q <= 1'b0;
			err_code_q <= `ERR_NONE;
		end
	end

	assign o_served = {left_q != 16'd0 || more_q, queue_q};
	assign o_arm = {queue_q, i_packed ? {16'd2, !last[15], last[14:0]} : {16'd0, last}}; // 2: notify at this slot
	assign o_head = i_packed ? {heads_q != 5'd0, 1'b0, at_q[14:0], queue_q} : {state_q == `S_FETCH_EARLY, head, queue_q};
	assign o_taken = taken_q;
	assign o_queue = queue_q;
	assign o_err = {err_code_q, queue_q, err_desc_q};
	assign o_state = state_q;
endmodule

`default_nettype wire
