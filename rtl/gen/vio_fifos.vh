// SPDX-License-Identifier: Apache-2.0
// vio_fifos.vh: every FIFO of the device, included by vio.v. Printed by model/gen.c: `make gen`. Do not edit.

// regs -> sched
wire [`bell_W-1:0] bell_in, bell_out;
wire bell_push, bell_pop, bell_ne, bell_nf;
wire [15:0] bell_level;
fifo #(.WIDTH(`bell_W), .DEPTH(`bell_DEPTH)) fifo_bell (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(bell_push), .i_data(bell_in), .i_pop(bell_pop), .o_data(bell_out), .o_ne(bell_ne),
	.o_nf(bell_nf), .o_level(bell_level));

// sched -> fetch
wire [`serve_W-1:0] serve_in, serve_out;
wire serve_push, serve_pop, serve_ne, serve_nf;
wire [15:0] serve_level;
fifo #(.WIDTH(`serve_W), .DEPTH(`serve_DEPTH)) fifo_serve (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(serve_push), .i_data(serve_in), .i_pop(serve_pop), .o_data(serve_out), .o_ne(serve_ne),
	.o_nf(serve_nf), .o_level(serve_level));

// fetch -> sched
wire [`served_W-1:0] served_in, served_out;
wire served_push, served_pop, served_ne, served_nf;
wire [15:0] served_level;
fifo #(.WIDTH(`served_W), .DEPTH(`served_DEPTH)) fifo_served (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(served_push), .i_data(served_in), .i_pop(served_pop), .o_data(served_out), .o_ne(served_ne),
	.o_nf(served_nf), .o_level(served_level));

// fetch -> avail_reader
wire [`job_W-1:0] avail_job_in, avail_job_out;
wire avail_job_push, avail_job_pop, avail_job_ne, avail_job_nf;
wire [15:0] avail_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`avail_job_DEPTH)) fifo_avail_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(avail_job_push), .i_data(avail_job_in), .i_pop(avail_job_pop), .o_data(avail_job_out), .o_ne(avail_job_ne),
	.o_nf(avail_job_nf), .o_level(avail_job_level));

// avail_reader -> axi
wire [`burst_W-1:0] avail_ar_in, avail_ar_out;
wire avail_ar_push, avail_ar_pop, avail_ar_ne, avail_ar_nf;
wire [15:0] avail_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`avail_ar_DEPTH)) fifo_avail_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(avail_ar_push), .i_data(avail_ar_in), .i_pop(avail_ar_pop), .o_data(avail_ar_out), .o_ne(avail_ar_ne),
	.o_nf(avail_ar_nf), .o_level(avail_ar_level));

// avail_reader -> avail_reader
wire [`lanes_W-1:0] avail_lanes_in, avail_lanes_out;
wire avail_lanes_push, avail_lanes_pop, avail_lanes_ne, avail_lanes_nf;
wire [15:0] avail_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`avail_lanes_DEPTH)) fifo_avail_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(avail_lanes_push), .i_data(avail_lanes_in), .i_pop(avail_lanes_pop), .o_data(avail_lanes_out), .o_ne(avail_lanes_ne),
	.o_nf(avail_lanes_nf), .o_level(avail_lanes_level));

// axi -> avail_reader
wire [`rbeat_W-1:0] avail_rbeat_in, avail_rbeat_out;
wire avail_rbeat_push, avail_rbeat_pop, avail_rbeat_ne, avail_rbeat_nf;
wire [15:0] avail_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`avail_rbeat_DEPTH)) fifo_avail_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(avail_rbeat_push), .i_data(avail_rbeat_in), .i_pop(avail_rbeat_pop), .o_data(avail_rbeat_out), .o_ne(avail_rbeat_ne),
	.o_nf(avail_rbeat_nf), .o_level(avail_rbeat_level));

// avail_reader -> fetch
wire [`beat_W-1:0] avail_beat_in, avail_beat_out;
wire avail_beat_push, avail_beat_pop, avail_beat_ne, avail_beat_nf;
wire [15:0] avail_beat_level;
fifo #(.WIDTH(`beat_W), .DEPTH(`avail_beat_DEPTH)) fifo_avail_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(avail_beat_push), .i_data(avail_beat_in), .i_pop(avail_beat_pop), .o_data(avail_beat_out), .o_ne(avail_beat_ne),
	.o_nf(avail_beat_nf), .o_level(avail_beat_level));

