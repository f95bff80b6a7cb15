// SPDX-License-Identifier: Apache-2.0
// walk.v: descriptor chains, virtio 1.2, 2.7.5. Twin of model/walk.c: same states, same registers, same clock.
//
// A head takes a slot; up to VIO_SLOTS chains are walked at once, each with one read under way. Reads come back in the
// order in which they were asked for, and tag says whose they are. A read fetches neighbours: as many descriptors as
// the last one could use. Chains leave in order, announced only when they were walked to the end:
//
//   CHAIN -> SEGS -> CHAIN                          the chain fits its slot
//   CHAIN -> SEGS -> AGAIN -> SEGS ... -> CHAIN     it does not: its later descriptors are read a second time
//
// An early head may turn out to be another one: when its confirmation differs, the slot walks again from there, and in a
// packed ring is dropped. Errors stay in their slot until it is the oldest and confirmed, so they come in order.
//
// A packed ring differs in where the next descriptor is, and in what names the chain (virtio 1.2, 2.8.6): the id of its
// last descriptor. fetch and used are told how many slots each chain takes.
//
// The driver is not trusted. A bad index, a loop, a wrong order of directions or 2^32 bytes end in ERR_*, never in an
// access past the table. Descriptors of length 0 are skipped. Proved by tests/unit/test_walk.c.
`default_nettype none
`include "vio_defs.vh"

