// SPDX-License-Identifier: Apache-2.0
// port.v: the storage port's pins. Twin of model/port.c: same registers, same clock.
//
// Registers between FIFOs and pins, nothing else. Ready pins are registers too, so they fall while there is still room
// for the beat that may be on its way. Under stop it offers nothing; the backend drops what it had. Proved by lockstep.
`default_nettype none
`include "vio_defs.vh"

module port (
	input  wire               clk,
	input  wire               rst,
	input  wire               i_stop,
	output wire               be_cmd_valid,
	input  wire               be_cmd_ready,
	output wire [3:0]         be_cmd_op,
	output wire [63:0]        be_cmd_sector,
	output wire [31:0]        be_cmd_len,
	output wire [`VIO_DATA_W-1:0] be_wdata,
	output wire               be_wvalid,
	output wire               be_werr,
	input  wire               be_wready,
	input  wire [`VIO_DATA_W-1:0] be_rdata,
	input  wire               be_rvalid,
	output wire               be_rready,
	input  wire               be_rsp_valid,
	output wire               be_rsp_ready,
	input  wire [7:0]         be_rsp_status,
	output wire               be_stop,
	input  wire               i_cmd_ne,
	input  wire [`cmd_W-1:0]  i_cmd,
	output wire               o_cmd_pop,
	input  wire               i_data_beat_ne,
	input  wire [`dbeat_W-1:0] i_data_beat,
	output wire               o_data_beat_pop,
	input  wire [15:0]        i_store_level,
	output wire               o_store_push,
	output wire [`store_W-1:0] o_store,
	input  wire [15:0]        i_rsp_level,
	output wire               o_rsp_push,
	output wire [`rsp_W-1:0]  o_rsp,
	output wire               o_idle
);
	reg cmd_valid_q, wvalid_q, werr_q, rready_q, rsp_ready_q;
	reg [3:0] cmd_op_q;
	reg [63:0] cmd_sector_q;
	reg [`VIO_DATA_W-1:0] wdata_q;
	reg [31:0] cmd_len_q;

	wire take_cmd = !cmd_valid_q || be_cmd_ready;
	wire take_data = !wvalid_q || be_wready;

	assign o_cmd_pop = take_cmd && i_cmd_ne && !i_stop;
	assign o_data_beat_pop = take_data && i_data_beat_ne && !i_stop;
	assign o_store_push = be_rvalid && rready_q && !i_stop;
	assign o_store = be_rdata;
	assign o_rsp_push = be_rsp_valid && rsp_ready_q && !i_stop;
	assign o_rsp = be_rsp_status;

	always @(posedge clk) begin
		if (take_cmd)
			cmd_valid_q <= i_cmd_ne;
		if (o_cmd_pop) begin
			cmd_op_q <= i_cmd[`cmd_op];
			cmd_sector_q <= i_cmd[`cmd_sector];
			cmd_len_q <= i_cmd[`cmd_len];
		end
		if (take_data)
			wvalid_q <= i_data_beat_ne;
		if (o_data_beat_pop) begin
			wdata_q <= i_data_beat[`dbeat_data];
			werr_q <= i_data_beat[`dbeat_resp] != 2'd0;
		end
		rready_q <= i_store_level <= `store_DEPTH - 3;
		rsp_ready_q <= i_rsp_level <= `rsp_DEPTH - 3;
		if (rst || i_stop) begin
			cmd_valid_q <= 1'b0;
			wvalid_q <= 1'b0;
			rready_q <= 1'b0;
			rsp_ready_q <= 1'b0;
		end
		if (rst) begin
			cmd_op_q <= 4'd0;
			cmd_sector_q <= 64'd0;
			cmd_len_q <= 32'd0;
			wdata_q <= 0;
			werr_q <= 1'b0;
		end
	end

	assign be_cmd_valid = cmd_valid_q;
	assign be_cmd_op = cmd_op_q;
	assign be_cmd_sector = cmd_sector_q;
	assign be_cmd_len = cmd_len_q;
	assign be_wdata = wdata_q;
	assign be_wvalid = wvalid_q;
	assign be_werr = werr_q;
	assign be_rready = rready_q;
	assign be_rsp_ready = rsp_ready_q;
	assign be_stop = i_stop;
	assign o_idle = !cmd_valid_q && !wvalid_q && (i_stop || (rready_q && rsp_ready_q));
endmodule

`default_nettype wire