// fetch -> walk
wire [`head_W-1:0] head_in, head_out;
wire head_push, head_pop, head_ne, head_nf;
wire [15:0] head_level;
fifo #(.WIDTH(`head_W), .DEPTH(`head_DEPTH)) fifo_head (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(head_push), .i_data(head_in), .i_pop(head_pop), .o_data(head_out), .o_ne(head_ne),
	.o_nf(head_nf), .o_level(head_level));

// fetch -> walk
wire [`confirm_W-1:0] confirm_in, confirm_out;
wire confirm_push, confirm_pop, confirm_ne, confirm_nf;
wire [15:0] confirm_level;
fifo #(.WIDTH(`confirm_W), .DEPTH(`confirm_DEPTH)) fifo_confirm (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(confirm_push), .i_data(confirm_in), .i_pop(confirm_pop), .o_data(confirm_out), .o_ne(confirm_ne),
	.o_nf(confirm_nf), .o_level(confirm_level));

// walk -> fetch
wire [`span_W-1:0] step_in, step_out;
wire step_push, step_pop, step_ne, step_nf;
wire [15:0] step_level;
fifo #(.WIDTH(`span_W), .DEPTH(`step_DEPTH)) fifo_step (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(step_push), .i_data(step_in), .i_pop(step_pop), .o_data(step_out), .o_ne(step_ne),
	.o_nf(step_nf), .o_level(step_level));

// walk -> desc_reader
wire [`job_W-1:0] desc_job_in, desc_job_out;
wire desc_job_push, desc_job_pop, desc_job_ne, desc_job_nf;
wire [15:0] desc_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`desc_job_DEPTH)) fifo_desc_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(desc_job_push), .i_data(desc_job_in), .i_pop(desc_job_pop), .o_data(desc_job_out), .o_ne(desc_job_ne),
	.o_nf(desc_job_nf), .o_level(desc_job_level));

// desc_reader -> axi
wire [`burst_W-1:0] desc_ar_in, desc_ar_out;
wire desc_ar_push, desc_ar_pop, desc_ar_ne, desc_ar_nf;
wire [15:0] desc_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`desc_ar_DEPTH)) fifo_desc_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(desc_ar_push), .i_data(desc_ar_in), .i_pop(desc_ar_pop), .o_data(desc_ar_out), .o_ne(desc_ar_ne),
	.o_nf(desc_ar_nf), .o_level(desc_ar_level));

// desc_reader -> desc_reader
wire [`lanes_W-1:0] desc_lanes_in, desc_lanes_out;
wire desc_lanes_push, desc_lanes_pop, desc_lanes_ne, desc_lanes_nf;
wire [15:0] desc_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`desc_lanes_DEPTH)) fifo_desc_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(desc_lanes_push), .i_data(desc_lanes_in), .i_pop(desc_lanes_pop), .o_data(desc_lanes_out), .o_ne(desc_lanes_ne),
	.o_nf(desc_lanes_nf), .o_level(desc_lanes_level));

// axi -> desc_reader
wire [`rbeat_W-1:0] desc_rbeat_in, desc_rbeat_out;
wire desc_rbeat_push, desc_rbeat_pop, desc_rbeat_ne, desc_rbeat_nf;
wire [15:0] desc_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`desc_rbeat_DEPTH)) fifo_desc_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(desc_rbeat_push), .i_data(desc_rbeat_in), .i_pop(desc_rbeat_pop), .o_data(desc_rbeat_out), .o_ne(desc_rbeat_ne),
	.o_nf(desc_rbeat_nf), .o_level(desc_rbeat_level));

// desc_reader -> walk
wire [`beat_W-1:0] desc_beat_in, desc_beat_out;
wire desc_beat_push, desc_beat_pop, desc_beat_ne, desc_beat_nf;
wire [15:0] desc_beat_level;
fifo #(.WIDTH(`beat_W), .DEPTH(`desc_beat_DEPTH)) fifo_desc_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(desc_beat_push), .i_data(desc_beat_in), .i_pop(desc_beat_pop), .o_data(desc_beat_out), .o_ne(desc_beat_ne),
	.o_nf(desc_beat_nf), .o_level(desc_beat_level));

