// SPDX-License-Identifier: Apache-2.0
// reader.v: reads bytes by AXI bursts and packs them. Twin of model/reader.c: same registers, same clock.
//
// One form, used six times. Jobs {addr, len} of any alignment and length become INCR bursts that never cross 4 KiB,
// several in flight; their bytes come out packed from lane 0, one beat a clock, jobs joined without gaps until one says
// flush. Knows nothing of virtio.
//
// Promises: a burst is asked for only when its beats have room, so the R channel never waits for a reader. An error
// response goes on with its bytes. Proved by tests/unit/test_reader.c.
`default_nettype none
`include "vio_defs.vh"

module reader #(
	parameter ROOM = 16 // beats of its rbeat FIFO
) (
	input  wire                clk,
	input  wire                rst,
	input  wire                i_stop,
	input  wire                i_job_ne,
	input  wire [`job_W-1:0]   i_job,
	output wire                o_job_pop,
	input  wire                i_ar_nf,
	output wire                o_ar_push,
	output wire [`burst_W-1:0] o_ar,
	input  wire                i_lanes_nf,
	output wire                o_lanes_push,
	output wire [`lanes_W-1:0] o_lanes,
	input  wire [`lanes_W-1:0] i_lanes,
	output reg                 o_lanes_pop,
	input  wire                i_rbeat_ne,
	input  wire [`rbeat_W-1:0] i_rbeat,
	output reg                 o_rbeat_pop,
	input  wire                i_beat_nf,
	output reg                 o_beat_push,
	output reg  [`beat_W-1:0]  o_beat
);
	localparam [15:0] FULL = ROOM;

	reg [31:0] off_q;
	reg [15:0] room_q;
	reg [9:0] done_q, done_d;
	reg [3:0] count_q, count_d;
	reg flushing_q, flushing_d;
	reg [63:0] rest_q, rest_d;
	reg [1:0] resp_q, resp_d; // of the bytes in rest

	// Cuts the head job into bursts.
	wire [63:0] addr = i_job[`job_addr] + {32'd0, off_q};
	wire [31:0] left = i_job[`job_len] - off_q;
	wire [31:0] page = 32'd4096 - {20'd0, addr[11:0]};
	wire [31:0] burst = `VIO_BURST_BEATS * 8 - {29'd0, addr[2:0]};
	wire [31:0] limit = page < burst ? page : burst;
	wire [31:0] bytes = left < limit ? left : limit;
	wire [31:0] beats = ({29'd0, addr[2:0]} + bytes + 32'd7) >> 3;
	wire last_burst = bytes == left;
	wire ask = i_job_ne && i_ar_nf && i_lanes_nf && beats <= {16'd0, room_q};
	wire [7:0] ar_len = beats[7:0] - 8'd1;

	assign o_job_pop = ask && last_burst;
	assign o_ar_push = ask;
	assign o_ar = {ar_len, addr[63:3], 3'd0};
	assign o_lanes_push = ask;
	assign o_lanes = {i_job[`job_flush] && last_burst, bytes[9:0], addr[2:0]};

	// Takes the bytes of one beat that belong to the job, and hands on 8 when there are 8.
	wire [9:0] beat_left = i_lanes[`lanes_bytes] - done_q;
	wire [3:0] beat_off = done_q == 10'd0 ? {1'b0, i_lanes[`lanes_off]} : 4'd0;
	wire [3:0] beat_room = 4'd8 - beat_off;
	wire [3:0] take = beat_left < {6'd0, beat_room} ? beat_left[3:0] : beat_room;
	wire last = {6'd0, take} == beat_left;
	wire flush = last && i_lanes[`lanes_flush];
	wire [63:0] mask = take[3] ? ~64'd0 : (64'd1 << {take[2:0], 3'd0}) - 64'd1;
	wire [63:0] data = (i_rbeat[`rbeat_data] >> {beat_off[2:0], 3'd0}) & mask;
	wire [4:0] count = {1'b0, count_q} + {1'b0, take};
	wire [63:0] joined = rest_q | (data << {count_q[2:0], 3'd0});
	wire [3:0] spent = 4'd8 - count_q;
	wire pack = i_beat_nf && !flushing_q && i_rbeat_ne;
	wire [1:0] resp = i_rbeat[`rbeat_resp];

	always @* begin
		done_d = done_q;
		count_d = count_q;
		flushing_d = flushing_q;
		rest_d = rest_q;
		resp_d = resp_q;
		o_beat_push = 1'b0;
		o_beat = {resp_q | resp, joined};
		o_rbeat_pop = pack;
		o_lanes_pop = pack && last;
		if (i_beat_nf && flushing_q) begin
			o_beat_push = 1'b1;
			o_beat = {resp_q, rest_q};
			flushing_d = 1'b0;
			count_d = 4'd0;
			rest_d = 64'd0;
			resp_d = 2'd0;
		end else if (pack) begin
			if (count >= 5'd8 || flush) begin
				o_beat_push = 1'b1;
				rest_d = count > 5'd8 ? data >> {spent[2:0], 3'd0} : 64'd0;
				count_d = count > 5'd8 ? count[3:0] - 4'd8 : 4'd0;
				flushing_d = count > 5'd8 && flush;
				resp_d = count > 5'd8 ? resp : 2'd0;
			end else begin
				rest_d = joined;
				count_d = count[3:0];
				resp_d = resp_q | resp;
			end
			done_d = last ? 10'd0 : done_q + {6'd0, take};
		end
	end

	always @(posedge clk) begin
		if (ask)
			off_q <= last_burst ? 32'd0 : off_q + bytes;
		room_q <= room_q - (ask ? beats[15:0] : 16'd0) + {15'd0, pack};
		done_q <= done_d;
		count_q <= count_d;
		flushing_q <= flushing_d;
		rest_q <= rest_d;
		resp_q <= resp_d;
		if (rst || i_stop) begin
			off_q <= 32'd0;
			room_q <= FULL;
			done_q <= 10'd0;
			count_q <= 4'd0;
			flushing_q <= 1'b0;
			rest_q <= 64'd0;
			resp_q <= 2'd0;
		end
	end

endmodule

`default_nettype wire
