// SPDX-License-Identifier: Apache-2.0
// blk_config.v: virtio-blk's configuration space, virtio 1.2, 5.2.4: a part of regs. Twin of model/blk_config.c.
//
// Promises: a field is there when its feature is offered, and reads 0 otherwise; all but writeback are read-only.
// o_fua: writes must be stable before they complete (virtio 1.2, 5.2.6.2). Proved by tests/unit/test_regs.c.
`default_nettype none
`include "vio_defs.vh"

module blk_config (
	input  wire        clk,
	input  wire        rst,
	input  wire        i_clear,    // device reset completes
	input  wire        i_set,      // the cache is to be as the negotiated features say
	input  wire        i_fresh,    // no driver has begun: it is as those offered say
	input  wire [63:0] i_offered,
	input  wire [63:0] i_features, // negotiated, as of this clock
	input  wire        i_final,    // they count
	input  wire        i_write,    // the low byte of a register is written
	input  wire [11:0] i_addr,
	input  wire        i_data,
	input  wire [63:0] i_capacity,
	input  wire [4:0]  strap_queues,
	input  wire [11:0] i_read_addr,
	output reg  [31:0] o_read,
	output wire        o_fua
);
	reg writeback_q, writeback_d, fua_q;

	// 16 heads of 64 sectors, and as many cylinders as the disk fills.
	wire [15:0] cylinders = i_capacity[63:26] != 38'd0 ? 16'hffff : i_capacity[25:10];

	always @* begin
		case (i_read_addr)
		`REG_CapacityLow: o_read = i_capacity[31:0];
		`REG_CapacityHigh: o_read = i_capacity[63:32];
		`REG_SizeMax: o_read = i_offered[`F_BLK_SIZE_MAX] ? `VIO_SIZE_MAX : 32'd0;
		`REG_SegMax: o_read = i_offered[`F_BLK_SEG_MAX] ? `VIO_SEG_MAX : 32'd0;
		`REG_Geometry: o_read = i_offered[`F_BLK_GEOMETRY] ? {8'd64, 8'd16, cylinders} : 32'd0;
		`REG_BlkSize: o_read = i_offered[`F_BLK_BLK_SIZE] ? 32'd512 : 32'd0;
		`REG_Topology: o_read = i_offered[`F_BLK_TOPOLOGY] ? 32'h00080003 : 32'd0;
		`REG_OptIoSize: o_read = i_offered[`F_BLK_TOPOLOGY] ? 32'd128 : 32'd0;
		`REG_Writeback:
			o_read = {i_offered[`F_BLK_MQ] ? {11'd0, strap_queues} : 16'd0, 15'd0,
				i_offered[`F_BLK_CONFIG_WCE] && writeback_q};
		`REG_MaxDiscardSectors: o_read = i_offered[`F_BLK_DISCARD] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxDiscardSeg: o_read = {31'd0, i_offered[`F_BLK_DISCARD]};
		`REG_DiscardAlignment: o_read = i_offered[`F_BLK_DISCARD] ? 32'd8 : 32'd0;
		`REG_MaxZeroesSectors: o_read = i_offered[`F_BLK_WRITE_ZEROES] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxZeroesSeg: o_read = {31'd0, i_offered[`F_BLK_WRITE_ZEROES]};
		`REG_ZeroesMayUnmap: o_read = {31'd0, i_offered[`F_BLK_WRITE_ZEROES]};
		`REG_MaxEraseSectors: o_read = i_offered[`F_BLK_SECURE_ERASE] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxEraseSeg: o_read = {31'd0, i_offered[`F_BLK_SECURE_ERASE]};
		`REG_EraseAlignment: o_read = i_offered[`F_BLK_SECURE_ERASE] ? 32'd8 : 32'd0;
		default: o_read = 32'd0;
		endcase
	end

	always @* begin
		writeback_d = writeback_q;
		if (i_write && i_addr == `REG_Writeback && i_features[`F_BLK_CONFIG_WCE])
			writeback_d = i_data;
		if (i_set)
			writeback_d = i_features[`F_BLK_FLUSH];
		if (i_clear)
			writeback_d = 1'b0;
		if (i_fresh)
			writeback_d = i_offered[`F_BLK_FLUSH];
	end

	always @(posedge clk) begin
		writeback_q <= writeback_d;
		fua_q <= i_final && (i_features[`F_BLK_CONFIG_WCE] ? !writeback_d :
			i_offered[`F_BLK_FLUSH] && !i_features[`F_BLK_FLUSH]);
		if (rst) begin
			writeback_q <= 1'b0;
			fua_q <= 1'b0;
		end
	end

	assign o_fua = fua_q;
endmodule

`default_nettype wire