// walk -> walk
wire [`tag_W-1:0] tag_in, tag_out;
wire tag_push, tag_pop, tag_ne, tag_nf;
wire [15:0] tag_level;
fifo #(.WIDTH(`tag_W), .DEPTH(`tag_DEPTH)) fifo_tag (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(tag_push), .i_data(tag_in), .i_pop(tag_pop), .o_data(tag_out), .o_ne(tag_ne),
	.o_nf(tag_nf), .o_level(tag_level));

// walk -> frame
wire [`chain_W-1:0] chain_in, chain_out;
wire chain_push, chain_pop, chain_ne, chain_nf;
wire [15:0] chain_level;
fifo #(.WIDTH(`chain_W), .DEPTH(`chain_DEPTH)) fifo_chain (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(chain_push), .i_data(chain_in), .i_pop(chain_pop), .o_data(chain_out), .o_ne(chain_ne),
	.o_nf(chain_nf), .o_level(chain_level));

// walk -> frame
wire [`seg_W-1:0] seg_in, seg_out;
wire seg_push, seg_pop, seg_ne, seg_nf;
wire [15:0] seg_level;
fifo #(.WIDTH(`seg_W), .DEPTH(`seg_DEPTH)) fifo_seg (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(seg_push), .i_data(seg_in), .i_pop(seg_pop), .o_data(seg_out), .o_ne(seg_ne),
	.o_nf(seg_nf), .o_level(seg_level));

// frame -> header_reader
wire [`job_W-1:0] header_job_in, header_job_out;
wire header_job_push, header_job_pop, header_job_ne, header_job_nf;
wire [15:0] header_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`header_job_DEPTH)) fifo_header_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(header_job_push), .i_data(header_job_in), .i_pop(header_job_pop), .o_data(header_job_out), .o_ne(header_job_ne),
	.o_nf(header_job_nf), .o_level(header_job_level));

// header_reader -> axi
wire [`burst_W-1:0] header_ar_in, header_ar_out;
wire header_ar_push, header_ar_pop, header_ar_ne, header_ar_nf;
wire [15:0] header_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`header_ar_DEPTH)) fifo_header_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(header_ar_push), .i_data(header_ar_in), .i_pop(header_ar_pop), .o_data(header_ar_out), .o_ne(header_ar_ne),
	.o_nf(header_ar_nf), .o_level(header_ar_level));

// header_reader -> header_reader
wire [`lanes_W-1:0] header_lanes_in, header_lanes_out;
wire header_lanes_push, header_lanes_pop, header_lanes_ne, header_lanes_nf;
wire [15:0] header_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`header_lanes_DEPTH)) fifo_header_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(header_lanes_push), .i_data(header_lanes_in), .i_pop(header_lanes_pop), .o_data(header_lanes_out), .o_ne(header_lanes_ne),
	.o_nf(header_lanes_nf), .o_level(header_lanes_level));

// axi -> header_reader
wire [`rbeat_W-1:0] header_rbeat_in, header_rbeat_out;
wire header_rbeat_push, header_rbeat_pop, header_rbeat_ne, header_rbeat_nf;
wire [15:0] header_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`header_rbeat_DEPTH)) fifo_header_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(header_rbeat_push), .i_data(header_rbeat_in), .i_pop(header_rbeat_pop), .o_data(header_rbeat_out), .o_ne(header_rbeat_ne),
	.o_nf(header_rbeat_nf), .o_level(header_rbeat_level));

// header_reader -> blk
wire [`beat_W-1:0] header_beat_in, header_beat_out;
wire header_beat_push, header_beat_pop, header_beat_ne, header_beat_nf;
wire [15:0] header_beat_level;
fifo #(.WIDTH(`beat_W), .DEPTH(`header_beat_DEPTH)) fifo_header_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(header_beat_push), .i_data(header_beat_in), .i_pop(header_beat_pop), .o_data(header_beat_out), .o_ne(header_beat_ne),
	.o_nf(header_beat_nf), .o_level(header_beat_level));

