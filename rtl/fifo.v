// SPDX-License-Identifier: Apache-2.0
// fifo.v: the one storage part between units. Twin of model/fifo.h.
//
// A clock takes one push and one pop, both judged by o_nf and o_ne, which are functions of registers only. The caller
// pushes only when o_nf and pops only when o_ne. o_data is the oldest entry. i_clear empties it and wins over a push.
`default_nettype none

module fifo #(
	parameter WIDTH = 1,
	parameter DEPTH = 2
) (
	input  wire             clk,
	input  wire             rst,
	input  wire             i_clear,
	input  wire             i_push,
	input  wire [WIDTH-1:0] i_data,
	input  wire             i_pop,
	output wire [WIDTH-1:0] o_data,
	output wire             o_ne,
	output wire             o_nf,
	output wire [15:0]      o_level
);
	localparam A = $clog2(DEPTH);
	localparam [A:0] FULL = DEPTH[A:0];

	reg [WIDTH-1:0] ring [0:DEPTH-1];
	reg [A:0] head_q, tail_q;
	wire [A:0] level = tail_q - head_q;

	assign o_data = ring[head_q[A-1:0]];
	assign o_ne = head_q != tail_q;
	assign o_nf = level != FULL;
	assign o_level = {{(15 - A){1'b0}}, level};

	always @(posedge clk) begin
		if (i_push)
			ring[tail_q[A-1:0]] <= i_data;
		if (rst || i_clear) begin
			head_q <= 0;
			tail_q <= 0;
		end else begin
			if (i_push)
				tail_q <= tail_q + 1'b1;
			if (i_pop)
				head_q <= head_q + 1'b1;
		end
	end
endmodule

`default_nettype wire
