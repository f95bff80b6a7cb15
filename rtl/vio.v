// SPDX-License-Identifier: Apache-2.0
// vio.v: a virtio-mmio block device with an AXI4-Lite register port, an AXI4 DMA port and a storage port.
//
// Wires only: the units are in their own files, the FIFOs between them in gen/vio_fifos.vh. model/def/pins.def tells
// what the pins mean. idle: no register can change until an input pin does, so the clock may stop. dbg_states: the
// units' states, four bits each, in the order of model/def/states.def.
`default_nettype none
`include "vio_defs.vh"

module vio (
	input  wire        clk,
	input  wire        rst,
	input  wire [11:0] s_axil_awaddr,
	input  wire        s_axil_awvalid,
	output wire        s_axil_awready,
	input  wire [31:0] s_axil_wdata,
	input  wire [3:0]  s_axil_wstrb,
	input  wire        s_axil_wvalid,
	output wire        s_axil_wready,
	output wire [1:0]  s_axil_bresp,
	output wire        s_axil_bvalid,
	input  wire        s_axil_bready,
	input  wire [11:0] s_axil_araddr,
	input  wire        s_axil_arvalid,
	output wire        s_axil_arready,
	output wire [31:0] s_axil_rdata,
	output wire [1:0]  s_axil_rresp,
	output wire        s_axil_rvalid,
	input  wire        s_axil_rready,
	output wire [3:0]  m_axi_awid,
	output wire [63:0] m_axi_awaddr,
	output wire [7:0]  m_axi_awlen,
	output wire [2:0]  m_axi_awsize,
	output wire [1:0]  m_axi_awburst,
	output wire        m_axi_awvalid,
	input  wire        m_axi_awready,
	output wire [`VIO_DATA_W-1:0] m_axi_wdata,
	output wire [`VIO_DATA_BYTES-1:0] m_axi_wstrb,
	output wire        m_axi_wlast,
	output wire        m_axi_wvalid,
	input  wire        m_axi_wready,
	input  wire [3:0]  m_axi_bid,
	input  wire [1:0]  m_axi_bresp,
	input  wire        m_axi_bvalid,
	output wire        m_axi_bready,
	output wire [3:0]  m_axi_arid,
	output wire [63:0] m_axi_araddr,
	output wire [7:0]  m_axi_arlen,
	output wire [2:0]  m_axi_arsize,
	output wire [1:0]  m_axi_arburst,
	output wire        m_axi_arvalid,
	input  wire        m_axi_arready,
	input  wire [3:0]  m_axi_rid,
	input  wire [`VIO_DATA_W-1:0] m_axi_rdata,
	input  wire [1:0]  m_axi_rresp,
	input  wire        m_axi_rlast,
	input  wire        m_axi_rvalid,
	output wire        m_axi_rready,
	output wire        be_cmd_valid,
	input  wire        be_cmd_ready,
	output wire [3:0]  be_cmd_op,
	output wire [63:0] be_cmd_sector,
	output wire [31:0] be_cmd_len,
	output wire [`VIO_DATA_W-1:0] be_wdata,
	output wire        be_wvalid,
	output wire        be_werr,
	input  wire        be_wready,
	input  wire [`VIO_DATA_W-1:0] be_rdata,
	input  wire        be_rvalid,
	output wire        be_rready,
	input  wire        be_rsp_valid,
	output wire        be_rsp_ready,
	input  wire [7:0]  be_rsp_status,
	output wire        be_stop,
	input  wire        be_stopped,
	input  wire [63:0] strap_features,
	input  wire [63:0] strap_capacity,
	input  wire [4:0]  strap_queues,
	input  wire [15:0] strap_queue_num,
	input  wire        strap_legacy,
	input  wire        strap_need_v1,
	output wire        irq,
	output wire        idle,
	output wire [63:0] dbg_states
);
	// What regs publishes.
	wire [64*`VIO_QUEUES-1:0] desc, avail, used;
	wire [16*`VIO_QUEUES-1:0] num;
	wire [15:0] ready;
	wire [63:0] capacity;
	wire live, stop, reset, start, read_only, fua;
	wire [63:0] features;
	wire indirect = features[`F_INDIRECT_DESC];
	wire event_idx = features[`F_EVENT_IDX];
	wire packed_ring = features[`F_RING_PACKED];
	wire [3:0] start_queue, drain_queue;

`include "vio_fifos.vh"

	wire [3:0] regs_state, sched_state, fetch_state, walk_state, frame_state, blk_state, used_state;
	wire [3:0] fetch_queue, used_queue;
	wire [8*`VIO_QUEUES-1:0] fetch_taken, used_given;
	wire [15:0] used_told;
	wire [27:0] axi_err, fetch_err, walk_err, frame_err, writer_err;
	wire [`mishap_W-1:0] mishap;
	wire [32*12-1:0] counts;
	wire notified, rejected, raised, reading;
	wire regs_idle, sched_idle, walk_idle, used_idle, port_idle, axi_quiet;

	wire quiet = axi_quiet && !aw_ne && !wburst_ne && !wbeat_ne && !btag_ne;
	wire drained = (fetch_state == `S_FETCH_IDLE || fetch_queue != drain_queue) &&
		(used_state == `S_USED_IDLE || used_queue != drain_queue) &&
		fetch_taken[8*drain_queue +: 8] == used_given[8*drain_queue +: 8] && used_told[drain_queue];

	regs regs (
		.clk(clk), .rst(rst),
		.s_axil_awaddr(s_axil_awaddr), .s_axil_awvalid(s_axil_awvalid), .s_axil_awready(s_axil_awready),
		.s_axil_wdata(s_axil_wdata), .s_axil_wstrb(s_axil_wstrb), .s_axil_wvalid(s_axil_wvalid),
		.s_axil_wready(s_axil_wready), .s_axil_bresp(s_axil_bresp), .s_axil_bvalid(s_axil_bvalid),
		.s_axil_bready(s_axil_bready), .s_axil_araddr(s_axil_araddr), .s_axil_arvalid(s_axil_arvalid),
		.s_axil_arready(s_axil_arready), .s_axil_rdata(s_axil_rdata), .s_axil_rresp(s_axil_rresp),
		.s_axil_rvalid(s_axil_rvalid), .s_axil_rready(s_axil_rready), .irq(irq),
		.strap_features(strap_features), .strap_capacity(strap_capacity), .strap_queues(strap_queues),
		.strap_queue_num(strap_queue_num), .strap_legacy(strap_legacy), .strap_need_v1(strap_need_v1),
		.o_desc(desc), .o_avail(avail), .o_used(used), .o_num(num), .o_ready(ready), .o_capacity(capacity),
		.o_live(live), .o_stop(stop), .o_reset(reset), .o_start(start), .o_start_queue(start_queue), .o_read_only(read_only),
		.o_fua(fua), .o_features(features), .o_drain_queue(drain_queue),
		.i_quiet(quiet), .i_drained(drained), .i_be_stopped(be_stopped),
		.i_err_axi(axi_err), .i_err_fetch(fetch_err), .i_err_walk(walk_err), .i_err_frame(frame_err),
		.i_err_writer(writer_err), .i_mishap(mishap), .i_counts(counts),
		.o_notified(notified), .o_rejected(rejected), .o_raised(raised),
		.i_bell_nf(bell_nf), .o_bell_push(bell_push), .o_bell(bell_in),
		.i_raise_ne(raise_ne), .i_raise(raise_out), .o_raise_pop(raise_pop),
		.o_state(regs_state), .o_idle(regs_idle)
	);

	sched sched (
		.clk(clk), .rst(rst), .i_stop(stop), .i_live(live), .i_ready(ready),
		.i_bell_ne(bell_ne), .i_bell(bell_out), .o_bell_pop(bell_pop),
		.i_served_ne(served_ne), .i_served(served_out), .o_served_pop(served_pop),
		.i_serve_nf(serve_nf), .o_serve_push(serve_push), .o_serve(serve_in),
		.o_state(sched_state), .o_idle(sched_idle)
	);

	fetch fetch (
		.clk(clk), .rst(rst), .i_stop(stop), .i_live(live), .i_event_idx(event_idx), .i_packed(packed_ring),
		.i_start(start), .i_start_queue(start_queue), .i_desc(desc), .i_avail(avail), .i_num(num), .i_ready(ready),
		.i_arm_nf(arm_nf), .o_arm_push(arm_push), .o_arm(arm_in), .i_armed_ne(armed_ne), .o_armed_pop(armed_pop),
		.i_serve_ne(serve_ne), .i_serve(serve_out), .o_serve_pop(serve_pop),
		.i_served_nf(served_nf), .o_served_push(served_push), .o_served(served_in),
		.i_avail_job_nf(avail_job_nf), .o_avail_job_push(avail_job_push), .o_avail_job(avail_job_in),
		.i_avail_beat_ne(avail_beat_ne), .i_avail_beat(avail_beat_out), .o_avail_beat_pop(avail_beat_pop),
		.i_head_nf(head_nf), .o_head_push(head_push), .o_head(head_in),
		.i_confirm_nf(confirm_nf), .o_confirm_push(confirm_push), .o_confirm(confirm_in),
		.i_step_ne(step_ne), .i_step(step_out), .o_step_pop(step_pop),
		.o_taken(fetch_taken), .o_queue(fetch_queue), .o_err(fetch_err), .o_state(fetch_state)
	);

	walk walk (
		.clk(clk), .rst(rst), .i_stop(stop), .i_indirect(indirect), .i_packed(packed_ring), .i_desc(desc),
		.i_num(num),
		.i_head_ne(head_ne), .i_head(head_out), .o_head_pop(head_pop),
		.i_confirm_ne(confirm_ne), .i_confirm(confirm_out), .o_confirm_pop(confirm_pop),
		.i_desc_job_nf(desc_job_nf), .o_desc_job_push(desc_job_push), .o_desc_job(desc_job_in),
		.i_desc_beat_ne(desc_beat_ne), .i_desc_beat(desc_beat_out), .o_desc_beat_pop(desc_beat_pop),
		.i_tag_nf(tag_nf), .o_tag_push(tag_push), .o_tag(tag_in),
		.i_tag_ne(tag_ne), .i_tag(tag_out), .o_tag_pop(tag_pop),
		.i_chain_nf(chain_nf), .o_chain_push(chain_push), .o_chain(chain_in),
		.i_step_nf(step_nf), .o_step_push(step_push), .o_step(step_in),
		.i_span_nf(span_nf), .o_span_push(span_push), .o_span(span_in),
		.i_seg_nf(seg_nf), .o_seg_push(seg_push), .o_seg(seg_in),
		.o_err(walk_err), .o_state(walk_state), .o_idle(walk_idle)
	);

	frame frame (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_chain_ne(chain_ne), .i_chain(chain_out), .o_chain_pop(chain_pop),
		.i_seg_ne(seg_ne), .i_seg(seg_out), .o_seg_pop(seg_pop),
		.i_header_job_nf(header_job_nf), .o_header_job_push(header_job_push), .o_header_job(header_job_in),
		.i_req_nf(req_nf), .o_req_push(req_push), .o_req(req_in),
		.i_piece_nf(piece_nf), .o_piece_push(piece_push), .o_piece(piece_in),
		.o_err(frame_err), .o_state(frame_state)
	);

	blk blk (
		.clk(clk), .rst(rst), .i_stop(stop), .i_capacity(capacity), .i_read_only(read_only), .i_fua(fua), .i_legacy(strap_legacy),
		.i_features(features),
		.i_req_ne(req_ne), .i_req(req_out), .o_req_pop(req_pop),
		.i_header_beat_ne(header_beat_ne), .i_header_beat(header_beat_out), .o_header_beat_pop(header_beat_pop),
		.i_piece_ne(piece_ne), .i_piece(piece_out), .o_piece_pop(piece_pop),
		.i_cmd_nf(cmd_nf), .o_cmd_push(cmd_push), .o_cmd(cmd_in),
		.i_data_job_nf(data_job_nf), .o_data_job_push(data_job_push), .o_data_job(data_job_in),
		.i_range_job_nf(range_job_nf), .o_range_job_push(range_job_push), .o_range_job(range_job_in),
		.i_range_beat_ne(range_beat_ne), .i_range_beat(range_beat_out), .o_range_beat_pop(range_beat_pop),
		.i_wjob_nf(wjob_nf), .o_wjob_push(wjob_push), .o_wjob(wjob_in),
		.o_mishap_push(blk_mishap_push), .o_mishap(blk_mishap_in), .o_state(blk_state)
	);

	reader #(.ROOM(`avail_rbeat_DEPTH)) avail_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(avail_job_ne), .i_job(avail_job_out), .o_job_pop(avail_job_pop),
		.i_ar_nf(avail_ar_nf), .o_ar_push(avail_ar_push), .o_ar(avail_ar_in),
		.i_lanes_nf(avail_lanes_nf), .o_lanes_push(avail_lanes_push), .o_lanes(avail_lanes_in),
		.i_lanes(avail_lanes_out), .o_lanes_pop(avail_lanes_pop),
		.i_rbeat_ne(avail_rbeat_ne), .i_rbeat(avail_rbeat_out), .o_rbeat_pop(avail_rbeat_pop),
		.i_beat_nf(avail_beat_nf), .o_beat_push(avail_beat_push), .o_beat(avail_beat_in)
	);

	reader #(.ROOM(`desc_rbeat_DEPTH)) desc_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(desc_job_ne), .i_job(desc_job_out), .o_job_pop(desc_job_pop),
		.i_ar_nf(desc_ar_nf), .o_ar_push(desc_ar_push), .o_ar(desc_ar_in),
		.i_lanes_nf(desc_lanes_nf), .o_lanes_push(desc_lanes_push), .o_lanes(desc_lanes_in),
		.i_lanes(desc_lanes_out), .o_lanes_pop(desc_lanes_pop),
		.i_rbeat_ne(desc_rbeat_ne), .i_rbeat(desc_rbeat_out), .o_rbeat_pop(desc_rbeat_pop),
		.i_beat_nf(desc_beat_nf), .o_beat_push(desc_beat_push), .o_beat(desc_beat_in)
	);

	reader #(.ROOM(`header_rbeat_DEPTH)) header_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(header_job_ne), .i_job(header_job_out), .o_job_pop(header_job_pop),
		.i_ar_nf(header_ar_nf), .o_ar_push(header_ar_push), .o_ar(header_ar_in),
		.i_lanes_nf(header_lanes_nf), .o_lanes_push(header_lanes_push), .o_lanes(header_lanes_in),
		.i_lanes(header_lanes_out), .o_lanes_pop(header_lanes_pop),
		.i_rbeat_ne(header_rbeat_ne), .i_rbeat(header_rbeat_out), .o_rbeat_pop(header_rbeat_pop),
		.i_beat_nf(header_beat_nf), .o_beat_push(header_beat_push), .o_beat(header_beat_in)
	);

	reader #(.ROOM(`data_rbeat_DEPTH), .OUT(`VIO_DATA_W)) data_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(data_job_ne), .i_job(data_job_out), .o_job_pop(data_job_pop),
		.i_ar_nf(data_ar_nf), .o_ar_push(data_ar_push), .o_ar(data_ar_in),
		.i_lanes_nf(data_lanes_nf), .o_lanes_push(data_lanes_push), .o_lanes(data_lanes_in),
		.i_lanes(data_lanes_out), .o_lanes_pop(data_lanes_pop),
		.i_rbeat_ne(data_rbeat_ne), .i_rbeat(data_rbeat_out), .o_rbeat_pop(data_rbeat_pop),
		.i_beat_nf(data_beat_nf), .o_beat_push(data_beat_push), .o_beat(data_beat_in)
	);

	reader #(.ROOM(`event_rbeat_DEPTH)) event_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(event_job_ne), .i_job(event_job_out), .o_job_pop(event_job_pop),
		.i_ar_nf(event_ar_nf), .o_ar_push(event_ar_push), .o_ar(event_ar_in),
		.i_lanes_nf(event_lanes_nf), .o_lanes_push(event_lanes_push), .o_lanes(event_lanes_in),
		.i_lanes(event_lanes_out), .o_lanes_pop(event_lanes_pop),
		.i_rbeat_ne(event_rbeat_ne), .i_rbeat(event_rbeat_out), .o_rbeat_pop(event_rbeat_pop),
		.i_beat_nf(event_beat_nf), .o_beat_push(event_beat_push), .o_beat(event_beat_in)
	);

	reader #(.ROOM(`range_rbeat_DEPTH)) range_reader (
		.clk(clk), .rst(rst), .i_stop(stop),
		.i_job_ne(range_job_ne), .i_job(range_job_out), .o_job_pop(range_job_pop),
		.i_ar_nf(range_ar_nf), .o_ar_push(range_ar_push), .o_ar(range_ar_in),
		.i_lanes_nf(range_lanes_nf), .o_lanes_push(range_lanes_push), .o_lanes(range_lanes_in),
		.i_lanes(range_lanes_out), .o_lanes_pop(range_lanes_pop),
		.i_rbeat_ne(range_rbeat_ne), .i_rbeat(range_rbeat_out), .o_rbeat_pop(range_rbeat_pop),
		.i_beat_nf(range_beat_nf), .o_beat_push(range_beat_push), .o_beat(range_beat_in)
	);

	writer writer (
		.clk(clk), .rst(rst), .i_stop(stop), .i_packed(packed_ring),
		.i_wjob_ne(wjob_ne), .i_wjob(wjob_out), .o_wjob_pop(wjob_pop),
		.i_ujob_ne(ujob_ne), .i_ujob(ujob_out), .o_ujob_pop(ujob_pop),
		.i_rsp_ne(rsp_ne), .i_rsp(rsp_out), .o_rsp_pop(rsp_pop),
		.i_store_ne(store_ne), .i_store(store_out), .i_store_level(store_level), .o_store_pop(store_pop),
		.i_aw_nf(aw_nf), .o_aw_push(aw_push), .o_aw(aw_in),
		.i_wburst_nf(wburst_nf), .o_wburst_push(wburst_push), .o_wburst(wburst_in),
		.i_wburst_ne(wburst_ne), .i_wburst(wburst_out), .o_wburst_pop(wburst_pop),
		.i_btag_nf(btag_nf), .o_btag_push(btag_push), .o_btag(btag_in),
		.i_fin_nf(fin_nf), .o_fin_push(fin_push), .o_fin(fin_in),
		.i_werr_ne(werr_ne), .i_werr(werr_out), .o_werr_pop(werr_pop),
		.o_mishap_push(writer_mishap_push), .o_mishap(writer_mishap_in), .o_err(writer_err),
		.i_wbeat_nf(wbeat_nf), .o_wbeat_push(wbeat_push), .o_wbeat(wbeat_in)
	);

	used used_ring (
		.clk(clk), .rst(rst), .i_stop(stop), .i_start(start), .i_start_queue(start_queue),
		.i_packed(packed_ring), .i_desc(desc), .i_avail(avail), .i_used(used), .i_num(num),
		.i_fin_ne(fin_ne), .i_fin(fin_out), .o_fin_pop(fin_pop), .i_span(span_out), .o_span_pop(span_pop),
		.i_place(place_out), .o_place_pop(place_pop), .o_place_push(place_push), .o_place(place_in),
		.i_udone_ne(udone_ne), .i_udone(udone_out), .o_udone_pop(udone_pop),
		.i_ujob_nf(ujob_nf), .o_ujob_push(ujob_push), .o_ujob(ujob_in),
		.i_event_job_nf(event_job_nf), .o_event_job_push(event_job_push), .o_event_job(event_job_in),
		.i_event_beat_ne(event_beat_ne), .i_event_beat(event_beat_out), .o_event_beat_pop(event_beat_pop),
		.i_event_idx(event_idx), .i_arm_ne(arm_ne), .i_arm(arm_out), .o_arm_pop(arm_pop),
		.o_armed_push(armed_push), .o_armed(armed_in),
		.i_raise_nf(raise_nf), .o_raise_push(raise_push), .o_raise(raise_in),
		.o_given(used_given), .o_told(used_told), .o_queue(used_queue), .o_state(used_state), .o_idle(used_idle)
	);

	port port (
		.clk(clk), .rst(rst), .i_stop(stop),
		.be_cmd_valid(be_cmd_valid), .be_cmd_ready(be_cmd_ready), .be_cmd_op(be_cmd_op),
		.be_cmd_sector(be_cmd_sector), .be_cmd_len(be_cmd_len), .be_wdata(be_wdata), .be_wvalid(be_wvalid), .be_werr(be_werr),
		.be_wready(be_wready), .be_rdata(be_rdata), .be_rvalid(be_rvalid), .be_rready(be_rready),
		.be_rsp_valid(be_rsp_valid), .be_rsp_ready(be_rsp_ready), .be_rsp_status(be_rsp_status), .be_stop(be_stop),
		.i_cmd_ne(cmd_ne), .i_cmd(cmd_out), .o_cmd_pop(cmd_pop),
		.i_data_beat_ne(data_beat_ne), .i_data_beat(data_beat_out), .o_data_beat_pop(data_beat_pop),
		.i_store_level(store_level), .o_store_push(store_push), .o_store(store_in),
		.i_rsp_level(rsp_level), .o_rsp_push(rsp_push), .o_rsp(rsp_in),
		.o_idle(port_idle)
	);

	wire [`rbeat_W-1:0] rbeat;
	assign avail_rbeat_in = rbeat;
	assign desc_rbeat_in = rbeat;
	assign header_rbeat_in = rbeat;
	assign data_rbeat_in = rbeat;
	assign event_rbeat_in = rbeat;
	assign range_rbeat_in = rbeat;

	axi axi (
		.clk(clk), .rst(rst), .i_stop(stop),
		.m_axi_awaddr(m_axi_awaddr), .m_axi_awvalid(m_axi_awvalid), .m_axi_awready(m_axi_awready),
		.m_axi_awid(m_axi_awid), .m_axi_awlen(m_axi_awlen), .m_axi_awsize(m_axi_awsize),
		.m_axi_awburst(m_axi_awburst), .m_axi_wdata(m_axi_wdata), .m_axi_wvalid(m_axi_wvalid),
		.m_axi_wready(m_axi_wready), .m_axi_wstrb(m_axi_wstrb), .m_axi_wlast(m_axi_wlast),
		.m_axi_bvalid(m_axi_bvalid), .m_axi_bready(m_axi_bready), .m_axi_bresp(m_axi_bresp),
		.m_axi_araddr(m_axi_araddr), .m_axi_arvalid(m_axi_arvalid), .m_axi_arready(m_axi_arready),
		.m_axi_arid(m_axi_arid), .m_axi_arlen(m_axi_arlen), .m_axi_arsize(m_axi_arsize),
		.m_axi_arburst(m_axi_arburst), .m_axi_rdata(m_axi_rdata), .m_axi_rvalid(m_axi_rvalid),
		.m_axi_rready(m_axi_rready), .m_axi_rid(m_axi_rid), .m_axi_rresp(m_axi_rresp), .m_axi_rlast(m_axi_rlast),
		.i_avail_ar_ne(avail_ar_ne), .i_avail_ar(avail_ar_out), .o_avail_ar_pop(avail_ar_pop),
		.o_avail_rbeat_push(avail_rbeat_push),
		.i_desc_ar_ne(desc_ar_ne), .i_desc_ar(desc_ar_out), .o_desc_ar_pop(desc_ar_pop),
		.o_desc_rbeat_push(desc_rbeat_push),
		.i_header_ar_ne(header_ar_ne), .i_header_ar(header_ar_out), .o_header_ar_pop(header_ar_pop),
		.o_header_rbeat_push(header_rbeat_push),
		.i_data_ar_ne(data_ar_ne), .i_data_ar(data_ar_out), .o_data_ar_pop(data_ar_pop),
		.o_data_rbeat_push(data_rbeat_push),
		.i_event_ar_ne(event_ar_ne), .i_event_ar(event_ar_out), .o_event_ar_pop(event_ar_pop),
		.o_event_rbeat_push(event_rbeat_push),
		.i_range_ar_ne(range_ar_ne), .i_range_ar(range_ar_out), .o_range_ar_pop(range_ar_pop),
		.o_range_rbeat_push(range_rbeat_push),
		.o_rbeat(rbeat),
		.i_aw_ne(aw_ne), .i_aw(aw_out), .o_aw_pop(aw_pop),
		.i_wbeat_ne(wbeat_ne), .i_wbeat(wbeat_out), .o_wbeat_pop(wbeat_pop),
		.i_btag_ne(btag_ne), .i_btag(btag_out), .o_btag_pop(btag_pop),
		.o_udone_push(udone_push), .o_udone(udone_in), .o_werr_push(werr_push), .o_werr(werr_in),
		.o_mishap_push(axi_mishap_push), .o_mishap(axi_mishap_in),
		.i_fetch_queue(fetch_queue), .i_used_queue(used_queue),
		.o_err(axi_err), .o_reading(reading), .o_quiet(axi_quiet)
	);

	count count (
		.clk(clk), .rst(rst), .i_stop(stop), .i_reset(reset),
		.i_request(fin_push), .i_cmd_push(cmd_push), .i_cmd(cmd_in),
		.i_read_beat(m_axi_rvalid), .i_write_beat(m_axi_wvalid && m_axi_wready), .i_reading(reading),
		.i_stall_ar(m_axi_arvalid && !m_axi_arready), .i_stall_aw(m_axi_awvalid && !m_axi_awready),
		.i_stall_w(m_axi_wvalid && !m_axi_wready), .i_notified(notified), .i_raised(raised), .i_rejected(rejected),
		.i_axi_mishap_ne(axi_mishap_ne), .i_axi_mishap(axi_mishap_out), .o_axi_mishap_pop(axi_mishap_pop),
		.i_blk_mishap_ne(blk_mishap_ne), .i_blk_mishap(blk_mishap_out), .o_blk_mishap_pop(blk_mishap_pop),
		.i_writer_mishap_ne(writer_mishap_ne), .i_writer_mishap(writer_mishap_out),
		.o_writer_mishap_pop(writer_mishap_pop), .o_mishap(mishap), .o_counts(counts)
	);

	wire erred = axi_err[27:20] != `ERR_NONE || fetch_err[27:20] != `ERR_NONE || walk_err[27:20] != `ERR_NONE ||
		frame_err[27:20] != `ERR_NONE || writer_err[27:20] != `ERR_NONE;
	assign idle = !any_ne && !erred && axi_quiet && regs_idle && sched_idle && walk_idle && used_idle && port_idle &&
		fetch_state == `S_FETCH_IDLE && frame_state == `S_FRAME_IDLE && blk_state == `S_BLK_IDLE;
	assign dbg_states = {36'd0, used_state, blk_state, frame_state, walk_state, fetch_state, sched_state, regs_state};
endmodule

`default_nettype wire