// frame -> blk
wire [`req_W-1:0] req_in, req_out;
wire req_push, req_pop, req_ne, req_nf;
wire [15:0] req_level;
fifo #(.WIDTH(`req_W), .DEPTH(`req_DEPTH)) fifo_req (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(req_push), .i_data(req_in), .i_pop(req_pop), .o_data(req_out), .o_ne(req_ne),
	.o_nf(req_nf), .o_level(req_level));

// frame -> blk
wire [`piece_W-1:0] piece_in, piece_out;
wire piece_push, piece_pop, piece_ne, piece_nf;
wire [15:0] piece_level;
fifo #(.WIDTH(`piece_W), .DEPTH(`piece_DEPTH)) fifo_piece (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(piece_push), .i_data(piece_in), .i_pop(piece_pop), .o_data(piece_out), .o_ne(piece_ne),
	.o_nf(piece_nf), .o_level(piece_level));

// blk -> data_reader
wire [`job_W-1:0] data_job_in, data_job_out;
wire data_job_push, data_job_pop, data_job_ne, data_job_nf;
wire [15:0] data_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`data_job_DEPTH)) fifo_data_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(data_job_push), .i_data(data_job_in), .i_pop(data_job_pop), .o_data(data_job_out), .o_ne(data_job_ne),
	.o_nf(data_job_nf), .o_level(data_job_level));

// data_reader -> axi
wire [`burst_W-1:0] data_ar_in, data_ar_out;
wire data_ar_push, data_ar_pop, data_ar_ne, data_ar_nf;
wire [15:0] data_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`data_ar_DEPTH)) fifo_data_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(data_ar_push), .i_data(data_ar_in), .i_pop(data_ar_pop), .o_data(data_ar_out), .o_ne(data_ar_ne),
	.o_nf(data_ar_nf), .o_level(data_ar_level));

// data_reader -> data_reader
wire [`lanes_W-1:0] data_lanes_in, data_lanes_out;
wire data_lanes_push, data_lanes_pop, data_lanes_ne, data_lanes_nf;
wire [15:0] data_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`data_lanes_DEPTH)) fifo_data_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(data_lanes_push), .i_data(data_lanes_in), .i_pop(data_lanes_pop), .o_data(data_lanes_out), .o_ne(data_lanes_ne),
	.o_nf(data_lanes_nf), .o_level(data_lanes_level));

// axi -> data_reader
wire [`rbeat_W-1:0] data_rbeat_in, data_rbeat_out;
wire data_rbeat_push, data_rbeat_pop, data_rbeat_ne, data_rbeat_nf;
wire [15:0] data_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`data_rbeat_DEPTH)) fifo_data_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(data_rbeat_push), .i_data(data_rbeat_in), .i_pop(data_rbeat_pop), .o_data(data_rbeat_out), .o_ne(data_rbeat_ne),
	.o_nf(data_rbeat_nf), .o_level(data_rbeat_level));

