// SPDX-License-Identifier: Apache-2.0
// axi.v: the AXI4 pins. Twin of model/axi.c: same registers, same clock.
//
// Read addresses of the six readers share one channel, short reads first; beats go back by their ID. Readers keep room
// for what they ask, and btag for every response, so rready and bready stay high. Write data never runs ahead of its
// address. Promises: what is on a channel stays until it is taken; bursts that were issued are finished under stop, and
// what comes back then is dropped. An error response to a read of descriptors, headers, ranges and payload goes on with
// the beat; one to a write of payload goes to writer, which knows whether the request can still tell. The first of all
// others is raised. Proved by sim/bus/axi_check.c in every random run, and lockstep.
`default_nettype none
`include "vio_defs.vh"

module axi (
	input  wire                clk,
	input  wire                rst,
	input  wire                i_stop,
	output wire [63:0]         m_axi_awaddr,
	output wire                m_axi_awvalid,
	input  wire                m_axi_awready,
	output wire [3:0]          m_axi_awid,
	output wire [7:0]          m_axi_awlen,
	output wire [2:0]          m_axi_awsize,
	output wire [1:0]          m_axi_awburst,
	output wire [`VIO_DATA_W-1:0] m_axi_wdata,
	output wire                m_axi_wvalid,
	input  wire                m_axi_wready,
	output wire [`VIO_DATA_BYTES-1:0] m_axi_wstrb,
	output wire                m_axi_wlast,
	input  wire                m_axi_bvalid,
	output wire                m_axi_bready,
	input  wire [1:0]          m_axi_bresp,
	output wire [63:0]         m_axi_araddr,
	output wire                m_axi_arvalid,
	input  wire                m_axi_arready,
	output wire [3:0]          m_axi_arid,
	output wire [7:0]          m_axi_arlen,
	output wire [2:0]          m_axi_arsize,
	output wire [1:0]          m_axi_arburst,
	input  wire [`VIO_DATA_W-1:0] m_axi_rdata,
	input  wire                m_axi_rvalid,
	output wire                m_axi_rready,
	input  wire [3:0]          m_axi_rid,
	input  wire [1:0]          m_axi_rresp,
	input  wire                m_axi_rlast,
	input  wire                i_avail_ar_ne,
	input  wire [`burst_W-1:0] i_avail_ar,
	output wire                o_avail_ar_pop,
	input  wire                i_desc_ar_ne,
	input  wire [`burst_W-1:0] i_desc_ar,
	output wire                o_desc_ar_pop,
	input  wire                i_header_ar_ne,
	input  wire [`burst_W-1:0] i_header_ar,
	output wire                o_header_ar_pop,
	input  wire                i_data_ar_ne,
	input  wire [`burst_W-1:0] i_data_ar,
	output wire                o_data_ar_pop,
	input  wire                i_event_ar_ne,
	input  wire [`burst_W-1:0] i_event_ar,
	output wire                o_event_ar_pop,
	input  wire                i_range_ar_ne,
	input  wire [`burst_W-1:0] i_range_ar,
	output wire                o_range_ar_pop,
	output wire                o_range_rbeat_push,
	output wire [`rbeat_W-1:0] o_rbeat,
	output wire                o_avail_rbeat_push,
	output wire                o_desc_rbeat_push,
	output wire                o_header_rbeat_push,
	output wire                o_data_rbeat_push,
	output wire                o_event_rbeat_push,
	input  wire                i_aw_ne,
	input  wire [`burst_W-1:0] i_aw,
	output wire                o_aw_pop,
	input  wire                i_wbeat_ne,
	input  wire [`wbeat_W-1:0] i_wbeat,
	output wire                o_wbeat_pop,
	input  wire                i_btag_ne,
	input  wire [`btag_W-1:0]  i_btag,
	output wire                o_btag_pop,
	output wire                o_udone_push,
	output wire [`udone_W-1:0] o_udone,
	output wire                o_werr_push,
	output wire [`werr_W-1:0]  o_werr,
	output wire                o_mishap_push,
	output wire [`mishap_W-1:0] o_mishap,
	input  wire [3:0]          i_fetch_queue,
	input  wire [3:0]          i_used_queue,
	output wire [27:0]         o_err,
	output wire                o_reading, // a read is in flight
	output wire                o_quiet // no read is in flight, nothing is on the write channels
);
	localparam [2:0] BTAG_DATA = 0, BTAG_INDEX = 2, BTAG_EVENT = 3, BTAG_LANDED = 4, BTAG_STATUS = 5;
	localparam [2:0] SIZE = `VIO_LANE_BITS;

	reg arvalid_q, awvalid_q, wvalid_q, wlast_q;
	reg [63:0] araddr_q, awaddr_q;
	reg [`VIO_DATA_W-1:0] wdata_q;
	reg [`VIO_DATA_BYTES-1:0] wstrb_q;
	reg [7:0] arlen_q, awlen_q, err_code_q;
	reg [3:0] arid_q, err_queue_q;
	reg [5:0] ahead_q;
	reg [15:0] reads_q;

	// Read addresses.
	wire ar_take = (!arvalid_q || m_axi_arready) && !i_stop;
	wire ar_any = i_event_ar_ne || i_avail_ar_ne || i_desc_ar_ne || i_header_ar_ne || i_range_ar_ne || i_data_ar_ne;
	reg [`burst_W-1:0] ar;
	reg [3:0] ar_id;
	always @* begin
		if (i_event_ar_ne) begin
			ar = i_event_ar;
			ar_id = `VIO_ID_EVENT;
		end else if (i_avail_ar_ne) begin
			ar = i_avail_ar;
			ar_id = `VIO_ID_AVAIL;
		end else if (i_desc_ar_ne) begin
			ar = i_desc_ar;
			ar_id = `VIO_ID_DESC;
		end else if (i_header_ar_ne) begin
			ar = i_header_ar;
			ar_id = `VIO_ID_HEADER;
		end else if (i_range_ar_ne) begin
			ar = i_range_ar;
			ar_id = `VIO_ID_RANGE;
		end else begin
			ar = i_data_ar;
			ar_id = `VIO_ID_DATA;
		end
	end
	wire ar_load = ar_take && ar_any;
	assign o_event_ar_pop = ar_load && ar_id == `VIO_ID_EVENT;
	assign o_avail_ar_pop = ar_load && ar_id == `VIO_ID_AVAIL;
	assign o_desc_ar_pop = ar_load && ar_id == `VIO_ID_DESC;
	assign o_header_ar_pop = ar_load && ar_id == `VIO_ID_HEADER;
	assign o_range_ar_pop = ar_load && ar_id == `VIO_ID_RANGE;
	assign o_data_ar_pop = ar_load && ar_id == `VIO_ID_DATA;

	// Read data.
	wire rbeat = m_axi_rvalid && !i_stop;
	wire r_bad = rbeat && m_axi_rresp != 2'd0;
	wire r_event = m_axi_rid == `VIO_ID_EVENT;
	wire r_err = r_bad && (m_axi_rid == `VIO_ID_AVAIL || r_event);
	wire [7:0] r_code = (r_event ? `ERR_READ_EVENT : `ERR_READ_AVAIL) + {4'd0, m_axi_rresp == 2'd3, 3'd0};
	assign o_mishap_push = r_bad && m_axi_rid == `VIO_ID_DATA;
	assign o_mishap = {20'd0, m_axi_rresp == 2'd3 ? `ERR_REQ_DECODE_DATA : `ERR_REQ_READ_DATA};
	assign o_rbeat = {m_axi_rresp, m_axi_rdata};
	assign o_avail_rbeat_push = rbeat && m_axi_rid == `VIO_ID_AVAIL;
	assign o_desc_rbeat_push = rbeat && m_axi_rid == `VIO_ID_DESC;
	assign o_header_rbeat_push = rbeat && m_axi_rid == `VIO_ID_HEADER;
	assign o_data_rbeat_push = rbeat && m_axi_rid == `VIO_ID_DATA;
	assign o_range_rbeat_push = rbeat && m_axi_rid == `VIO_ID_RANGE;
	assign o_event_rbeat_push = rbeat && m_axi_rid == `VIO_ID_EVENT;

	// Write addresses, and data behind them.
	wire aw_take = !awvalid_q || m_axi_awready;
	wire w_take = !wvalid_q || m_axi_wready;
	wire w_load = w_take && i_wbeat_ne && ahead_q != 6'd0;
	assign o_aw_pop = aw_take && i_aw_ne;
	assign o_wbeat_pop = w_load;

	// Write responses.
	wire b = m_axi_bvalid && i_btag_ne;
	wire r_or_w_err = r_err || err_code_q != `ERR_NONE;
	wire [2:0] b_kind = i_btag[`btag_kind];
	wire b_bad = b && m_axi_bresp != 2'd0 && !i_stop;
	wire b_err = b_bad && b_kind != BTAG_DATA;
	reg [7:0] b_code;
	always @* begin
		case (b_kind)
		BTAG_INDEX: b_code = `ERR_WRITE_IDX;
		BTAG_EVENT: b_code = `ERR_WRITE_EVENT;
		BTAG_LANDED, BTAG_STATUS: b_code = `ERR_WRITE_STATUS;
		default: b_code = `ERR_WRITE_USED;
		endcase
		if (m_axi_bresp == 2'd3)
			b_code = b_code + 8'd8;
	end
	assign o_werr_push = b_bad && b_kind == BTAG_DATA;
	assign o_werr = {i_btag[`btag_turn], i_btag[`btag_queue], m_axi_bresp};
	assign o_btag_pop = b;
	assign o_udone_push = b && m_axi_bresp == 2'd0 && b_kind != BTAG_DATA && b_kind < BTAG_STATUS && !i_stop && !r_or_w_err;
	assign o_udone = {i_btag[`btag_queue], b_kind};

	always @(posedge clk) begin
		if (ar_take || (arvalid_q && m_axi_arready))
			arvalid_q <= ar_load;
		if (ar_load) begin
			araddr_q <= ar[`burst_addr];
			arlen_q <= ar[`burst_len];
			arid_q <= ar_id;
		end
		reads_q <= reads_q + {15'd0, ar_load} - {15'd0, m_axi_rvalid && m_axi_rlast};
		if (aw_take)
			awvalid_q <= i_aw_ne;
		if (o_aw_pop) begin
			awaddr_q <= i_aw[`burst_addr];
			awlen_q <= i_aw[`burst_len];
		end
		if (w_take)
			wvalid_q <= w_load;
		if (w_load) begin
			wdata_q <= i_wbeat[`wbeat_data];
			wstrb_q <= i_wbeat[`wbeat_strb];
			wlast_q <= i_wbeat[`wbeat_last];
		end
		ahead_q <= ahead_q + {5'd0, o_aw_pop} - {5'd0, w_load && i_wbeat[`wbeat_last]};
		if (err_code_q == `ERR_NONE) begin
			if (r_err) begin
				err_code_q <= r_code;
				err_queue_q <= r_event ? i_used_queue : i_fetch_queue;
			end else if (b_err) begin
				err_code_q <= b_code;
				err_queue_q <= i_btag[`btag_queue];
			end
		end
		if (rst || i_stop)
			err_code_q <= `ERR_NONE;
		if (rst) begin
			arvalid_q <= 1'b0;
			awvalid_q <= 1'b0;
			wvalid_q <= 1'b0;
			wlast_q <= 1'b0;
			araddr_q <= 64'd0;
			awaddr_q <= 64'd0;
			wdata_q <= 0;
			arlen_q <= 8'd0;
			awlen_q <= 8'd0;
			wstrb_q <= 0;
			arid_q <= 4'd0;
			ahead_q <= 6'd0;
			reads_q <= 16'd0;
		end
	end

	assign m_axi_awaddr = awaddr_q;
	assign m_axi_awvalid = awvalid_q;
	assign m_axi_awid = `VIO_ID_WRITE;
	assign m_axi_awlen = awlen_q;
	assign m_axi_awsize = SIZE;
	assign m_axi_awburst = 2'd1;
	assign m_axi_wdata = wdata_q;
	assign m_axi_wvalid = wvalid_q;
	assign m_axi_wstrb = wstrb_q;
	assign m_axi_wlast = wlast_q;
	assign m_axi_bready = 1'b1;
	assign m_axi_araddr = araddr_q;
	assign m_axi_arvalid = arvalid_q;
	assign m_axi_arid = arid_q;
	assign m_axi_arlen = arlen_q;
	assign m_axi_arsize = SIZE;
	assign m_axi_arburst = 2'd1;
	assign m_axi_rready = 1'b1;
	assign o_err = {err_code_q, err_queue_q, 16'd0};
	assign o_reading = reads_q != 16'd0;
	assign o_quiet = reads_q == 16'd0 && !awvalid_q && !wvalid_q;
endmodule

`default_nettype wire
