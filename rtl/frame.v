// SPDX-License-Identifier: Apache-2.0
// frame.v: cuts a chain into a request, virtio 1.2, 5.2.6 and 2.6.4. Twin of model/frame.c: same states, same clock.
//
//   IDLE -> SEGS -> IDLE
//
// The first 16 readable bytes are the header, the last writable byte is the status, the rest is data, wherever the
// descriptors' borders are. Header bytes go to the header reader, everything else becomes pieces for blk. A chain with
// fewer than 16 readable bytes has no header: all of it is data, and blk answers IOERR. One without a writable byte
// cannot be answered: ERR_NO_STATUS. Proved by tests/unit/test_frame.c.
`default_nettype none
`include "vio_defs.vh"

module frame (
	input  wire                clk,
	input  wire                rst,
	input  wire                i_stop,
	input  wire                i_chain_ne,
	input  wire [`chain_W-1:0] i_chain,
	output reg                 o_chain_pop,
	input  wire                i_seg_ne,
	input  wire [`seg_W-1:0]   i_seg,
	output reg                 o_seg_pop,
	input  wire                i_header_job_nf,
	output reg                 o_header_job_push,
	output wire [`job_W-1:0]   o_header_job,
	input  wire                i_req_nf,
	output reg                 o_req_push,
	output wire [`req_W-1:0]   o_req,
	input  wire                i_piece_nf,
	output reg                 o_piece_push,
	output wire [`piece_W-1:0] o_piece,
	output wire [27:0]         o_err,
	output wire [3:0]          o_state
);
	localparam [31:0] HEADER_BYTES = 16;
	localparam [1:0] PIECE_OUT = 0, PIECE_IN = 1, PIECE_STATUS = 2;

	reg [3:0] state_q, state_d, queue_q, queue_d;
	reg [4:0] header_q, header_d;
	reg [15:0] head_q, head_d;
	reg [31:0] off_q, off_d, rleft_q, rleft_d, wleft_q, wleft_d;
	reg [16:0] segs_q, segs_d;
	reg [7:0] err_code_q, err_code_d;

	wire write = i_seg[`seg_write];
	wire [63:0] addr = i_seg[`seg_addr] + {32'd0, off_q};
	wire [31:0] left = i_seg[`seg_len] - off_q;
	wire in_header = header_q != 5'd0 && !write;
	wire [31:0] header_take = left < {27'd0, header_q} ? left : {27'd0, header_q};
	wire has_status = write && left == wleft_q;
	wire only_status = has_status && left == 32'd1;
	wire [31:0] piece_take = has_status && !only_status ? left - 32'd1 : left;
	wire [31:0] take = in_header ? header_take : piece_take;
	wire [1:0] kind = only_status ? PIECE_STATUS : write ? PIECE_IN : PIECE_OUT;

	assign o_header_job = {header_take == {27'd0, header_q}, header_take, addr};
	assign o_piece = {kind, piece_take, addr};
	assign o_req = {i_chain[`chain_wlen], i_chain[`chain_rlen], i_chain[`chain_head], i_chain[`chain_queue]};

	always @* begin
		state_d = state_q;
		queue_d = queue_q;
		header_d = header_q;
		head_d = head_q;
		off_d = off_q;
		rleft_d = rleft_q;
		wleft_d = wleft_q;
		segs_d = segs_q;
		err_code_d = err_code_q;
		o_chain_pop = 1'b0;
		o_seg_pop = 1'b0;
		o_header_job_push = 1'b0;
		o_req_push = 1'b0;
		o_piece_push = 1'b0;

		case (state_q)
		`S_FRAME_IDLE:
			if (i_chain_ne && i_req_nf) begin
				queue_d = i_chain[`chain_queue];
				head_d = i_chain[`chain_head];
				header_d = i_chain[`chain_rlen] < HEADER_BYTES ? 5'd0 : HEADER_BYTES[4:0];
				rleft_d = i_chain[`chain_rlen];
				wleft_d = i_chain[`chain_wlen];
				segs_d = i_chain[`chain_segs];
				off_d = 32'd0;
				o_chain_pop = 1'b1;
				if (i_chain[`chain_wlen] == 32'd0) begin
					err_code_d = `ERR_NO_STATUS;
					state_d = `S_FRAME_DEAD;
				end else begin
					o_req_push = 1'b1;
					state_d = `S_FRAME_SEGS;
				end
			end
		`S_FRAME_SEGS:
			if (i_seg_ne) begin
				if (left > (write ? wleft_q : rleft_q)) begin
					err_code_d = `ERR_CHAIN_CHANGED;
					state_d = `S_FRAME_DEAD;
				end else if (in_header ? i_header_job_nf : i_piece_nf) begin
					o_header_job_push = in_header;
					o_piece_push = !in_header;
					if (in_header)
						header_d = header_q - header_take[4:0];
					if (write)
						wleft_d = wleft_q - take;
					else
						rleft_d = rleft_q - take;
					if (take != left) begin
						off_d = off_q + take;
					end else begin
						off_d = 32'd0;
						o_seg_pop = 1'b1;
						segs_d = segs_q - 17'd1;
						if (segs_q == 17'd1) begin
							if (wleft_d != 32'd0 || rleft_d != 32'd0) begin
								err_code_d = `ERR_CHAIN_CHANGED;
								state_d = `S_FRAME_DEAD;
							end else begin
								state_d = `S_FRAME_IDLE;
							end
						end
					end
				end
			end
		default: ;
		endcase
	end

	always @(posedge clk) begin
		state_q <= state_d;
		queue_q <= queue_d;
		header_q <= header_d;
		head_q <= head_d;
		off_q <= off_d;
		rleft_q <= rleft_d;
		wleft_q <= wleft_d;
		segs_q <= segs_d;
		err_code_q <= err_code_d;
		if (rst || i_stop) begin
			state_q <= `S_FRAME_IDLE;
			err_code_q <= `ERR_NONE;
		end
	end

	assign o_err = {err_code_q, queue_q, head_q};
	assign o_state = state_q;
endmodule

`default_nettype wire