// data_reader -> port
wire [`dbeat_W-1:0] data_beat_in, data_beat_out;
wire data_beat_push, data_beat_pop, data_beat_ne, data_beat_nf;
wire [15:0] data_beat_level;
fifo #(.WIDTH(`dbeat_W), .DEPTH(`data_beat_DEPTH)) fifo_data_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(data_beat_push), .i_data(data_beat_in), .i_pop(data_beat_pop), .o_data(data_beat_out), .o_ne(data_beat_ne),
	.o_nf(data_beat_nf), .o_level(data_beat_level));

// blk -> range_reader
wire [`job_W-1:0] range_job_in, range_job_out;
wire range_job_push, range_job_pop, range_job_ne, range_job_nf;
wire [15:0] range_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`range_job_DEPTH)) fifo_range_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(range_job_push), .i_data(range_job_in), .i_pop(range_job_pop), .o_data(range_job_out), .o_ne(range_job_ne),
	.o_nf(range_job_nf), .o_level(range_job_level));

// range_reader -> axi
wire [`burst_W-1:0] range_ar_in, range_ar_out;
wire range_ar_push, range_ar_pop, range_ar_ne, range_ar_nf;
wire [15:0] range_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`range_ar_DEPTH)) fifo_range_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(range_ar_push), .i_data(range_ar_in), .i_pop(range_ar_pop), .o_data(range_ar_out), .o_ne(range_ar_ne),
	.o_nf(range_ar_nf), .o_level(range_ar_level));

// range_reader -> range_reader
wire [`lanes_W-1:0] range_lanes_in, range_lanes_out;
wire range_lanes_push, range_lanes_pop, range_lanes_ne, range_lanes_nf;
wire [15:0] range_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`range_lanes_DEPTH)) fifo_range_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(range_lanes_push), .i_data(range_lanes_in), .i_pop(range_lanes_pop), .o_data(range_lanes_out), .o_ne(range_lanes_ne),
	.o_nf(range_lanes_nf), .o_level(range_lanes_level));

// axi -> range_reader
wire [`rbeat_W-1:0] range_rbeat_in, range_rbeat_out;
wire range_rbeat_push, range_rbeat_pop, range_rbeat_ne, range_rbeat_nf;
wire [15:0] range_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`range_rbeat_DEPTH)) fifo_range_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(range_rbeat_push), .i_data(range_rbeat_in), .i_pop(range_rbeat_pop), .o_data(range_rbeat_out), .o_ne(range_rbeat_ne),
	.o_nf(range_rbeat_nf), .o_level(range_rbeat_level));

// range_reader -> blk
wire [`beat_W-1:0] range_beat_in, range_beat_out;
wire range_beat_push, range_beat_pop, range_beat_ne, range_beat_nf;
wire [15:0] range_beat_level;
fifo #(.WIDTH(`beat_W), .DEPTH(`range_beat_DEPTH)) fifo_range_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(range_beat_push), .i_data(range_beat_in), .i_pop(range_beat_pop), .o_data(range_beat_out), .o_ne(range_beat_ne),
	.o_nf(range_beat_nf), .o_level(range_beat_level));

// blk -> port
wire [`cmd_W-1:0] cmd_in, cmd_out;
wire cmd_push, cmd_pop, cmd_ne, cmd_nf;
wire [15:0] cmd_level;
fifo #(.WIDTH(`cmd_W), .DEPTH(`cmd_DEPTH)) fifo_cmd (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(cmd_push), .i_data(cmd_in), .i_pop(cmd_pop), .o_data(cmd_out), .o_ne(cmd_ne),
	.o_nf(cmd_nf), .o_level(cmd_level));

// port -> writer
wire [`store_W-1:0] store_in, store_out;
wire store_push, store_pop, store_ne, store_nf;
wire [15:0] store_level;
fifo #(.WIDTH(`store_W), .DEPTH(`store_DEPTH)) fifo_store (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(store_push), .i_data(store_in), .i_pop(store_pop), .o_data(store_out), .o_ne(store_ne),
	.o_nf(store_nf), .o_level(store_level));

// port -> writer
wire [`rsp_W-1:0] rsp_in, rsp_out;
wire rsp_push, rsp_pop, rsp_ne, rsp_nf;
wire [15:0] rsp_level;
fifo #(.WIDTH(`rsp_W), .DEPTH(`rsp_DEPTH)) fifo_rsp (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(rsp_push), .i_data(rsp_in), .i_pop(rsp_pop), .o_data(rsp_out), .o_ne(rsp_ne),
	.o_nf(rsp_nf), .o_level(rsp_level));

// blk -> writer
wire [`wjob_W-1:0] wjob_in, wjob_out;
wire wjob_push, wjob_pop, wjob_ne, wjob_nf;
wire [15:0] wjob_level;
fifo #(.WIDTH(`wjob_W), .DEPTH(`wjob_DEPTH)) fifo_wjob (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(wjob_push), .i_data(wjob_in), .i_pop(wjob_pop), .o_data(wjob_out), .o_ne(wjob_ne),
	.o_nf(wjob_nf), .o_level(wjob_level));

