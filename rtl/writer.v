// SPDX-License-Identifier: Apache-2.0
// writer.v: writes bytes by AXI bursts. Twin of model/writer.c: same registers, same clock.
//
// Two stages with wburst between them. The first cuts jobs into INCR bursts that never cross 4 KiB, used ring first,
// and says in btag what each response will mean. The second lays bytes into lanes, one beat a clock.
//
// All writes share one AXI ID, so responses come in order: that of a status or used element says that everything
// before it has landed. A burst of payload is issued when its first beat has come from storage, so a slow disk does not
// hold the bus. Once issued, a burst is finished whatever happens: after stop its beats have no strobes. Proved by
// tests/unit/test_writer.c.
`default_nettype none
`include "vio_defs.vh"

module writer (
	input  wire                 clk,
	input  wire                 rst,
	input  wire                 i_stop,
	input  wire                 i_packed,
	input  wire                 i_wjob_ne,
	input  wire [`wjob_W-1:0]   i_wjob,
	output wire                 o_wjob_pop,
	input  wire                 i_ujob_ne,
	input  wire [`ujob_W-1:0]   i_ujob,
	output wire                 o_ujob_pop,
	input  wire                 i_rsp_ne,
	input  wire [`rsp_W-1:0]    i_rsp,
	output wire                 o_rsp_pop,
	input  wire                 i_store_ne,
	input  wire [`store_W-1:0]  i_store,
	input  wire [15:0]          i_store_level,
	output wire                 o_store_pop,
	input  wire                 i_aw_nf,
	output wire                 o_aw_push,
	output wire [`burst_W-1:0]  o_aw,
	input  wire                 i_wburst_nf,
	output wire                 o_wburst_push,
	output reg  [`wburst_W-1:0] o_wburst,
	input  wire                 i_wburst_ne,
	input  wire [`wburst_W-1:0] i_wburst,
	output wire                 o_wburst_pop,
	input  wire                 i_btag_nf,
	output wire                 o_btag_push,
	output wire [`btag_W-1:0]   o_btag,
	input  wire                 i_werr_ne,
	input  wire [`werr_W-1:0]   i_werr,
	output wire                 o_werr_pop,
	output wire                 o_mishap_push,
	output wire [`mishap_W-1:0] o_mishap,
	output wire [27:0]          o_err,
	input  wire                 i_fin_nf,
	output wire                 o_fin_push,
	output wire [`fin_W-1:0]    o_fin,
	input  wire                 i_wbeat_nf,
	output wire                 o_wbeat_push,
	output wire [`wbeat_W-1:0]  o_wbeat
);
	localparam [1:0] WJOB_STREAM = 0, WJOB_LATE = 2;
	localparam [2:0] BTAG_DATA = 0, BTAG_LANDED = 4, BTAG_STATUS = 5, BTAG_PART = 6;
	localparam [7:0] S_OK = 0, S_IOERR = 1;
	localparam DATA = `VIO_DATA_BYTES;
	localparam W = `VIO_DATA_W;
	localparam L = `VIO_LANE_BITS;
	localparam [31:0] MOST = `VIO_BURST_BEATS * DATA;
	localparam [31:0] LAST_LANE = DATA - 1;
	localparam [L:0] BEAT_END = DATA[L:0];

	reg [31:0] woff_q;
	reg [3:0] uoff_q;
	reg [L:0] sres_q, count_q;
	reg [12:0] done_q;
	reg [15:0] owed_q;
	reg [W-1:0] rest_q;
	reg [5:0] turn_q; // counts requests
	reg [1:0] resp_q; // of the payload of this one
	reg [7:0] err_code_q;
	reg [3:0] err_queue_q;

	// First stage: one burst a clock.
	wire room = i_aw_nf && i_wburst_nf && i_btag_nf && !i_stop;
	wire is_used = i_ujob_ne;
	wire [1:0] kind = i_wjob[`wjob_kind];
	wire is_stream = kind == WJOB_STREAM;
	wire is_late = kind == WJOB_LATE;
	wire [63:0] addr = is_used ? i_ujob[`ujob_addr] + {60'd0, uoff_q} : i_wjob[`wjob_addr] + {32'd0, woff_q};
	wire [31:0] left = is_used ? {28'd0, i_ujob[`ujob_len] - uoff_q} : i_wjob[`wjob_len] - woff_q;
	wire [31:0] page = 32'd4096 - {20'd0, addr[11:0]};
	wire [31:0] lane = {{(32 - L){1'b0}}, addr[L-1:0]};
	wire [31:0] burst = MOST - lane;
	wire [31:0] limit = page < burst ? page : burst;
	wire [31:0] bytes = left < limit ? left : limit;
	wire [31:0] span = (lane + bytes + LAST_LANE) >> L;
	wire [7:0] aw_len = span[7:0] - 8'd1;
	wire last_burst = bytes == left;
	wire [31:0] sres = {{(31 - L){1'b0}}, sres_q};
	wire [31:0] pops = bytes <= sres ? 32'd0 : (bytes - sres + LAST_LANE) >> L;
	wire stream_last = i_wjob[`wjob_last] && last_burst;
	wire [31:0] sres_next = sres + (pops << L) - bytes;
	wire issue_used = room && is_used;
	wire issue_stream = room && !is_used && i_wjob_ne && is_stream && (pops == 32'd0 || i_store_level > owed_q);
	wire issue_byte = room && !is_used && i_wjob_ne && !is_stream && i_fin_nf && (!is_late || i_rsp_ne);
	wire issue = issue_used || issue_stream || issue_byte;

	assign o_aw_push = issue;
	assign o_aw = {aw_len, addr[63:L], {L{1'b0}}};
	assign o_wburst_push = issue;
	assign o_btag_push = issue;
	assign o_btag[`btag_turn] = is_stream && !is_used ? turn_q : 6'd0;
	assign o_btag[`btag_queue] = is_used ? i_ujob[`ujob_queue] : i_wjob[`wjob_queue];
	assign o_btag[`btag_kind] = is_used ? (last_burst ? i_ujob[`ujob_kind] : BTAG_PART) :
		is_stream ? BTAG_DATA : i_packed ? BTAG_LANDED : BTAG_STATUS;
	assign o_fin_push = issue_byte;
	assign o_fin = {i_wjob[`wjob_queue], i_wjob[`wjob_head], i_wjob[`wjob_used]};
	assign o_rsp_pop = issue_byte && is_late;
	assign o_ujob_pop = issue_used && last_burst;
	assign o_wjob_pop = issue_byte || (issue_stream && last_burst);

	// An error response to payload. While the request is open its status byte can tell; once that is on its way,
	// nothing but DEVICE_NEEDS_RESET can.
	assign o_werr_pop = i_werr_ne && !i_stop;
	wire werr_open = o_werr_pop && i_werr[`werr_turn] == turn_q;
	wire werr_late = o_werr_pop && i_werr[`werr_turn] != turn_q;
	wire [1:0] resp = resp_q | (werr_open ? i_werr[`werr_resp] : 2'd0);
	wire [7:0] plain_status = is_late ? i_rsp[`rsp_status] : i_wjob[`wjob_byte];
	wire storage_bad = is_late && plain_status != S_OK;
	assign o_mishap_push = issue_byte && (resp != 2'd0 || storage_bad);
	assign o_mishap = {i_wjob[`wjob_head], i_wjob[`wjob_queue],
		resp == 2'd0 ? `ERR_REQ_STORAGE : resp == 2'd3 ? `ERR_REQ_NOWHERE_DATA : `ERR_REQ_WRITE_DATA};

	always @* begin
		o_wburst[`wburst_off] = addr[L-1:0];
		o_wburst[`wburst_bytes] = bytes[12:0];
		o_wburst[`wburst_stream] = issue_stream;
		o_wburst[`wburst_last] = issue_stream && stream_last;
		if (is_used)
			o_wburst[`wburst_data] = i_ujob[`ujob_data] >> {uoff_q[2:0], 3'd0};
		else
			o_wburst[`wburst_data] = {56'd0, resp != 2'd0 ? S_IOERR : plain_status};
	end

	// Second stage: one beat of the burst at the head of wburst.
	wire [12:0] beat_left = i_wburst[`wburst_bytes] - done_q;
	wire [L:0] beat_off = done_q == 13'd0 ? {1'b0, i_wburst[`wburst_off]} : 0;
	wire [L:0] beat_room = BEAT_END - beat_off;
	wire [L:0] take = beat_left < {{(12 - L){1'b0}}, beat_room} ? beat_left[L:0] : beat_room;
	wire last = {{(12 - L){1'b0}}, take} == beat_left;
	wire stream = i_wburst[`wburst_stream];
	wire pop = stream && take > count_q && !i_stop;
	wire go = i_wburst_ne && i_wbeat_nf && (!pop || i_store_ne);
	wire [L:0] spent = take - count_q;
	wire [W-1:0] joined = rest_q | (i_store << {count_q, 3'd0});
	wire [W+63:0] word = {{W{1'b0}}, i_wburst[`wburst_data] >> {done_q[2:0], 3'd0}};
	wire [W-1:0] source = !stream ? word[W-1:0] : pop ? joined : rest_q;
	wire [W-1:0] mask = ~({W{1'b1}} << {take, 3'd0});
	wire [W-1:0] data = (source & mask) << {beat_off, 3'd0};
	wire [DATA-1:0] lanes = ~({DATA{1'b1}} << take);
	wire [DATA-1:0] strb = i_stop ? 0 : lanes << beat_off;

	assign o_wbeat_push = go;
	assign o_wbeat = {last, strb, data};
	assign o_wburst_pop = go && last;
	assign o_store_pop = go && pop;

	always @(posedge clk) begin
		if (issue_stream) begin
			sres_q <= stream_last ? 0 : sres_next[L:0];
			woff_q <= last_burst ? 32'd0 : woff_q + bytes;
		end
		if (issue_used)
			uoff_q <= last_burst ? 4'd0 : uoff_q + bytes[3:0];
		owed_q <= owed_q + (issue_stream ? pops[15:0] : 16'd0) - {15'd0, o_store_pop};
		if (go) begin
			done_q <= last ? 13'd0 : done_q + {{(12 - L){1'b0}}, take};
			if (stream && i_wburst[`wburst_last] && last) begin
				count_q <= 0;
				rest_q <= 0;
			end else if (pop) begin
				count_q <= BEAT_END - spent;
				rest_q <= i_store >> {spent, 3'd0};
			end else if (stream) begin
				count_q <= count_q - take;
				rest_q <= rest_q >> {take, 3'd0};
			end
		end
		resp_q <= issue_byte ? 2'd0 : resp;
		if (issue_byte)
			turn_q <= turn_q + 6'd1;
		if (werr_late && err_code_q == `ERR_NONE) begin
			err_code_q <= i_werr[`werr_resp] == 2'd3 ? `ERR_NOWHERE_DATA : `ERR_WRITE_DATA;
			err_queue_q <= i_werr[`werr_queue];
		end
		if (rst || i_stop) begin
			turn_q <= 6'd0;
			resp_q <= 2'd0;
			err_code_q <= `ERR_NONE;
			woff_q <= 32'd0;
			uoff_q <= 4'd0;
			sres_q <= 0;
			count_q <= 0;
			owed_q <= 16'd0;
			rest_q <= 0;
		end
		if (rst)
			done_q <= 13'd0;
	end

	assign o_err = {err_code_q, err_queue_q, 16'd0};
endmodule

`default_nettype wire
