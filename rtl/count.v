// SPDX-License-Identifier: Apache-2.0
// count.v: the first error of a request. Twin of model/count.c: same registers, same clock.
//
// Proved by tests/unit/test_count.c and lockstep.
`default_nettype none
`include "vio_defs.vh"

module count (
	input  wire                 clk,
	input  wire                 rst,
	input  wire                 i_stop,
	input  wire                 i_reset, // Status = 0 is at work
	input  wire                 i_axi_mishap_ne,
	input  wire [`mishap_W-1:0] i_axi_mishap,
	output wire                 o_axi_mishap_pop,
	input  wire                 i_blk_mishap_ne,
	input  wire [`mishap_W-1:0] i_blk_mishap,
	output wire                 o_blk_mishap_pop,
	input  wire                 i_writer_mishap_ne,
	input  wire [`mishap_W-1:0] i_writer_mishap,
	output wire                 o_writer_mishap_pop,
	output wire [`mishap_W-1:0] o_mishap
);
	// The first mishap since reset stays. Those of one clock: axi before blk before writer.
	reg [`mishap_W-1:0] mishap_q;

	assign o_axi_mishap_pop = i_axi_mishap_ne && !i_stop;
	assign o_blk_mishap_pop = i_blk_mishap_ne && !i_stop;
	assign o_writer_mishap_pop = i_writer_mishap_ne && !i_stop;

	always @(posedge clk) begin
		if (mishap_q[`mishap_code] == `ERR_NONE) begin
			if (o_axi_mishap_pop)
				mishap_q <= i_axi_mishap;
			else if (o_blk_mishap_pop)
				mishap_q <= i_blk_mishap;
			else if (o_writer_mishap_pop)
				mishap_q <= i_writer_mishap;
		end
		if (rst || i_reset)
			mishap_q <= 0;
	end

	assign o_mishap = mishap_q;
endmodule

`default_nettype wire