// used -> writer
wire [`ujob_W-1:0] ujob_in, ujob_out;
wire ujob_push, ujob_pop, ujob_ne, ujob_nf;
wire [15:0] ujob_level;
fifo #(.WIDTH(`ujob_W), .DEPTH(`ujob_DEPTH)) fifo_ujob (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(ujob_push), .i_data(ujob_in), .i_pop(ujob_pop), .o_data(ujob_out), .o_ne(ujob_ne),
	.o_nf(ujob_nf), .o_level(ujob_level));

// writer -> writer
wire [`wburst_W-1:0] wburst_in, wburst_out;
wire wburst_push, wburst_pop, wburst_ne, wburst_nf;
wire [15:0] wburst_level;
fifo #(.WIDTH(`wburst_W), .DEPTH(`wburst_DEPTH)) fifo_wburst (.clk(clk), .rst(rst), .i_clear(1'b0),
	.i_push(wburst_push), .i_data(wburst_in), .i_pop(wburst_pop), .o_data(wburst_out), .o_ne(wburst_ne),
	.o_nf(wburst_nf), .o_level(wburst_level));

// writer -> axi
wire [`burst_W-1:0] aw_in, aw_out;
wire aw_push, aw_pop, aw_ne, aw_nf;
wire [15:0] aw_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`aw_DEPTH)) fifo_aw (.clk(clk), .rst(rst), .i_clear(1'b0),
	.i_push(aw_push), .i_data(aw_in), .i_pop(aw_pop), .o_data(aw_out), .o_ne(aw_ne),
	.o_nf(aw_nf), .o_level(aw_level));

// writer -> axi
wire [`wbeat_W-1:0] wbeat_in, wbeat_out;
wire wbeat_push, wbeat_pop, wbeat_ne, wbeat_nf;
wire [15:0] wbeat_level;
fifo #(.WIDTH(`wbeat_W), .DEPTH(`wbeat_DEPTH)) fifo_wbeat (.clk(clk), .rst(rst), .i_clear(1'b0),
	.i_push(wbeat_push), .i_data(wbeat_in), .i_pop(wbeat_pop), .o_data(wbeat_out), .o_ne(wbeat_ne),
	.o_nf(wbeat_nf), .o_level(wbeat_level));

// writer -> axi
wire [`btag_W-1:0] btag_in, btag_out;
wire btag_push, btag_pop, btag_ne, btag_nf;
wire [15:0] btag_level;
fifo #(.WIDTH(`btag_W), .DEPTH(`btag_DEPTH)) fifo_btag (.clk(clk), .rst(rst), .i_clear(1'b0),
	.i_push(btag_push), .i_data(btag_in), .i_pop(btag_pop), .o_data(btag_out), .o_ne(btag_ne),
	.o_nf(btag_nf), .o_level(btag_level));

// walk -> used
wire [`span_W-1:0] span_in, span_out;
wire span_push, span_pop, span_ne, span_nf;
wire [15:0] span_level;
fifo #(.WIDTH(`span_W), .DEPTH(`span_DEPTH)) fifo_span (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(span_push), .i_data(span_in), .i_pop(span_pop), .o_data(span_out), .o_ne(span_ne),
	.o_nf(span_nf), .o_level(span_level));

// writer -> used
wire [`fin_W-1:0] fin_in, fin_out;
wire fin_push, fin_pop, fin_ne, fin_nf;
wire [15:0] fin_level;
fifo #(.WIDTH(`fin_W), .DEPTH(`fin_DEPTH)) fifo_fin (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(fin_push), .i_data(fin_in), .i_pop(fin_pop), .o_data(fin_out), .o_ne(fin_ne),
	.o_nf(fin_nf), .o_level(fin_level));

// used -> used
wire [`place_W-1:0] place_in, place_out;
wire place_push, place_pop, place_ne, place_nf;
wire [15:0] place_level;
fifo #(.WIDTH(`place_W), .DEPTH(`place_DEPTH)) fifo_place (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(place_push), .i_data(place_in), .i_pop(place_pop), .o_data(place_out), .o_ne(place_ne),
	.o_nf(place_nf), .o_level(place_level));

// fetch -> used
wire [`arm_W-1:0] arm_in, arm_out;
wire arm_push, arm_pop, arm_ne, arm_nf;
wire [15:0] arm_level;
fifo #(.WIDTH(`arm_W), .DEPTH(`arm_DEPTH)) fifo_arm (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(arm_push), .i_data(arm_in), .i_pop(arm_pop), .o_data(arm_out), .o_ne(arm_ne),
	.o_nf(arm_nf), .o_level(arm_level));

