// SPDX-License-Identifier: Apache-2.0
// count.v: what happened so far, for the debug registers. Twin of model/count.c: same registers, same clock.
//
// Counters run from power-on and wrap; the first error of a request stays until the device is reset. An idle device has
// nothing to count. Proved by tests/unit/test_count.c and lockstep.
`default_nettype none
`include "vio_defs.vh"

module count (
	input  wire                 clk,
	input  wire                 rst,
	input  wire                 i_stop,
	input  wire                 i_reset, // Status = 0 is at work
	input  wire                 i_request,
	input  wire                 i_cmd_push,
	input  wire [`cmd_W-1:0]    i_cmd,
	input  wire                 i_read_beat,
	input  wire                 i_write_beat,
	input  wire                 i_reading, // reads are in flight
	input  wire                 i_stall_ar,
	input  wire                 i_stall_aw,
	input  wire                 i_stall_w,
	input  wire                 i_notified,
	input  wire                 i_raised,
	input  wire                 i_rejected,
	input  wire                 i_axi_mishap_ne,
	input  wire [`mishap_W-1:0] i_axi_mishap,
	output wire                 o_axi_mishap_pop,
	input  wire                 i_blk_mishap_ne,
	input  wire [`mishap_W-1:0] i_blk_mishap,
	output wire                 o_blk_mishap_pop,
	input  wire                 i_writer_mishap_ne,
	input  wire [`mishap_W-1:0] i_writer_mishap,
	output wire                 o_writer_mishap_pop,
	output wire [`mishap_W-1:0] o_mishap,
	output wire [32*12-1:0]     o_counts   // in the order of their registers
);
	reg [31:0] requests_q, read_sectors_q, write_sectors_q, read_beats_q, write_beats_q, read_waits_q;
	reg [31:0] stalls_ar_q, stalls_aw_q, stalls_w_q, notifies_q, interrupts_q, rejected_q;
	reg [`mishap_W-1:0] mishap_q;

	wire [3:0] op = i_cmd[`cmd_op];
	wire [31:0] len = i_cmd[`cmd_len];
	wire reads = i_cmd_push && !i_stop && op == `VIO_BE_READ;
	wire writes = i_cmd_push && !i_stop && (op == `VIO_BE_WRITE || op == `VIO_BE_WRITE_FUA);

	// The first mishap since reset stays. Those of one clock: axi before blk before writer.
	assign o_axi_mishap_pop = i_axi_mishap_ne && !i_stop;
	assign o_blk_mishap_pop = i_blk_mishap_ne && !i_stop;
	assign o_writer_mishap_pop = i_writer_mishap_ne && !i_stop;

	always @(posedge clk) begin
		requests_q <= requests_q + {31'd0, i_request};
		if (reads)
			read_sectors_q <= read_sectors_q + {9'd0, len[31:9]};
		if (writes)
			write_sectors_q <= write_sectors_q + {9'd0, len[31:9]};
		read_beats_q <= read_beats_q + {31'd0, i_read_beat};
		write_beats_q <= write_beats_q + {31'd0, i_write_beat};
		read_waits_q <= read_waits_q + {31'd0, i_reading && !i_read_beat};
		stalls_ar_q <= stalls_ar_q + {31'd0, i_stall_ar};
		stalls_aw_q <= stalls_aw_q + {31'd0, i_stall_aw};
		stalls_w_q <= stalls_w_q + {31'd0, i_stall_w};
		notifies_q <= notifies_q + {31'd0, i_notified};
		interrupts_q <= interrupts_q + {31'd0, i_raised};
		rejected_q <= rejected_q + {31'd0, i_rejected};
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
		if (rst) begin
			requests_q <= 32'd0;
			read_sectors_q <= 32'd0;
			write_sectors_q <= 32'd0;
			read_beats_q <= 32'd0;
			write_beats_q <= 32'd0;
			read_waits_q <= 32'd0;
			stalls_ar_q <= 32'd0;
			stalls_aw_q <= 32'd0;
			stalls_w_q <= 32'd0;
			notifies_q <= 32'd0;
			interrupts_q <= 32'd0;
			rejected_q <= 32'd0;
		end
	end

	assign o_mishap = mishap_q;
	assign o_counts = {rejected_q, interrupts_q, notifies_q, stalls_w_q, stalls_aw_q, stalls_ar_q, read_waits_q,
		write_beats_q, read_beats_q, write_sectors_q, read_sectors_q, requests_q};
endmodule

`default_nettype wire
