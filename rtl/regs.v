// SPDX-License-Identifier: Apache-2.0
// regs.v: the register block, virtio 1.2, 4.2.2. Twin of model/regs.c: same states, same registers, same clock.
//
//   IDLE -> RESET -> IDLE        Status = 0 was written
//   IDLE -> DRAIN -> IDLE        QueueReady = 0 was written
//
// Promises: an access is answered with OKAY and without side effects unless the register map says otherwise. The
// response to Status = 0 comes when DMA and storage are quiet, and that to QueueReady = 0 when the queue's chains are
// done, because drivers do not poll; reads wait meanwhile. DEVICE_NEEDS_RESET belongs to the device. A new event wins
// over InterruptACK in the same clock. Proved by tests/unit/test_regs.c and lockstep; the view is waves/device.gtkw.
`default_nettype none
`include "vio_defs.vh"

module regs (
	input  wire                     clk,
	input  wire                     rst,
	// AXI4-Lite
	input  wire [11:0]              s_axil_awaddr,
	input  wire                     s_axil_awvalid,
	output wire                     s_axil_awready,
	input  wire [31:0]              s_axil_wdata,
	input  wire [3:0]               s_axil_wstrb,
	input  wire                     s_axil_wvalid,
	output wire                     s_axil_wready,
	output wire [1:0]               s_axil_bresp,
	output wire                     s_axil_bvalid,
	input  wire                     s_axil_bready,
	input  wire [11:0]              s_axil_araddr,
	input  wire                     s_axil_arvalid,
	output wire                     s_axil_arready,
	output wire [31:0]              s_axil_rdata,
	output wire [1:0]               s_axil_rresp,
	output wire                     s_axil_rvalid,
	input  wire                     s_axil_rready,
	output wire                     irq,
	// straps
	input  wire [63:0]              strap_features,
	input  wire [63:0]              strap_capacity,
	input  wire [4:0]               strap_queues,
	input  wire                     strap_legacy,
	// published
	output wire [64*`VIO_QUEUES-1:0] o_desc,
	output wire [64*`VIO_QUEUES-1:0] o_avail,
	output wire [64*`VIO_QUEUES-1:0] o_used,
	output wire [16*`VIO_QUEUES-1:0] o_num,
	output wire [15:0]                    o_ready,
	output wire [63:0]              o_capacity,
	output wire                     o_live,
	output wire                     o_stop,
	output wire                     o_start,
	output wire [3:0]               o_start_queue,
	output wire                     o_read_only,
	output wire                     o_fua,
	output wire [63:0]              o_features,
	output wire [3:0]               o_drain_queue,
	// from the other units
	input  wire                     i_quiet,
	input  wire                     i_drained,
	input  wire                     i_be_stopped,
	input  wire [27:0]              i_err_axi,   // {code, queue, desc}; code 0 is no error
	input  wire [27:0]              i_err_fetch,
	input  wire [27:0]              i_err_walk,
	input  wire [27:0]              i_err_frame,
	input  wire                     i_bell_nf,
	output reg                      o_bell_push,
	output reg  [`bell_W-1:0]       o_bell,
	input  wire                     i_raise_ne,
	input  wire [`raise_W-1:0]      i_raise,
	output reg                      o_raise_pop,
	output wire [3:0]               o_state,
	output wire                     o_idle
);
	localparam [2:0] SETTLE_CLOCKS = 4;
	localparam DRIVER = 1, DRIVER_OK = 2, FEATURES_OK = 3, NEEDS_RESET = 6, FAILED = 7;

	reg [3:0] state_q, state_d;
	reg [7:0] status_q, status_d;
	reg [1:0] isr_q, isr_d;
	reg [7:0] err_code_q, err_code_d;
	reg [3:0] err_queue_q, err_queue_d;
	reg [15:0] err_desc_q, err_desc_d;
	reg aw_have_q, aw_have_d, w_have_q, w_have_d, ar_have_q, ar_have_d, booted_q, booted_d, dead_q, dead_d;
	reg driver_bad_q, driver_bad_d;
	reg [3:0] wstrb_q, wstrb_d, drain_queue_q, drain_queue_d;
	reg [2:0] settle_q, settle_d;
	reg [11:0] awaddr_q, awaddr_d, araddr_q, araddr_d;
	reg [31:0] wdata_q, wdata_d, features_sel_q, features_sel_d, driver_sel_q, driver_sel_d;
	reg [31:0] queue_sel_q, queue_sel_d, generation_q, generation_d, rdata_q, rdata_d;
	reg [63:0] driver_q, driver_d;
	reg awready_q, awready_d, wready_q, wready_d, bvalid_q, bvalid_d, arready_q, arready_d, rvalid_q, rvalid_d, irq_q;
	reg [64*`VIO_QUEUES-1:0] desc_q, desc_d, avail_q, avail_d, used_q, used_d;
	reg [16*`VIO_QUEUES-1:0] num_q, num_d;
	reg [15:0] ready_q, ready_d;
	reg [63:0] capacity_q, capacity_d;
	reg live_q, live_d, stop_q, stop_d, start_q, start_d, read_only_q, fua_q, fua_d, writeback_q, writeback_d;
	reg [63:0] features_q, features_d;
	reg [3:0] start_queue_q, start_queue_d;
	reg ring_reset_q, ring_reset_d;
	reg [4:0] page_shift_q, page_shift_d;
	reg [31:0] align_q, align_d;
	reg [32*`VIO_QUEUES-1:0] pfn_q, pfn_d;

	wire [63:0] offered = strap_features & `FEATURES_KNOWN & {{32{!strap_legacy}}, 32'hffffffff};
	wire acceptable = (driver_q & ~offered) == 64'd0 && !driver_bad_q;
	// QueueSel as an index. All 32 bits count.
	wire selected = queue_sel_q < {27'd0, strap_queues} && queue_sel_q < `VIO_QUEUES;
	wire [3:0] sel = queue_sel_q[3:0];
	wire [15:0] bell_queue = wdata_d[15:0];
	wire bell_known = bell_queue < {11'd0, strap_queues} && bell_queue < `VIO_QUEUES;
	wire num_legal = wdata_d <= `VIO_QUEUE_NUM_MAX && (wdata_d & (wdata_d - 32'd1)) == 32'd0;

	// Registers that only one of the two interfaces has, virtio 1.2, 4.2.2 and 4.2.4.
	function register_exists(input legacy, input [11:0] addr);
		case (addr)
		`REG_GuestPageSize, `REG_QueueAlign, `REG_QueuePFN: register_exists = legacy;
		default:
			register_exists = !legacy || addr < `REG_QueueReady ||
				(addr >= `REG_QueueNotify && addr <= `REG_Status) || addr >= 12'h100;
		endcase
	endfunction
	wire [11:0] read_addr = {araddr_d[11:2], 2'b00};
	wire [11:0] write_addr = {awaddr_d[11:2], 2'b00};
	wire read_exists = register_exists(strap_legacy, read_addr);
	wire write_exists = register_exists(strap_legacy, write_addr);

	// 16 heads of 64 sectors, and as many cylinders as the disk fills.
	wire [15:0] cylinders = capacity_q[63:26] != 38'd0 ? 16'hffff : capacity_q[25:10];
	reg [31:0] read_value;
	always @* begin
		case (read_addr)
		`REG_MagicValue: read_value = 32'h74726976;
		`REG_Version: read_value = strap_legacy ? 32'd1 : 32'd2;
		`REG_DeviceID: read_value = 32'd2;
		`REG_VendorID: read_value = 32'h554d4551;
		`REG_DeviceFeatures:
			read_value = features_sel_q == 32'd0 ? offered[31:0] : features_sel_q == 32'd1 ? offered[63:32] : 32'd0;
		`REG_QueueNumMax: read_value = selected ? `VIO_QUEUE_NUM_MAX : 32'd0;
		`REG_QueueReady: read_value = {31'd0, selected && ready_q[sel]};
		`REG_QueuePFN: read_value = selected ? pfn_q[32*sel +: 32] : 32'd0;
		`REG_QueueReset: read_value = {31'd0, selected && ring_reset_q && sel == drain_queue_q};
		`REG_InterruptStatus: read_value = {30'd0, isr_q};
		`REG_Status: read_value = {24'd0, status_q};
		`REG_SHMLenLow, `REG_SHMLenHigh, `REG_SHMBaseLow, `REG_SHMBaseHigh: read_value = 32'hffffffff;
		`REG_ConfigGeneration: read_value = generation_q;
		`REG_CapacityLow: read_value = capacity_q[31:0];
		`REG_CapacityHigh: read_value = capacity_q[63:32];
		`REG_SizeMax: read_value = offered[`F_BLK_SIZE_MAX] ? `VIO_SIZE_MAX : 32'd0;
		`REG_SegMax: read_value = offered[`F_BLK_SEG_MAX] ? `VIO_SEG_MAX : 32'd0;
		`REG_Geometry: read_value = offered[`F_BLK_GEOMETRY] ? {8'd64, 8'd16, cylinders} : 32'd0;
		`REG_BlkSize: read_value = offered[`F_BLK_BLK_SIZE] ? 32'd512 : 32'd0;
		`REG_Topology: read_value = offered[`F_BLK_TOPOLOGY] ? 32'h00080003 : 32'd0;
		`REG_OptIoSize: read_value = offered[`F_BLK_TOPOLOGY] ? 32'd128 : 32'd0;
		`REG_Writeback: read_value = {offered[`F_BLK_MQ] ? {11'd0, strap_queues} : 16'd0, 15'd0,
			offered[`F_BLK_CONFIG_WCE] && writeback_q};
		`REG_MaxDiscardSectors: read_value = offered[`F_BLK_DISCARD] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxDiscardSeg: read_value = {31'd0, offered[`F_BLK_DISCARD]};
		`REG_DiscardAlignment: read_value = offered[`F_BLK_DISCARD] ? 32'd8 : 32'd0;
		`REG_MaxZeroesSectors: read_value = offered[`F_BLK_WRITE_ZEROES] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxZeroesSeg: read_value = {31'd0, offered[`F_BLK_WRITE_ZEROES]};
		`REG_ZeroesMayUnmap: read_value = {31'd0, offered[`F_BLK_WRITE_ZEROES]};
		`REG_MaxEraseSectors: read_value = offered[`F_BLK_SECURE_ERASE] ? `VIO_RANGE_MAX : 32'd0;
		`REG_MaxEraseSeg: read_value = {31'd0, offered[`F_BLK_SECURE_ERASE]};
		`REG_EraseAlignment: read_value = offered[`F_BLK_SECURE_ERASE] ? 32'd8 : 32'd0;
		`REG_ErrorCode: read_value = {24'd0, err_code_q};
		`REG_ErrorWhere: read_value = {12'd0, err_queue_q, err_desc_q};
		default: read_value = 32'd0;
		endcase
		if (!read_exists)
			read_value = 32'd0;
	end

	reg [27:0] err;
	always @* begin
		if (i_err_axi[27:20] != `ERR_NONE)
			err = i_err_axi;
		else if (i_err_fetch[27:20] != `ERR_NONE)
			err = i_err_fetch;
		else if (i_err_walk[27:20] != `ERR_NONE)
			err = i_err_walk;
		else
			err = i_err_frame;
	end

	// Legal edges of Status: a bit is set when what it needs is set, before it or by the same write.
	reg [7:0] status_new;
	always @* begin
		status_new = status_q;
		status_new[0] = status_q[0] | wdata_d[0];
		status_new[1] = status_q[1] | wdata_d[1];
		status_new[FEATURES_OK] = status_q[FEATURES_OK] | (wdata_d[FEATURES_OK] & acceptable & !strap_legacy);
		status_new[DRIVER_OK] = status_q[DRIVER_OK] | (wdata_d[DRIVER_OK] & (status_new[FEATURES_OK] | strap_legacy));
		status_new[FAILED] = status_q[FAILED] | wdata_d[FAILED];
	end

	// Reads. One in the clock of a write sees the registers before it.
	always @* begin
		rvalid_d = rvalid_q;
		arready_d = arready_q;
		ar_have_d = ar_have_q;
		araddr_d = araddr_q;
		rdata_d = rdata_q;
		if (rvalid_q && s_axil_rready) begin
			rvalid_d = 1'b0;
			arready_d = 1'b1;
		end else if (arready_q && s_axil_arvalid) begin
			ar_have_d = 1'b1;
			araddr_d = s_axil_araddr;
			arready_d = 1'b0;
		end
		if (ar_have_d && state_q == `S_REGS_IDLE) begin
			ar_have_d = 1'b0;
			rdata_d = read_value;
			rvalid_d = 1'b1;
		end
	end

	// Write address and data may come in any order; the write happens in the clock that has both.
	// Queues are stopped one at a time: a write that stops or starts one waits while QueueReset is at work.
	wire sets_ready = write_addr == `REG_QueueReady || write_addr == `REG_QueueReset || write_addr == `REG_QueuePFN;
	reg write;
	always @* begin
		awready_d = awready_q;
		wready_d = wready_q;
		aw_have_d = aw_have_q;
		awaddr_d = awaddr_q;
		w_have_d = w_have_q;
		wdata_d = wdata_q;
		wstrb_d = wstrb_q;
		if (bvalid_q && s_axil_bready) begin
			awready_d = 1'b1;
			wready_d = 1'b1;
		end else begin
			if (awready_q && s_axil_awvalid) begin
				aw_have_d = 1'b1;
				awaddr_d = s_axil_awaddr;
				awready_d = 1'b0;
			end
			if (wready_q && s_axil_wvalid) begin
				w_have_d = 1'b1;
				wdata_d = s_axil_wdata;
				wstrb_d = s_axil_wstrb;
				wready_d = 1'b0;
			end
		end
		write = aw_have_d && w_have_d && state_q == `S_REGS_IDLE && !(ring_reset_q && sets_ready);
		if (write) begin
			aw_have_d = 1'b0;
			w_have_d = 1'b0;
		end
	end

	// The legacy layout, virtio 1.2, 2.7.2: table, available ring with used_event, and the used ring at the next
	// multiple of QueueAlign.
	wire [15:0] sel_num = num_q[16*sel +: 16];
	wire [63:0] align = align_q != 32'd0 && (align_q & (align_q - 32'd1)) == 32'd0 ? {32'd0, align_q} : 64'd4096;
	wire [63:0] pfn_desc = {32'd0, wdata_d} << page_shift_q;
	wire [63:0] pfn_avail = pfn_desc + {44'd0, sel_num, 4'd0};
	wire [63:0] pfn_used = (pfn_avail + 64'd6 + {47'd0, sel_num, 1'b0} + align - 64'd1) & ~(align - 64'd1);
	integer i;
	reg [4:0] page_log2;
	always @* begin
		page_log2 = 5'd0;
		for (i = 0; i < 32; i = i + 1)
			if (wdata_d[i])
				page_log2 = page_log2 | i[4:0];
	end

	always @* begin
		state_d = state_q;
		status_d = status_q;
		isr_d = isr_q;
		err_code_d = err_code_q;
		err_queue_d = err_queue_q;
		err_desc_d = err_desc_q;
		booted_d = booted_q;
		dead_d = dead_q;
		driver_bad_d = driver_bad_q;
		drain_queue_d = drain_queue_q;
		settle_d = settle_q;
		features_sel_d = features_sel_q;
		driver_sel_d = driver_sel_q;
		queue_sel_d = queue_sel_q;
		generation_d = generation_q;
		driver_d = driver_q;
		bvalid_d = bvalid_q && !s_axil_bready;
		desc_d = desc_q;
		avail_d = avail_q;
		used_d = used_q;
		num_d = num_q;
		ready_d = ready_q;
		capacity_d = capacity_q;
		start_d = 1'b0;
		start_queue_d = start_queue_q;
		features_d = features_q;
		writeback_d = writeback_q;
		page_shift_d = page_shift_q;
		align_d = align_q;
		pfn_d = pfn_q;
		ring_reset_d = ring_reset_q;
		o_bell_push = 1'b0;
		o_bell = bell_queue[3:0];
		o_raise_pop = 1'b0;

		if (write && write_addr == `REG_Writeback && wstrb_d[0] && features_q[`F_BLK_CONFIG_WCE])
			writeback_d = wdata_d[0];
		if (write && wstrb_d == 4'hf && write_exists) begin
			case (write_addr)
			`REG_DeviceFeaturesSel: features_sel_d = wdata_d;
			`REG_DriverFeatures:
				if (!status_q[strap_legacy ? DRIVER_OK : FEATURES_OK]) begin
					if (driver_sel_q == 32'd0)
						driver_d[31:0] = wdata_d;
					else if (driver_sel_q == 32'd1)
						driver_d[63:32] = wdata_d;
					else
						driver_bad_d = wdata_d != 32'd0;
				end
			`REG_DriverFeaturesSel: driver_sel_d = wdata_d;
			`REG_QueueSel: queue_sel_d = wdata_d;
			`REG_QueueReady:
				if (selected) begin
					if (wdata_d[0] && !ready_q[sel] && num_q[16*sel +: 16] != 16'd0) begin
						ready_d[sel] = 1'b1;
						start_d = 1'b1;
						start_queue_d = sel;
						o_bell_push = live_q && i_bell_nf;
						o_bell = sel;
					end else if (!wdata_d[0] && ready_q[sel]) begin
						ready_d[sel] = 1'b0;
						state_d = `S_REGS_DRAIN;
						settle_d = 3'd0;
						drain_queue_d = sel;
					end
				end
			`REG_GuestPageSize:
				if (wdata_d != 32'd0 && (wdata_d & (wdata_d - 32'd1)) == 32'd0)
					page_shift_d = page_log2;
			`REG_QueueAlign: align_d = wdata_d;
			`REG_QueuePFN:
				if (selected && wdata_d != 32'd0 && !ready_q[sel] && sel_num != 16'd0) begin
					desc_d[64*sel +: 64] = pfn_desc;
					avail_d[64*sel +: 64] = pfn_avail;
					used_d[64*sel +: 64] = pfn_used;
					pfn_d[32*sel +: 32] = wdata_d;
					ready_d[sel] = 1'b1;
					start_d = 1'b1;
					start_queue_d = sel;
					o_bell_push = live_q && i_bell_nf;
					o_bell = sel;
				end else if (selected && wdata_d == 32'd0) begin
					pfn_d[32*sel +: 32] = 32'd0;
					if (ready_q[sel]) begin
						ready_d[sel] = 1'b0;
						state_d = `S_REGS_DRAIN;
						settle_d = 3'd0;
						drain_queue_d = sel;
					end
				end
			`REG_QueueReset:
				// Reads 1 until the queue's chains are done; other accesses go on meanwhile.
				if (selected && wdata_d[0] && ready_q[sel] && status_q[FEATURES_OK] && driver_q[`F_RING_RESET]) begin
					ready_d[sel] = 1'b0;
					ring_reset_d = 1'b1;
					settle_d = 3'd0;
					drain_queue_d = sel;
				end
			`REG_QueueNotify: o_bell_push = bell_known && ready_q[bell_queue[3:0]] && live_q && i_bell_nf;
			`REG_InterruptACK: isr_d = isr_q & ~wdata_d[1:0];
			`REG_Status:
				if (wdata_d[7:0] != 8'd0) begin
					status_d = status_new;
					if (status_new[FEATURES_OK] && !status_q[FEATURES_OK]) begin
						features_d = driver_q;
						writeback_d = driver_q[`F_BLK_FLUSH];
					end
				end else begin
					state_d = `S_REGS_RESET;
					settle_d = 3'd0;
				end
			default:
				// Registers of a queue that is not live.
				if (selected && !ready_q[sel])
					case (write_addr)
					`REG_QueueNum: num_d[16*sel +: 16] = num_legal ? wdata_d[15:0] : 16'd0;
					`REG_QueueDescLow: desc_d[64*sel +: 32] = wdata_d;
					`REG_QueueDescHigh: desc_d[64*sel+32 +: 32] = wdata_d;
					`REG_QueueDriverLow: avail_d[64*sel +: 32] = wdata_d;
					`REG_QueueDriverHigh: avail_d[64*sel+32 +: 32] = wdata_d;
					`REG_QueueDeviceLow: used_d[64*sel +: 32] = wdata_d;
					`REG_QueueDeviceHigh: used_d[64*sel+32 +: 32] = wdata_d;
					default: ;
					endcase
			endcase
		end
		if (write && state_d == `S_REGS_IDLE)
			bvalid_d = 1'b1;

		if (state_q != `S_REGS_IDLE || ring_reset_q) begin
			if (settle_q != SETTLE_CLOCKS) begin
				settle_d = settle_q + 3'd1;
			end else if (state_q == `S_REGS_RESET) begin
				if (i_quiet && i_be_stopped) begin
					// Device reset, virtio 1.2, 2.4: all that a driver can see or set, but not the disk.
					status_d = 8'd0;
					isr_d = 2'd0;
					dead_d = 1'b0;
					driver_d = 64'd0;
					driver_bad_d = 1'b0;
					features_sel_d = 32'd0;
					driver_sel_d = 32'd0;
					queue_sel_d = 32'd0;
					err_code_d = `ERR_NONE;
					err_queue_d = 4'd0;
					err_desc_d = 16'd0;
					desc_d = 0;
					avail_d = 0;
					used_d = 0;
					num_d = 0;
					ready_d = 0;
					start_queue_d = 4'd0;
					features_d = 64'd0;
					writeback_d = 1'b0;
					align_d = 32'd0;
					pfn_d = 0;
					ring_reset_d = 1'b0;
					state_d = `S_REGS_IDLE;
					bvalid_d = 1'b1;
				end
			end else if (i_drained || (dead_q && i_quiet && i_be_stopped)) begin
				if (state_q == `S_REGS_DRAIN)
					bvalid_d = 1'b1;
				state_d = state_q == `S_REGS_DRAIN ? `S_REGS_IDLE : state_d;
				ring_reset_d = 1'b0;
			end
		end

		if (err[27:20] != `ERR_NONE && !stop_q) begin
			dead_d = 1'b1;
			{err_code_d, err_queue_d, err_desc_d} = err;
			// The legacy interface has no DEVICE_NEEDS_RESET: the device is silent until it is reset.
			if (!strap_legacy) begin
				if (status_d[DRIVER_OK])
					isr_d[1] = 1'b1;
				status_d[NEEDS_RESET] = 1'b1;
			end
		end
		if (i_raise_ne && !stop_q) begin
			isr_d = isr_d | i_raise;
			o_raise_pop = 1'b1;
		end
		if (strap_capacity != capacity_q || !booted_q) begin
			if (booted_q) begin
				generation_d = generation_q + 32'd1;
				if (status_d[DRIVER_OK])
					isr_d[1] = 1'b1;
			end
			booted_d = 1'b1;
			capacity_d = strap_capacity;
		end
		// virtio 1.2, 5.2.6.2: writes must be stable when writeback is 0, or when a driver that could flush cannot.
		if (strap_legacy && !status_d[DRIVER_OK]) begin
			features_d = driver_d & offered;
			writeback_d = features_d[`F_BLK_FLUSH];
		end
		fua_d = status_d[strap_legacy ? DRIVER : FEATURES_OK] && (features_d[`F_BLK_CONFIG_WCE] ? !writeback_d :
			offered[`F_BLK_FLUSH] && !features_d[`F_BLK_FLUSH]);
		// Legacy drivers may use queues before DRIVER_OK, virtio 1.2, 3.1.2.
		live_d = status_d[strap_legacy ? DRIVER : DRIVER_OK] && !status_d[FAILED] && !dead_d;
		stop_d = dead_d || state_d == `S_REGS_RESET;
	end

	always @(posedge clk) begin
		state_q <= state_d;
		status_q <= status_d;
		isr_q <= isr_d;
		irq_q <= isr_d != 2'd0;
		err_code_q <= err_code_d;
		err_queue_q <= err_queue_d;
		err_desc_q <= err_desc_d;
		aw_have_q <= aw_have_d;
		w_have_q <= w_have_d;
		ar_have_q <= ar_have_d;
		booted_q <= booted_d;
		dead_q <= dead_d;
		driver_bad_q <= driver_bad_d;
		wstrb_q <= wstrb_d;
		drain_queue_q <= drain_queue_d;
		settle_q <= settle_d;
		awaddr_q <= awaddr_d;
		araddr_q <= araddr_d;
		wdata_q <= wdata_d;
		features_sel_q <= features_sel_d;
		driver_sel_q <= driver_sel_d;
		queue_sel_q <= queue_sel_d;
		generation_q <= generation_d;
		rdata_q <= rdata_d;
		driver_q <= driver_d;
		awready_q <= awready_d;
		wready_q <= wready_d;
		bvalid_q <= bvalid_d;
		arready_q <= arready_d;
		rvalid_q <= rvalid_d;
		desc_q <= desc_d;
		avail_q <= avail_d;
		used_q <= used_d;
		num_q <= num_d;
		ready_q <= ready_d;
		capacity_q <= capacity_d;
		live_q <= live_d;
		stop_q <= stop_d;
		start_q <= start_d;
		start_queue_q <= start_queue_d;
		read_only_q <= offered[`F_BLK_RO];
		features_q <= features_d;
		writeback_q <= writeback_d;
		page_shift_q <= page_shift_d;
		align_q <= align_d;
		pfn_q <= pfn_d;
		fua_q <= fua_d;
		ring_reset_q <= ring_reset_d;
		if (rst) begin
			state_q <= `S_REGS_IDLE;
			status_q <= 8'd0;
			isr_q <= 2'd0;
			irq_q <= 1'b0;
			err_code_q <= `ERR_NONE;
			err_queue_q <= 4'd0;
			err_desc_q <= 16'd0;
			aw_have_q <= 1'b0;
			w_have_q <= 1'b0;
			ar_have_q <= 1'b0;
			booted_q <= 1'b0;
			dead_q <= 1'b0;
			driver_bad_q <= 1'b0;
			settle_q <= 3'd0;
			drain_queue_q <= 4'd0;
			features_sel_q <= 32'd0;
			driver_sel_q <= 32'd0;
			queue_sel_q <= 32'd0;
			generation_q <= 32'd0;
			rdata_q <= 32'd0;
			driver_q <= 64'd0;
			awready_q <= 1'b1;
			wready_q <= 1'b1;
			bvalid_q <= 1'b0;
			arready_q <= 1'b1;
			rvalid_q <= 1'b0;
			desc_q <= 0;
			avail_q <= 0;
			used_q <= 0;
			num_q <= 0;
			ready_q <= 0;
			capacity_q <= 64'd0;
			live_q <= 1'b0;
			stop_q <= 1'b0;
			start_q <= 1'b0;
			start_queue_q <= 4'd0;
			read_only_q <= 1'b0;
			features_q <= 64'd0;
			writeback_q <= 1'b0;
			page_shift_q <= 5'd0;
			align_q <= 32'd0;
			pfn_q <= 0;
			fua_q <= 1'b0;
			ring_reset_q <= 1'b0;
		end
	end

	assign s_axil_awready = awready_q;
	assign s_axil_wready = wready_q;
	assign s_axil_bresp = 2'd0;
	assign s_axil_bvalid = bvalid_q;
	assign s_axil_arready = arready_q;
	assign s_axil_rdata = rdata_q;
	assign s_axil_rresp = 2'd0;
	assign s_axil_rvalid = rvalid_q;
	assign irq = irq_q;
	assign o_desc = desc_q;
	assign o_avail = avail_q;
	assign o_used = used_q;
	assign o_num = num_q;
	assign o_ready = ready_q;
	assign o_capacity = capacity_q;
	assign o_live = live_q;
	assign o_stop = stop_q;
	assign o_start = start_q;
	assign o_start_queue = start_queue_q;
	assign o_read_only = read_only_q;
	assign o_fua = fua_q;
	assign o_features = features_q;
	assign o_drain_queue = drain_queue_q;
	assign o_state = state_q;
	assign o_idle = state_q == `S_REGS_IDLE && !aw_have_q && !w_have_q && !ar_have_q && !bvalid_q && !rvalid_q &&
		!ring_reset_q && !start_q && booted_q;
endmodule

`default_nettype wire