// used -> fetch
wire [`armed_W-1:0] armed_in, armed_out;
wire armed_push, armed_pop, armed_ne, armed_nf;
wire [15:0] armed_level;
fifo #(.WIDTH(`armed_W), .DEPTH(`armed_DEPTH)) fifo_armed (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(armed_push), .i_data(armed_in), .i_pop(armed_pop), .o_data(armed_out), .o_ne(armed_ne),
	.o_nf(armed_nf), .o_level(armed_level));

// axi -> used
wire [`udone_W-1:0] udone_in, udone_out;
wire udone_push, udone_pop, udone_ne, udone_nf;
wire [15:0] udone_level;
fifo #(.WIDTH(`udone_W), .DEPTH(`udone_DEPTH)) fifo_udone (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(udone_push), .i_data(udone_in), .i_pop(udone_pop), .o_data(udone_out), .o_ne(udone_ne),
	.o_nf(udone_nf), .o_level(udone_level));

// axi -> writer
wire [`werr_W-1:0] werr_in, werr_out;
wire werr_push, werr_pop, werr_ne, werr_nf;
wire [15:0] werr_level;
fifo #(.WIDTH(`werr_W), .DEPTH(`werr_DEPTH)) fifo_werr (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(werr_push), .i_data(werr_in), .i_pop(werr_pop), .o_data(werr_out), .o_ne(werr_ne),
	.o_nf(werr_nf), .o_level(werr_level));

// used -> event_reader
wire [`job_W-1:0] event_job_in, event_job_out;
wire event_job_push, event_job_pop, event_job_ne, event_job_nf;
wire [15:0] event_job_level;
fifo #(.WIDTH(`job_W), .DEPTH(`event_job_DEPTH)) fifo_event_job (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(event_job_push), .i_data(event_job_in), .i_pop(event_job_pop), .o_data(event_job_out), .o_ne(event_job_ne),
	.o_nf(event_job_nf), .o_level(event_job_level));

// event_reader -> axi
wire [`burst_W-1:0] event_ar_in, event_ar_out;
wire event_ar_push, event_ar_pop, event_ar_ne, event_ar_nf;
wire [15:0] event_ar_level;
fifo #(.WIDTH(`burst_W), .DEPTH(`event_ar_DEPTH)) fifo_event_ar (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(event_ar_push), .i_data(event_ar_in), .i_pop(event_ar_pop), .o_data(event_ar_out), .o_ne(event_ar_ne),
	.o_nf(event_ar_nf), .o_level(event_ar_level));

// event_reader -> event_reader
wire [`lanes_W-1:0] event_lanes_in, event_lanes_out;
wire event_lanes_push, event_lanes_pop, event_lanes_ne, event_lanes_nf;
wire [15:0] event_lanes_level;
fifo #(.WIDTH(`lanes_W), .DEPTH(`event_lanes_DEPTH)) fifo_event_lanes (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(event_lanes_push), .i_data(event_lanes_in), .i_pop(event_lanes_pop), .o_data(event_lanes_out), .o_ne(event_lanes_ne),
	.o_nf(event_lanes_nf), .o_level(event_lanes_level));

// axi -> event_reader
wire [`rbeat_W-1:0] event_rbeat_in, event_rbeat_out;
wire event_rbeat_push, event_rbeat_pop, event_rbeat_ne, event_rbeat_nf;
wire [15:0] event_rbeat_level;
fifo #(.WIDTH(`rbeat_W), .DEPTH(`event_rbeat_DEPTH)) fifo_event_rbeat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(event_rbeat_push), .i_data(event_rbeat_in), .i_pop(event_rbeat_pop), .o_data(event_rbeat_out), .o_ne(event_rbeat_ne),
	.o_nf(event_rbeat_nf), .o_level(event_rbeat_level));

// event_reader -> used
wire [`beat_W-1:0] event_beat_in, event_beat_out;
wire event_beat_push, event_beat_pop, event_beat_ne, event_beat_nf;
wire [15:0] event_beat_level;
fifo #(.WIDTH(`beat_W), .DEPTH(`event_beat_DEPTH)) fifo_event_beat (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(event_beat_push), .i_data(event_beat_in), .i_pop(event_beat_pop), .o_data(event_beat_out), .o_ne(event_beat_ne),
	.o_nf(event_beat_nf), .o_level(event_beat_level));

