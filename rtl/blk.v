// SPDX-License-Identifier: Apache-2.0
// blk.v: what a virtio-blk request asks for, virtio 1.2, 5.2.6. Twin of model/blk.c: same states, registers, clock.
//
//   IDLE -> SECTOR -> (CMD ->) PIECES -> IDLE
//   IDLE -> SECTOR -> PIECES -> RANGE -> LIMITS -> (CMD ->) PIECES -> IDLE    discard and its like
//
// Knows the request format and nothing of rings. Requests are taken in order; each ends in one status write, which the
// writer hands to used. A request is checked whole before the disk sees anything of it. Proved by
// tests/unit/test_blk.c.
`default_nettype none
`include "vio_defs.vh"

module blk (
	input  wire                clk,
	input  wire                rst,
	input  wire                i_stop,
	input  wire [63:0]         i_capacity,
	input  wire                i_read_only,
	input  wire [63:0]         i_features,
	input  wire                i_fua,
	input  wire                i_legacy,
	input  wire                i_req_ne,
	input  wire [`req_W-1:0]   i_req,
	output reg                 o_req_pop,
	input  wire                i_header_beat_ne,
	input  wire [`beat_W-1:0]  i_header_beat,
	output reg                 o_header_beat_pop,
	input  wire                i_piece_ne,
	input  wire [`piece_W-1:0] i_piece,
	output reg                 o_piece_pop,
	input  wire                i_cmd_nf,
	output reg                 o_cmd_push,
	output wire [`cmd_W-1:0]   o_cmd,
	input  wire                i_data_job_nf,
	output reg                 o_data_job_push,
	output wire [`job_W-1:0]   o_data_job,
	input  wire                i_wjob_nf,
	output reg                 o_wjob_push,
	output reg  [`wjob_W-1:0]  o_wjob,
	input  wire                i_range_job_nf,
	output reg                 o_range_job_push,
	output wire [`job_W-1:0]   o_range_job,
	input  wire                i_range_beat_ne,
	input  wire [`beat_W-1:0]  i_range_beat,
	output reg                 o_range_beat_pop,
	output wire                o_mishap_push,
	output wire [`mishap_W-1:0] o_mishap,
	output wire [3:0]          o_state
);
	localparam [31:0] TYPE_IN = 0, TYPE_OUT = 1, TYPE_FLUSH = 4, TYPE_FLUSH_OUT = 5, TYPE_GET_ID = 8, TYPE_GET_LIFETIME = 10,
		TYPE_DISCARD = 11, TYPE_WRITE_ZEROES = 13, TYPE_SECURE_ERASE = 14;
	localparam [31:0] GET_ID_BYTES = 20, LIFETIME_BYTES = 6, RANGE_BYTES = 16;
	localparam [7:0] S_OK = 0, S_IOERR = 1, S_UNSUPP = 2;
	localparam [1:0] WJOB_STREAM = 0, WJOB_BYTE = 1, WJOB_LATE = 2;
	localparam [1:0] PIECE_OUT = 0, PIECE_IN = 1;

	reg [3:0] state_q, state_d, queue_q, queue_d;
	reg [7:0] result_q, result_d;
	reg [3:0] op_q, op_d;
	reg late_q, late_d, range_q, range_d;
	reg [1:0] resp_q, resp_d;
	reg [7:0] mishap; // ERR_NONE: the request is not refused
	reg [15:0] head_q, head_d;
	reg [31:0] type_q, type_d, rlen_q, rlen_d, wlen_q, wlen_d, used_q, used_d, out_q, out_d, in_q, in_d;
	reg [63:0] sector_q, sector_d;

	// On the legacy interface FLUSH_OUT is FLUSH, and BARRIER, bit 31, is passed over.
	wire [31:0] legacy_type = {i_header_beat[31] && !i_legacy, i_header_beat[30:0]};

	// Of the header that is coming, or of the range that came.
	wire [63:0] start = state_q == `S_BLK_SECTOR ? i_header_beat[`beat_data] : sector_q;
	wire [63:0] room = i_capacity - start;
	wire in_range = start <= i_capacity && {41'd0, wlen_q[31:9]} <= room;
	wire out_range = start <= i_capacity && {41'd0, rlen_q[31:9]} <= room;
	wire [31:0] len = i_piece[`piece_len];
	wire [31:0] take = len < in_q ? len : in_q;

	// Commands of a feature that was not negotiated are unsupported.
	reg supported;
	always @* begin
		case (type_q)
		TYPE_IN, TYPE_OUT, TYPE_GET_ID: supported = 1'b1;
		TYPE_FLUSH: supported = i_features[`F_BLK_FLUSH];
		TYPE_GET_LIFETIME: supported = i_features[`F_BLK_LIFETIME];
		TYPE_DISCARD: supported = i_features[`F_BLK_DISCARD];
		TYPE_WRITE_ZEROES: supported = i_features[`F_BLK_WRITE_ZEROES];
		TYPE_SECURE_ERASE: supported = i_features[`F_BLK_SECURE_ERASE];
		default: supported = 1'b0;
		endcase
	end
	wire [31:0] short_bytes = type_q == TYPE_GET_ID ? GET_ID_BYTES : LIFETIME_BYTES;

	// Only write zeroes may say unmap, and nothing else may be said.
	wire [31:0] sectors = i_range_beat[31:0];
	wire [31:0] range_flags = i_range_beat[63:32];
	wire zeroes = type_q == TYPE_WRITE_ZEROES;
	wire range_unsupp = range_flags[31:1] != 31'd0 || (range_flags[0] && !zeroes);
	wire range_past = sector_q > i_capacity || {32'd0, sectors} > room;

	assign o_cmd[`cmd_sector] = sector_q;
	assign o_cmd[`cmd_op] = op_q;
	assign o_cmd[`cmd_len] = op_q == `VIO_BE_FLUSH ? 32'd0 :
		op_q == `VIO_BE_READ || op_q == `VIO_BE_GET_ID || op_q == `VIO_BE_LIFETIME ? in_q : out_q;
	assign o_data_job = {len == out_q, len, i_piece[`piece_addr]};
	assign o_range_job = o_data_job;

	wire [1:0] header_resp = resp_q | i_header_beat[`beat_resp];
	wire [1:0] range_resp = resp_q | i_range_beat[`beat_resp];
	assign o_mishap_push = mishap != `ERR_NONE;
	assign o_mishap = {head_d, queue_d, mishap};

	always @* begin
		o_wjob[`wjob_addr] = i_piece[`piece_addr];
		o_wjob[`wjob_used] = used_q;
		o_wjob[`wjob_head] = head_q;
		o_wjob[`wjob_queue] = queue_q;
		o_wjob[`wjob_byte] = result_q;
		if (i_piece[`piece_kind] == PIECE_IN) begin
			o_wjob[`wjob_len] = take;
			o_wjob[`wjob_kind] = WJOB_STREAM;
			o_wjob[`wjob_last] = take == in_q;
		end else begin
			o_wjob[`wjob_len] = 32'd1;
			o_wjob[`wjob_kind] = late_q ? WJOB_LATE : WJOB_BYTE;
			o_wjob[`wjob_last] = 1'b0;
		end
	end

	always @* begin
		state_d = state_q;
		queue_d = queue_q;
		result_d = result_q;
		op_d = op_q;
		late_d = late_q;
		range_d = range_q;
		resp_d = resp_q;
		mishap = `ERR_NONE;
		o_range_job_push = 1'b0;
		o_range_beat_pop = 1'b0;
		head_d = head_q;
		type_d = type_q;
		rlen_d = rlen_q;
		wlen_d = wlen_q;
		used_d = used_q;
		out_d = out_q;
		in_d = in_q;
		sector_d = sector_q;
		o_req_pop = 1'b0;
		o_header_beat_pop = 1'b0;
		o_piece_pop = 1'b0;
		o_cmd_push = 1'b0;
		o_data_job_push = 1'b0;
		o_wjob_push = 1'b0;

		case (state_q)
		`S_BLK_IDLE:
			if (i_req_ne) begin
				queue_d = i_req[`req_queue];
				head_d = i_req[`req_head];
				rlen_d = i_req[`req_rlen] - 32'd16;
				wlen_d = i_req[`req_wlen] - 32'd1;
				late_d = 1'b0;
				range_d = 1'b0;
				out_d = 32'd0;
				in_d = 32'd0;
				used_d = {31'd0, i_req[`req_wlen] == 32'd1};
				if (i_req[`req_rlen] < 32'd16) begin
					mishap = `ERR_REQ_HEADER;
					result_d = S_IOERR;
					state_d = `S_BLK_PIECES;
					o_req_pop = 1'b1;
				end else if (i_header_beat_ne) begin
					type_d = i_legacy && legacy_type == TYPE_FLUSH_OUT ? TYPE_FLUSH : legacy_type;
					resp_d = i_header_beat[`beat_resp];
					state_d = `S_BLK_SECTOR;
					o_header_beat_pop = 1'b1;
					o_req_pop = 1'b1;
				end
			end
		`S_BLK_SECTOR:
			if (i_header_beat_ne) begin
				sector_d = i_header_beat[`beat_data];
				o_header_beat_pop = 1'b1;
				resp_d = header_resp;
				result_d = S_OK;
				state_d = `S_BLK_PIECES;
				if (header_resp != 2'd0) begin
					result_d = S_IOERR;
					mishap = header_resp == 2'd3 ? `ERR_REQ_DECODE_HEADER : `ERR_REQ_READ_HEADER;
				end else if (!supported) begin
					result_d = S_UNSUPP;
					mishap = `ERR_REQ_TYPE;
				end else case (type_q)
				TYPE_IN:
					if (wlen_q[8:0] != 9'd0 || !in_range) begin
						result_d = S_IOERR;
						mishap = wlen_q[8:0] != 9'd0 ? `ERR_REQ_LENGTH : `ERR_REQ_SECTOR;
					end else if (wlen_q != 32'd0) begin
						in_d = wlen_q;
						used_d = wlen_q + 32'd1;
						op_d = `VIO_BE_READ;
						late_d = 1'b1;
						state_d = `S_BLK_CMD;
					end
				TYPE_OUT:
					if (i_read_only || rlen_q[8:0] != 9'd0 || !out_range) begin
						result_d = S_IOERR;
						mishap = i_read_only ? `ERR_REQ_READ_ONLY :
							rlen_q[8:0] != 9'd0 ? `ERR_REQ_LENGTH : `ERR_REQ_SECTOR;
					end else if (rlen_q != 32'd0) begin
						out_d = rlen_q;
						op_d = i_fua ? `VIO_BE_WRITE_FUA : `VIO_BE_WRITE;
						late_d = 1'b1;
						state_d = `S_BLK_CMD;
					end
				TYPE_FLUSH: begin
					op_d = `VIO_BE_FLUSH;
					late_d = 1'b1;
					state_d = `S_BLK_CMD;
				end
				TYPE_GET_ID, TYPE_GET_LIFETIME:
					if (wlen_q != 32'd0) begin
						in_d = wlen_q < short_bytes ? wlen_q : short_bytes;
						used_d = wlen_q <= short_bytes ? wlen_q + 32'd1 : short_bytes;
						op_d = type_q == TYPE_GET_ID ? `VIO_BE_GET_ID : `VIO_BE_LIFETIME;
						late_d = 1'b1;
						state_d = `S_BLK_CMD;
					end
				default:
					if (i_read_only || rlen_q != RANGE_BYTES) begin
						result_d = S_IOERR;
						mishap = i_read_only ? `ERR_REQ_READ_ONLY : `ERR_REQ_LENGTH;
					end else begin
						out_d = RANGE_BYTES;
						range_d = 1'b1;
					end
				endcase
			end
		`S_BLK_CMD:
			if (i_cmd_nf) begin
				o_cmd_push = 1'b1;
				state_d = `S_BLK_PIECES;
			end
		`S_BLK_RANGE:
			if (i_range_beat_ne) begin
				sector_d = i_range_beat[`beat_data];
				resp_d = i_range_beat[`beat_resp];
				state_d = `S_BLK_LIMITS;
				o_range_beat_pop = 1'b1;
			end
		`S_BLK_LIMITS:
			if (i_range_beat_ne) begin
				o_range_beat_pop = 1'b1;
				range_d = 1'b0;
				resp_d = range_resp;
				state_d = `S_BLK_PIECES;
				if (range_resp != 2'd0) begin
					result_d = S_IOERR;
					mishap = range_resp == 2'd3 ? `ERR_REQ_DECODE_RANGE : `ERR_REQ_READ_RANGE;
				end else if (range_unsupp) begin
					result_d = S_UNSUPP;
					mishap = `ERR_REQ_FLAGS;
				end else if (sectors > `VIO_RANGE_MAX || range_past) begin
					result_d = S_IOERR;
					mishap = sectors > `VIO_RANGE_MAX ? `ERR_REQ_RANGE : `ERR_REQ_SECTOR;
				end else if (sectors != 32'd0) begin
					out_d = sectors;
					op_d = zeroes ? (range_flags[0] ? `VIO_BE_ZERO_UNMAP : `VIO_BE_ZERO) :
						type_q == TYPE_DISCARD ? `VIO_BE_DISCARD : `VIO_BE_ERASE;
					late_d = 1'b1;
					state_d = `S_BLK_CMD;
				end
			end
		default:
			// Pieces that the request does not need are dropped.
			if (i_piece_ne && i_wjob_nf && i_data_job_nf && i_range_job_nf) begin
				o_piece_pop = 1'b1;
				case (i_piece[`piece_kind])
				PIECE_OUT:
					if (out_q != 32'd0) begin
						o_data_job_push = !range_q;
						o_range_job_push = range_q;
						out_d = out_q - len;
					end
				PIECE_IN: begin
					o_wjob_push = take != 32'd0;
					in_d = in_q - take;
				end
				default:
					if (range_q) begin
						o_piece_pop = 1'b0;
						state_d = `S_BLK_RANGE;
					end else begin
						o_wjob_push = 1'b1;
						state_d = `S_BLK_IDLE;
					end
				endcase
			end
		endcase
	end

	always @(posedge clk) begin
		state_q <= state_d;
		queue_q <= queue_d;
		result_q <= result_d;
		op_q <= op_d;
		late_q <= late_d;
		range_q <= range_d;
		resp_q <= resp_d;
		head_q <= head_d;
		type_q <= type_d;
		rlen_q <= rlen_d;
		wlen_q <= wlen_d;
		used_q <= used_d;
		out_q <= out_d;
		in_q <= in_d;
		sector_q <= sector_d;
		if (rst || i_stop)
			state_q <= `S_BLK_IDLE;
	end

	assign o_state = state_q;
endmodule

`default_nettype wire
