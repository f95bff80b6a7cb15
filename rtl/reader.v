// SPDX-License-Identifier: Apache-2.0
// reader.v: reads bytes by AXI bursts and packs them. Twin of model/reader.c: same registers, same clock.
//
// One form, used six times: it hands on words of OUT bits, 64 whatever the width of the bus, or whole beats. Jobs
// {addr, len} of any alignment and length become INCR bursts that never cross 4 KiB, several in flight; their bytes come
// out packed from lane 0, a word a clock, jobs joined without gaps until one says flush. Knows nothing of virtio.
//
// Promises: a burst is asked for only when its beats have room, so the R channel never waits for a reader. An error
// response goes on with its bytes. Proved by tests/unit/test_reader.c.
`default_nettype none
`include "vio_defs.vh"

module reader #(
	parameter ROOM = 16, // beats of its rbeat FIFO
	parameter OUT = 64   // bits of a word
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
	output reg  [OUT+1:0]      o_beat
);
	localparam DATA = `VIO_DATA_BYTES;
	localparam BYTES = OUT / 8;
	localparam UNIT = BYTES < DATA ? BYTES : DATA; // bytes taken in a clock
	localparam BEATS = ROOM < `VIO_BURST_BEATS ? ROOM : `VIO_BURST_BEATS; // of a burst
	localparam L = `VIO_LANE_BITS;
	localparam C = $clog2(BYTES);
	localparam U = $clog2(UNIT);
	localparam [15:0] FULL = ROOM;
	localparam [31:0] MOST = BEATS * DATA;
	localparam [31:0] LAST_LANE = DATA - 1;
	localparam [L:0] BEAT_END = DATA[L:0];
	localparam [U:0] UNIT_END = UNIT[U:0];
	localparam [C+1:0] WORD = BYTES[C+1:0];

	reg [31:0] off_q;
	reg [15:0] room_q;
	reg [12:0] done_q, done_d;
	reg [C:0] count_q, count_d;
	reg flushing_q, flushing_d;
	reg [OUT-1:0] rest_q, rest_d;
	reg [1:0] resp_q, resp_d; // of the bytes in rest

	// Cuts the head job into bursts.
	wire [63:0] addr = i_job[`job_addr] + {32'd0, off_q};
	wire [31:0] left = i_job[`job_len] - off_q;
	wire [31:0] page = 32'd4096 - {20'd0, addr[11:0]};
	wire [31:0] lane = {{(32 - L){1'b0}}, addr[L-1:0]};
	wire [31:0] burst = MOST - lane;
	wire [31:0] limit = page < burst ? page : burst;
	wire [31:0] bytes = left < limit ? left : limit;
	wire [31:0] beats = (lane + bytes + LAST_LANE) >> L;
	wire last_burst = bytes == left;
	wire ask = i_job_ne && i_ar_nf && i_lanes_nf && beats <= {16'd0, room_q};
	wire [7:0] ar_len = beats[7:0] - 8'd1;

	assign o_job_pop = ask && last_burst;
	assign o_ar_push = ask;
	assign o_ar = {ar_len, addr[63:L], {L{1'b0}}};
	assign o_lanes_push = ask;
	assign o_lanes = {i_job[`job_flush] && last_burst, bytes[12:0], addr[L-1:0]};

	// Takes the bytes of one beat, or of one word in it, that belong to the job, and hands on a word when it is full.
	wire [12:0] beat_left = i_lanes[`lanes_bytes] - done_q;
	wire [L-1:0] beat_lane = i_lanes[`lanes_off] + done_q[L-1:0];
	wire [U:0] beat_room = UNIT_END - {1'b0, beat_lane[U-1:0]};
	wire [U:0] take = beat_left < {{(12 - U){1'b0}}, beat_room} ? beat_left[U:0] : beat_room;
	wire last = {{(12 - U){1'b0}}, take} == beat_left;
	wire whole = {1'b0, beat_lane} + {{(L - U){1'b0}}, take} == BEAT_END;
	wire flush = last && i_lanes[`lanes_flush];
	wire [OUT-1:0] mask = ~({OUT{1'b1}} << {take, 3'd0});
	wire [OUT+`VIO_DATA_W-1:0] from = {{OUT{1'b0}}, i_rbeat[`rbeat_data]} >> {beat_lane, 3'd0};
	wire [OUT-1:0] data = from[OUT-1:0] & mask;
	wire [C+1:0] count = {1'b0, count_q} + {{(C + 1 - U){1'b0}}, take};
	wire [OUT-1:0] joined = rest_q | (data << {count_q[C-1:0], 3'd0});
	wire [C+1:0] spent = WORD - {1'b0, count_q};
	wire [C:0] over = count[C:0] - WORD[C:0];
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
		o_rbeat_pop = pack && (last || whole);
		o_lanes_pop = pack && last;
		if (i_beat_nf && flushing_q) begin
			o_beat_push = 1'b1;
			o_beat = {resp_q, rest_q};
			flushing_d = 1'b0;
			count_d = 0;
			rest_d = 0;
			resp_d = 2'd0;
		end else if (pack) begin
			if (count >= WORD || flush) begin
				o_beat_push = 1'b1;
				rest_d = count > WORD ? data >> {spent[C-1:0], 3'd0} : 0;
				count_d = count > WORD ? over : 0;
				flushing_d = count > WORD && flush;
				resp_d = count > WORD ? resp : 2'd0;
			end else begin
				rest_d = joined;
				count_d = count[C:0];
				resp_d = resp_q | resp;
			end
			done_d = last ? 13'd0 : done_q + {{(12 - U){1'b0}}, take};
		end
	end

	always @(posedge clk) begin
		if (ask)
			off_q <= last_burst ? 32'd0 : off_q + bytes;
		room_q <= room_q - (ask ? beats[15:0] : 16'd0) + {15'd0, o_rbeat_pop};
		done_q <= done_d;
		count_q <= count_d;
		flushing_q <= flushing_d;
		rest_q <= rest_d;
		resp_q <= resp_d;
		if (rst || i_stop) begin
			off_q <= 32'd0;
			room_q <= FULL;
			done_q <= 13'd0;
			count_q <= 0;
			flushing_q <= 1'b0;
			rest_q <= 0;
			resp_q <= 2'd0;
		end
	end

endmodule

`default_nettype wire