// used -> regs
wire [`raise_W-1:0] raise_in, raise_out;
wire raise_push, raise_pop, raise_ne, raise_nf;
wire [15:0] raise_level;
fifo #(.WIDTH(`raise_W), .DEPTH(`raise_DEPTH)) fifo_raise (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(raise_push), .i_data(raise_in), .i_pop(raise_pop), .o_data(raise_out), .o_ne(raise_ne),
	.o_nf(raise_nf), .o_level(raise_level));

// blk -> count
wire [`mishap_W-1:0] blk_mishap_in, blk_mishap_out;
wire blk_mishap_push, blk_mishap_pop, blk_mishap_ne, blk_mishap_nf;
wire [15:0] blk_mishap_level;
fifo #(.WIDTH(`mishap_W), .DEPTH(`blk_mishap_DEPTH)) fifo_blk_mishap (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(blk_mishap_push), .i_data(blk_mishap_in), .i_pop(blk_mishap_pop), .o_data(blk_mishap_out), .o_ne(blk_mishap_ne),
	.o_nf(blk_mishap_nf), .o_level(blk_mishap_level));

// axi -> count
wire [`mishap_W-1:0] axi_mishap_in, axi_mishap_out;
wire axi_mishap_push, axi_mishap_pop, axi_mishap_ne, axi_mishap_nf;
wire [15:0] axi_mishap_level;
fifo #(.WIDTH(`mishap_W), .DEPTH(`axi_mishap_DEPTH)) fifo_axi_mishap (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(axi_mishap_push), .i_data(axi_mishap_in), .i_pop(axi_mishap_pop), .o_data(axi_mishap_out), .o_ne(axi_mishap_ne),
	.o_nf(axi_mishap_nf), .o_level(axi_mishap_level));

// writer -> count
wire [`mishap_W-1:0] writer_mishap_in, writer_mishap_out;
wire writer_mishap_push, writer_mishap_pop, writer_mishap_ne, writer_mishap_nf;
wire [15:0] writer_mishap_level;
fifo #(.WIDTH(`mishap_W), .DEPTH(`writer_mishap_DEPTH)) fifo_writer_mishap (.clk(clk), .rst(rst), .i_clear(stop),
	.i_push(writer_mishap_push), .i_data(writer_mishap_in), .i_pop(writer_mishap_pop), .o_data(writer_mishap_out), .o_ne(writer_mishap_ne),
	.o_nf(writer_mishap_nf), .o_level(writer_mishap_level));

wire any_ne = 1'b0 | bell_ne | serve_ne | served_ne | avail_job_ne | avail_ar_ne | avail_lanes_ne | avail_rbeat_ne | avail_beat_ne | head_ne | confirm_ne | step_ne | desc_job_ne | desc_ar_ne | desc_lanes_ne | desc_rbeat_ne | desc_beat_ne | tag_ne | chain_ne | seg_ne | header_job_ne | header_ar_ne | header_lanes_ne | header_rbeat_ne | header_beat_ne | req_ne | piece_ne | data_job_ne | data_ar_ne | data_lanes_ne | data_rbeat_ne | data_beat_ne | range_job_ne | range_ar_ne | range_lanes_ne | range_rbeat_ne | range_beat_ne | cmd_ne | store_ne | rsp_ne | wjob_ne | ujob_ne | wburst_ne | aw_ne | wbeat_ne | btag_ne | span_ne | fin_ne | place_ne | arm_ne | armed_ne | udone_ne | werr_ne | event_job_ne | event_ar_ne | event_lanes_ne | event_rbeat_ne | event_beat_ne | raise_ne | blk_mishap_ne | axi_mishap_ne | writer_mishap_ne;
