// SPDX-License-Identifier: Apache-2.0
// queues.v: the registers of the queues, virtio 1.2, 4.2.2 and 4.2.4: a part of regs. Twin of model/queues.c.
//
// Promises: a queue whose size is illegal does not become ready; the set-up of a queue that is ready does not change; a
// queue that becomes ready begins at index 0. o_drain says that this write stops a queue and is to be answered when its
// chains are done; QueueReset is answered at once and reads 1 until then. Proved by tests/unit/test_regs.c.
`default_nettype none
`include "vio_defs.vh"

module queues (
	input  wire                      clk,
	input  wire                      rst,
	input  wire                      i_clear,      // device reset completes
	input  wire                      i_write,      // a whole register is written
	input  wire [11:0]               i_addr,
	input  wire [31:0]               i_data,
	input  wire [31:0]               i_queue_sel,
	input  wire [4:0]                strap_queues,
	input  wire [15:0]               strap_queue_num,
	input  wire                      i_live,
	input  wire                      i_can_reset,  // RING_RESET was negotiated
	input  wire                      i_notify_data, // NOTIFICATION_DATA was negotiated
	input  wire                      i_packed,     // RING_PACKED was negotiated
	input  wire                      i_reset_done, // chains of the queue that QueueReset stopped are done
	input  wire                      i_bell_nf,
	output reg                       o_bell_push,
	output reg  [`bell_W-1:0]        o_bell,
	output wire                      o_notified,   // QueueNotify rang a queue
	output reg                       o_legal,      // this write of a queue's register is
	input  wire                      i_has_reset,  // RING_RESET counts
	output reg                       o_drain,
	output reg                       o_resets,     // this write starts a QueueReset
	input  wire [11:0]               i_read_addr,
	output reg  [31:0]               o_read,
	output wire [64*`VIO_QUEUES-1:0] o_desc,
	output wire [64*`VIO_QUEUES-1:0] o_avail,
	output wire [64*`VIO_QUEUES-1:0] o_used,
	output wire [16*`VIO_QUEUES-1:0] o_num,
	output wire [15:0]               o_ready,
	output wire                      o_start,
	output wire [3:0]                o_start_queue,
	output wire [3:0]                o_drain_queue,
	output wire                      o_ring_reset
);
	reg [64*`VIO_QUEUES-1:0] desc_q, desc_d, avail_q, avail_d, used_q, used_d;
	reg [16*`VIO_QUEUES-1:0] num_q, num_d;
	reg [32*`VIO_QUEUES-1:0] pfn_q, pfn_d;
	reg [15:0] ready_q, ready_d;
	reg [31:0] align_q, align_d;
	reg [4:0] page_shift_q, page_shift_d;
	reg [3:0] start_queue_q, start_queue_d, drain_queue_q, drain_queue_d;
	reg start_q, start_d, ring_reset_q, ring_reset_d;

	// QueueSel as an index. All 32 bits count.
	wire selected = i_queue_sel < {27'd0, strap_queues} && i_queue_sel < `VIO_QUEUES;
	wire [3:0] sel = i_queue_sel[3:0];
	wire ready = ready_q[sel];
	wire [15:0] num = num_q[16*sel +: 16];
	wire [15:0] num_max = strap_queue_num < `VIO_QUEUE_NUM_MAX ? strap_queue_num : `VIO_QUEUE_NUM_MAX;
	wire num_legal = i_data <= {16'd0, num_max} && (i_packed || (i_data & (i_data - 32'd1)) == 32'd0);
	// The whole word is the queue's index, but with NOTIFICATION_DATA its low half.
	wire [31:0] bell_queue = {i_notify_data ? 16'd0 : i_data[31:16], i_data[15:0]};
	wire bell_known = bell_queue < {27'd0, strap_queues} && bell_queue < `VIO_QUEUES;

	// The legacy layout, virtio 1.2, 2.7.2: table, available ring with used_event, and the used ring at the next
	// multiple of QueueAlign.
	wire [63:0] align = align_q != 32'd0 && (align_q & (align_q - 32'd1)) == 32'd0 ? {32'd0, align_q} : 64'd4096;
	wire [63:0] pfn_desc = {32'd0, i_data} << page_shift_q;
	wire [63:0] pfn_avail = pfn_desc + {44'd0, num, 4'd0};
	wire [63:0] pfn_used = (pfn_avail + 64'd6 + {47'd0, num, 1'b0} + align - 64'd1) & ~(align - 64'd1);
	integer i;
	reg [4:0] page_log2;
	always @* begin
		page_log2 = 5'd0;
		for (i = 0; i < 32; i = i + 1)
			if (i_data[i])
				page_log2 = page_log2 | i[4:0];
	end

	always @* begin
		case (i_read_addr)
		`REG_QueueNumMax: o_read = selected ? {16'd0, num_max} : 32'd0;
		`REG_QueueReady: o_read = {31'd0, selected && ready};
		`REG_QueuePFN: o_read = selected ? pfn_q[32*sel +: 32] : 32'd0;
		`REG_QueueReset: o_read = {31'd0, selected && ring_reset_q && sel == drain_queue_q};
		default: o_read = 32'd0;
		endcase
	end

	assign o_notified = i_write && i_addr == `REG_QueueNotify && o_bell_push;
	always @* begin
		case (i_addr)
		`REG_QueueNotify: o_legal = o_notified;
		`REG_QueueReady, `REG_QueuePFN: o_legal = selected && (i_data == 32'd0 || num != 16'd0);
		`REG_QueueReset: o_legal = selected && i_has_reset;
		`REG_QueueNum, `REG_QueueDescLow, `REG_QueueDescHigh, `REG_QueueDriverLow, `REG_QueueDriverHigh,
		`REG_QueueDeviceLow, `REG_QueueDeviceHigh: o_legal = selected && !ready;
		default: o_legal = 1'b0;
		endcase
	end

	reg go, halt; // the selected queue becomes ready, stops being ready
	reg [63:0] desc_s, avail_s, used_s; // its registers
	reg [31:0] pfn_s;
	reg [15:0] num_s;
	integer k;
	always @* begin
		desc_d = desc_q;
		avail_d = avail_q;
		used_d = used_q;
		num_d = num_q;
		pfn_d = pfn_q;
		ready_d = ready_q;
		align_d = align_q;
		page_shift_d = page_shift_q;
		start_d = 1'b0;
		start_queue_d = start_queue_q;
		drain_queue_d = drain_queue_q;
		ring_reset_d = ring_reset_q && !i_reset_done;
		o_bell_push = 1'b0;
		o_bell = bell_queue[3:0];
		o_drain = 1'b0;
		o_resets = 1'b0;
		go = 1'b0;
		halt = 1'b0;
		desc_s = desc_q[64*sel +: 64];
		avail_s = avail_q[64*sel +: 64];
		used_s = used_q[64*sel +: 64];
		pfn_s = pfn_q[32*sel +: 32];
		num_s = num;

		if (i_write) begin
			case (i_addr)
			`REG_QueueReady: begin
				go = selected && i_data[0] && !ready && num != 16'd0;
				halt = selected && !i_data[0] && ready;
				o_drain = halt;
			end
			`REG_GuestPageSize:
				if (i_data != 32'd0 && (i_data & (i_data - 32'd1)) == 32'd0)
					page_shift_d = page_log2;
			`REG_QueueAlign: align_d = i_data;
			`REG_QueuePFN: begin
				go = selected && i_data != 32'd0 && !ready && num != 16'd0;
				halt = selected && i_data == 32'd0 && ready;
				o_drain = halt;
				if (go) begin
					desc_s = pfn_desc;
					avail_s = pfn_avail;
					used_s = pfn_used;
				end
				if (go || (selected && i_data == 32'd0))
					pfn_s = i_data;
			end
			`REG_QueueReset: begin
				halt = selected && i_data[0] && ready && i_can_reset;
				o_resets = halt;
				ring_reset_d = ring_reset_d || halt;
			end
			`REG_QueueNotify: o_bell_push = bell_known && ready_q[bell_queue[3:0]] && i_live && i_bell_nf;
			default:
				if (selected && !ready && !(ring_reset_q && sel == drain_queue_q))
					case (i_addr)
					`REG_QueueNum: num_s = num_legal ? i_data[15:0] : 16'd0;
					`REG_QueueDescLow: desc_s[31:0] = i_data;
					`REG_QueueDescHigh: desc_s[63:32] = i_data;
					`REG_QueueDriverLow: avail_s[31:0] = i_data;
					`REG_QueueDriverHigh: avail_s[63:32] = i_data;
					`REG_QueueDeviceLow: used_s[31:0] = i_data;
					`REG_QueueDeviceHigh: used_s[63:32] = i_data;
					default: ;
					endcase
			endcase
			for (k = 0; k < `VIO_QUEUES; k = k + 1)
				if (sel == k[3:0]) begin
					desc_d[64*k +: 64] = desc_s;
					avail_d[64*k +: 64] = avail_s;
					used_d[64*k +: 64] = used_s;
					pfn_d[32*k +: 32] = pfn_s;
					num_d[16*k +: 16] = num_s;
				end
		end
		if (go) begin
			ready_d[sel] = 1'b1;
			start_d = 1'b1;
			start_queue_d = sel;
			o_bell_push = i_live && i_bell_nf;
			o_bell = sel;
		end
		if (halt) begin
			ready_d[sel] = 1'b0;
			drain_queue_d = sel;
		end
		if (i_clear) begin
			desc_d = 0;
			avail_d = 0;
			used_d = 0;
			num_d = 0;
			pfn_d = 0;
			ready_d = 16'd0;
			align_d = 32'd0;
			start_queue_d = 4'd0;
			ring_reset_d = 1'b0;
		end
	end

	always @(posedge clk) begin
		desc_q <= desc_d;
		avail_q <= avail_d;
		used_q <= used_d;
		num_q <= num_d;
		pfn_q <= pfn_d;
		ready_q <= ready_d;
		align_q <= align_d;
		page_shift_q <= page_shift_d;
		start_q <= start_d;
		start_queue_q <= start_queue_d;
		drain_queue_q <= drain_queue_d;
		ring_reset_q <= ring_reset_d;
		if (rst) begin
			desc_q <= 0;
			avail_q <= 0;
			used_q <= 0;
			num_q <= 0;
			pfn_q <= 0;
			ready_q <= 16'd0;
			align_q <= 32'd0;
			page_shift_q <= 5'd0;
			start_q <= 1'b0;
			start_queue_q <= 4'd0;
			drain_queue_q <= 4'd0;
			ring_reset_q <= 1'b0;
		end
	end

	assign o_desc = desc_q;
	assign o_avail = avail_q;
	assign o_used = used_q;
	assign o_num = num_q;
	assign o_ready = ready_q;
	assign o_start = start_q;
	assign o_start_queue = start_queue_q;
	assign o_drain_queue = drain_queue_q;
	assign o_ring_reset = ring_reset_q;
endmodule

`default_nettype wire