module walk (
	input  wire                      clk,
	input  wire                      rst,
	input  wire                      i_stop,
	input  wire                      i_indirect,
	input  wire                      i_packed,
	input  wire [64*`VIO_QUEUES-1:0] i_desc,
	input  wire [16*`VIO_QUEUES-1:0] i_num,
	input  wire                      i_head_ne,
	input  wire [`head_W-1:0]        i_head,
	output wire                      o_head_pop,
	input  wire                      i_confirm_ne,
	input  wire [`confirm_W-1:0]     i_confirm,
	output wire                      o_confirm_pop,
	input  wire                      i_desc_job_nf,
	output wire                      o_desc_job_push,
	output reg  [`job_W-1:0]         o_desc_job,
	input  wire                      i_desc_beat_ne,
	input  wire [`beat_W-1:0]        i_desc_beat,
	output wire                      o_desc_beat_pop,
	input  wire                      i_tag_nf,
	output wire                      o_tag_push,
	output wire [`tag_W-1:0]         o_tag,
	input  wire                      i_tag_ne,
	input  wire [`tag_W-1:0]         i_tag,
	output wire                      o_tag_pop,
	input  wire                      i_chain_nf,
	output reg                       o_chain_push,
	output wire [`chain_W-1:0]       o_chain,
	input  wire                      i_step_nf,
	output wire                      o_step_push,
	output wire [`span_W-1:0]        o_step,
	input  wire                      i_span_nf,
	output wire                      o_span_push,
	output wire [`span_W-1:0]        o_span,
	input  wire                      i_seg_nf,
	output reg                       o_seg_push,
	output wire [`seg_W-1:0]         o_seg,
	output wire [27:0]               o_err,
	output wire [3:0]                o_state,
	output wire                      o_idle
);
	localparam SLOTS = `VIO_SLOTS;
	localparam SEGS = `VIO_SEGS;
	localparam A = $clog2(SLOTS);
	localparam K = $clog2(SEGS);
	localparam NEXT = 0, WRITE = 1, INDIRECT = 2; // flag bits of a descriptor

	reg [3:0] state_q, state_d;
	reg [A-1:0] first_q;
	reg [A:0] used_q;
	reg [3:0] guess_q, guess_d, seen_q, seen_d;
	reg half_q, skip_q;
	reg [1:0] resp_q; // of the first half of a descriptor
	reg [63:0] addr_q;
	reg [K:0] out_q, out_d;
	reg [16:0] total_q, total_d;
	reg [7:0] err_code_q;
	reg [3:0] err_queue_q;
	reg [15:0] err_desc_q;

	// Slots.
	reg [SLOTS-1:0] want_q, done_q, again_q, seen_write_q, early_q, table_q, resume_table_q;
	reg [63:0] base_q [0:SLOTS-1];
	reg [16:0] entries_q [0:SLOTS-1];
	reg [7:0] err_q [0:SLOTS-1];
	reg [3:0] queue_q [0:SLOTS-1];
	reg [15:0] head_q [0:SLOTS-1];
	reg [15:0] id_q [0:SLOTS-1]; // packed: the buffer's
	reg [15:0] next_q [0:SLOTS-1];
	reg [15:0] resume_q [0:SLOTS-1];
	reg [16:0] count_q [0:SLOTS-1];
	reg [16:0] segs_q [0:SLOTS-1];
	reg [K:0] kept_q [0:SLOTS-1];
	reg [31:0] rlen_q [0:SLOTS-1];
	reg [31:0] wlen_q [0:SLOTS-1];
	(* no_rw_check *) reg [`seg_W-1:0] seg_q [0:SLOTS*SEGS-1];
	reg [`seg_W-1:0] seg_read_q;

	wire dead = state_q == `S_WALK_DEAD;

	// The oldest slot that was walked hands on its chain and segments.
	wire first_ready = used_q != 0 && done_q[first_q];
	wire [16:0] first_segs = segs_q[first_q];
	wire [K:0] first_kept = kept_q[first_q];
	wire [7:0] first_err = err_q[first_q];
	wire first_early = early_q[first_q];
	wire announce = state_q == `S_WALK_CHAIN && first_ready && i_chain_nf && (!first_early || i_confirm_ne) &&
		i_step_nf && i_span_nf;
	// Packed: the oldest slot is not yet walked, and fetch knows whether its head is one. If not, it is freed when no read
	// of it is under way; if so, it may read on.
	wire early = state_q == `S_WALK_CHAIN && used_q != 0 && !first_ready && first_early && i_packed && i_confirm_ne;
	wire confirm = early && !i_confirm[`confirm_drop];
	wire drop = (announce && first_early && i_confirm[`confirm_drop]) ||
		(early && i_confirm[`confirm_drop] && want_q[first_q]);
	wire restart = announce && first_early && !drop && i_confirm[`confirm_head] != head_q[first_q];
	wire fail = !restart && !drop && first_err != `ERR_NONE && (announce || (state_q == `S_WALK_AGAIN && first_ready));
	assign o_confirm_pop = (announce && first_early) || confirm || drop;
	reg free, again;
	always @* begin
		state_d = state_q;
		out_d = out_q;
		total_d = total_q;
		o_chain_push = 1'b0;
		o_seg_push = 1'b0;
		free = 1'b0;
		again = 1'b0;
		case (state_q)
		`S_WALK_CHAIN:
			if (drop) begin
				free = 1'b1;
			end else if (announce && !restart) begin
				o_chain_push = 1'b1;
				out_d = 0;
				total_d = 17'd0;
				if (first_segs == 17'd0)
					free = 1'b1;
				else
					state_d = `S_WALK_SEGS;
			end
		`S_WALK_SEGS:
			if (i_seg_nf) begin
				o_seg_push = 1'b1;
				out_d = out_q + 1'b1;
				total_d = total_q + 17'd1;
				if (total_d == first_segs) begin
					free = 1'b1;
					state_d = `S_WALK_CHAIN;
				end else if (out_d == first_kept) begin
					again = 1'b1;
					state_d = `S_WALK_AGAIN;
				end
			end
		`S_WALK_AGAIN:
			if (first_ready) begin
				out_d = 0;
				state_d = `S_WALK_SEGS;
			end
		default: ;
		endcase
		if (fail) begin
			state_d = `S_WALK_DEAD;
			o_chain_push = 1'b0;
			free = 1'b0;
		end
	end
	assign o_chain[`chain_queue] = queue_q[first_q];
	assign o_chain[`chain_head] = i_packed ? id_q[first_q] : head_q[first_q];
	assign o_chain[`chain_rlen] = rlen_q[first_q];
	assign o_chain[`chain_wlen] = wlen_q[first_q];
	assign o_chain[`chain_segs] = first_segs;
	assign o_step = table_q[first_q] ? 16'd1 : count_q[first_q][15:0];
	assign o_span = o_step;
	assign o_step_push = o_chain_push && i_packed;
	assign o_span_push = o_chain_push && i_packed;

	// Segments are read one clock ahead, so that block RAM can hold them: a slot that hands them on is not written.
	wire [A-1:0] first_d = first_q + {{(A - 1){1'b0}}, free};
	always @(posedge clk)
		seg_read_q <= seg_q[{first_d, out_d[K-1:0]}];
	assign o_seg = seg_read_q;

	// Two beats make a descriptor.
	wire beat = i_desc_beat_ne && i_tag_ne && !dead && !fail;
	wire [A-1:0] s = i_tag[A-1:0];
	wire [3:0] tag_count = i_tag[`tag_count];
	wire desc = beat && half_q && !skip_q;
	wire [31:0] d_len = i_desc_beat[31:0];
	wire [3:0] s_queue = queue_q[s];
	wire s_table = table_q[s];
	wire [16:0] s_size = s_table ? entries_q[s] : {1'b0, i_num[16*s_queue +: 16]};
	wire [15:0] s_next = next_q[s];
	wire [15:0] after = s_next + 16'd1;
	// In a packed ring descriptors follow each other, in the ring as long as NEXT says so, in a table to its end,
	// whatever the flags.
	wire in_table = i_packed && s_table;
	wire [15:0] d_next = !i_packed ? i_desc_beat[63:48] : !s_table && {1'b0, after} == s_size ? 16'd0 : after;
	wire [2:0] flags = i_packed ? i_desc_beat[50:48] : i_desc_beat[34:32];
	wire d_write = flags[WRITE];
	wire d_goes_on = in_table ? {1'b0, s_next} + 17'd1 < s_size : flags[NEXT];
	wire s_again = again_q[s];
	wire [K:0] s_kept = kept_q[s];
	wire [33:0] bytes = {2'b0, rlen_q[s]} + {2'b0, wlen_q[s]} + {2'b0, d_len};
	wire [63:0] d_end = addr_q + {32'd0, d_len - 32'd1};
	wire d_indirect = flags[INDIRECT] && !in_table;
	wire filled = d_len != 32'd0 && !d_indirect;
	wire keep = filled && s_kept != SEGS;
	wire [K:0] kept_d = s_kept + {{K{1'b0}}, keep};
	wire finished = s_again && {{(16 - K){1'b0}}, kept_d} + total_q == segs_q[s];
	wire [16:0] s_count = count_q[s];
	wire [16:0] count_d = s_count + 17'd1;
	wire neighbour = d_next == after;
	wire [3:0] seen = seen_q + 4'd1;
	wire window = s_again && kept_d == SEGS;
	wire walked = !d_indirect && (!d_goes_on || finished || window);
	wire stay = !walked && !d_indirect && neighbour && seen < tag_count; // the next descriptor of this read is wanted

	wire [1:0] resp = resp_q | i_desc_beat[`beat_resp];
	reg [7:0] refuse;
	always @* begin
		if (resp != 2'd0)
			refuse = (s_table ? `ERR_READ_TABLE : `ERR_READ_DESC) + (resp == 2'd3 ? 8'd8 : 8'd0);
		else if (d_indirect && !i_indirect)
			refuse = `ERR_INDIRECT;
		else if (d_indirect && s_table)
			refuse = `ERR_INDIRECT_NESTED;
		else if (d_indirect && d_goes_on)
			refuse = `ERR_INDIRECT_NEXT;
		else if (d_indirect && (d_len == 32'd0 || d_len[3:0] != 4'd0))
			refuse = `ERR_INDIRECT_LEN;
		else if (d_indirect && i_packed && s_count != 17'd0)
			refuse = `ERR_INDIRECT_LIST;
		else if (d_indirect && i_packed && d_len > 32'h100000)
			refuse = `ERR_INDIRECT_LEN;
		else if (d_indirect && d_end < addr_q)
			refuse = `ERR_TABLE_WRAP;
		else if (d_indirect)
			refuse = `ERR_NONE;
		else if (filled && !d_write && seen_write_q[s])
			refuse = `ERR_CHAIN_ORDER;
		else if (filled && d_end < addr_q)
			refuse = `ERR_ADDR_WRAP;
		else if (filled && !s_again && bytes[33:32] != 2'd0)
			refuse = `ERR_CHAIN_BYTES;
		else if (!d_goes_on && s_again && !finished)
			refuse = `ERR_CHAIN_CHANGED;
		else if (d_goes_on && !finished && {1'b0, d_next} >= s_size)
			refuse = s_table ? `ERR_TABLE_NEXT : `ERR_NEXT_INDEX;
		else if (d_goes_on && !finished && count_d == s_size)
			refuse = s_table ? `ERR_TABLE_LOOP : `ERR_CHAIN_LOOP;
		else
			refuse = `ERR_NONE;
	end
	wire refused = desc && refuse != `ERR_NONE;
	wire took = desc && !refused;
	wire jump = took && !stay;
	wire enter = took && d_indirect; // the walk goes on at the start of a table

	always @* begin
		guess_d = guess_q;
		seen_d = seen_q;
		if (jump && !s_table) begin
			if (i_packed && d_indirect && !s_again)
				guess_d = 4'd1;
			else if (i_packed && walked && !s_again)
				guess_d = count_d < `VIO_DESC_BURST ? count_d[3:0] : `VIO_DESC_BURST;
			else if (!i_packed && d_goes_on && neighbour && seen == tag_count)
				guess_d = tag_count > `VIO_DESC_BURST / 2 ? `VIO_DESC_BURST : tag_count << 1;
			else if (!i_packed)
				guess_d = seen;
		end
		if (beat && half_q)
			seen_d = seen == tag_count ? 4'd0 : seen;
	end
	assign o_desc_beat_pop = beat;
	assign o_tag_pop = beat && half_q && seen == tag_count;

	// The oldest slot that wants descriptors gets its read.
	wire [SLOTS-1:0] begun; // the slot has seen a descriptor
	genvar g;
	generate
		for (g = 0; g < SLOTS; g = g + 1) begin : slots
			assign begun[g] = count_q[g] != 17'd0;
		end
	endgenerate

	// A head of a packed ring that is not confirmed may read once, and its table: it may be within a long chain.
	reg [A-1:0] asker, turn;
	reg any_asker;
	integer i;
	always @* begin
		asker = first_q;
		turn = first_q;
		any_asker = 1'b0;
		for (i = SLOTS - 1; i >= 0; i = i - 1) begin
			turn = first_q + i[A-1:0];
			if (want_q[turn] && !(i_packed && early_q[turn] && !table_q[turn] && begun[turn]) &&
			    !(drop && turn == first_q)) begin
				asker = turn;
				any_asker = 1'b1;
			end
		end
	end
	wire ask = any_asker && i_desc_job_nf && i_tag_nf && !dead && !fail;
	wire [3:0] ask_queue = queue_q[asker];
	wire [15:0] ask_next = next_q[asker];
	wire ask_table = table_q[asker];
	wire [63:0] ask_base = ask_table ? base_q[asker] : i_desc[64*ask_queue +: 64];
	wire [16:0] ask_left = (ask_table ? entries_q[asker] : {1'b0, i_num[16*ask_queue +: 16]}) - {1'b0, ask_next};
	wire [3:0] ask_guess = ask_table ? `VIO_DESC_BURST : guess_d;
	wire [3:0] ask_count = {13'd0, ask_guess} < ask_left ? ask_guess : ask_left[3:0];
	always @* begin
		o_desc_job[`job_addr] = ask_base + {44'd0, ask_next, 4'd0};
		o_desc_job[`job_len] = {24'd0, ask_count, 4'd0};
		o_desc_job[`job_flush] = 1'b1;
	end
	assign o_desc_job_push = ask;
	assign o_tag_push = ask;
	assign o_tag = {ask_count, {(4 - A){1'b0}}, asker};

	// A head takes the next free slot.
	wire accept = i_head_ne && used_q != SLOTS && !dead && !fail;
	wire [A-1:0] fresh = first_q + used_q[A-1:0];
	assign o_head_pop = accept;

	always @(posedge clk) begin
		if (beat && !half_q) begin
			addr_q <= i_desc_beat[`beat_data];
			resp_q <= i_desc_beat[`beat_resp];
		end
		if (beat)
			half_q <= !half_q;
		if (beat && half_q)
			skip_q <= (skip_q || jump || refused) && seen != tag_count;
		state_q <= state_d;
		out_q <= out_d;
		total_q <= total_d;
		guess_q <= guess_d;
		seen_q <= seen_d;
		if (fail) begin
			err_code_q <= first_err;
			err_queue_q <= queue_q[first_q];
			err_desc_q <= table_q[first_q] ? head_q[first_q] : next_q[first_q];
		end
		first_q <= first_d;
		used_q <= used_q + {{A{1'b0}}, accept} - {{A{1'b0}}, free};

		if (again) begin
			done_q[first_q] <= 1'b0;
			want_q[first_q] <= 1'b1;
			again_q[first_q] <= 1'b1;
			seen_write_q[first_q] <= 1'b0;
			kept_q[first_q] <= 0;
			count_q[first_q] <= 17'd0;
			next_q[first_q] <= resume_q[first_q];
			table_q[first_q] <= resume_table_q[first_q];
		end
		if (o_confirm_pop)
			early_q[first_q] <= 1'b0;
		if (drop)
			want_q[first_q] <= 1'b0;
		if (restart) begin
			head_q[first_q] <= i_confirm[`confirm_head];
			next_q[first_q] <= i_confirm[`confirm_head];
			count_q[first_q] <= 17'd0;
			segs_q[first_q] <= 17'd0;
			kept_q[first_q] <= 0;
			rlen_q[first_q] <= 32'd0;
			wlen_q[first_q] <= 32'd0;
			want_q[first_q] <= 1'b1;
			done_q[first_q] <= 1'b0;
			seen_write_q[first_q] <= 1'b0;
			table_q[first_q] <= 1'b0;
			err_q[first_q] <= `ERR_NONE;
		end
		if (refused) begin
			err_q[s] <= refuse;
			done_q[s] <= 1'b1;
		end
		if (desc && !s_table)
			id_q[s] <= i_desc_beat[47:32];
		if (took) begin
			if (filled)
				seen_write_q[s] <= d_write;
			kept_q[s] <= kept_d;
			count_q[s] <= count_d;
			if (keep)
				seg_q[{s, s_kept[K-1:0]}] <= {d_write, d_len, addr_q};
			else if (filled && segs_q[s] == SEGS) begin
				resume_q[s] <= s_next;
				resume_table_q[s] <= s_table;
			end
			if (filled && !s_again) begin
				segs_q[s] <= segs_q[s] + 17'd1;
				rlen_q[s] <= rlen_q[s] + (d_write ? 32'd0 : d_len);
				wlen_q[s] <= wlen_q[s] + (d_write ? d_len : 32'd0);
			end
			if (walked)
				done_q[s] <= 1'b1;
			else
				next_q[s] <= d_next;
			if (!d_indirect && window && !finished) begin
				resume_q[s] <= d_next;
				resume_table_q[s] <= s_table;
			end
			if (!walked && !stay)
				want_q[s] <= 1'b1;
		end
		if (enter) begin
			table_q[s] <= 1'b1;
			base_q[s] <= addr_q;
			entries_q[s] <= d_len[31:20] != 12'd0 ? 17'h10000 : {1'b0, d_len[19:4]};
			next_q[s] <= 16'd0;
			count_q[s] <= 17'd0;
		end
		if (ask)
			want_q[asker] <= 1'b0;
		if (accept) begin
			queue_q[fresh] <= i_head[`head_queue];
			head_q[fresh] <= i_head[`head_head];
			next_q[fresh] <= i_head[`head_head];
			count_q[fresh] <= 17'd0;
			segs_q[fresh] <= 17'd0;
			kept_q[fresh] <= 0;
			rlen_q[fresh] <= 32'd0;
			wlen_q[fresh] <= 32'd0;
			want_q[fresh] <= 1'b1;
			done_q[fresh] <= 1'b0;
			again_q[fresh] <= 1'b0;
			seen_write_q[fresh] <= 1'b0;
			table_q[fresh] <= 1'b0;
			early_q[fresh] <= i_head[`head_early];
			err_q[fresh] <= `ERR_NONE;
		end
		if (rst || i_stop) begin
			state_q <= `S_WALK_CHAIN;
			first_q <= 0;
			used_q <= 0;
			guess_q <= 4'd4;
			seen_q <= 4'd0;
			half_q <= 1'b0;
			skip_q <= 1'b0;
			err_code_q <= `ERR_NONE;
			want_q <= 0;
			done_q <= 0;
			early_q <= 0;
		end
	end

	assign o_err = {err_code_q, err_queue_q, err_desc_q};
	assign o_state = state_q;
	assign o_idle = used_q == 0;
endmodule

`default_nettype wire
