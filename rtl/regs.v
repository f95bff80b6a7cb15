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
	input  wire [15:0]              strap_queue_num,
	input  wire                     strap_legacy,
	input  wire                     strap_need_v1,
	// published
	output wire [64*`VIO_QUEUES-1:0] o_desc,
	output wire [64*`VIO_QUEUES-1:0] o_avail,
	output wire [64*`VIO_QUEUES-1:0] o_used,
	output wire [16*`VIO_QUEUES-1:0] o_num,
	output wire [15:0]              o_ready,
	output wire [63:0]              o_capacity,
	output wire                     o_live,
	output wire                     o_stop,
	output wire                     o_reset,   // Status = 0 is at work
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
	input  wire [27:0]              i_err_writer,
	input  wire                     i_bell_nf,
	output wire                     o_bell_push,
	output wire [`bell_W-1:0]       o_bell,
	input  wire                     i_raise_ne,
	input  wire [`raise_W-1:0]      i_raise,
	output reg                      o_raise_pop,
	input  wire [`mishap_W-1:0]     i_mishap,  // the first error of a request
	input  wire [32*12-1:0]         i_counts,
	output wire                     o_notified, // for count: QueueNotify rang a queue, a write was illegal, irq rises
	output wire                     o_rejected,
	output wire                     o_raised,
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
	reg [3:0] wstrb_q, wstrb_d;
	reg [2:0] settle_q, settle_d;
	reg [11:0] awaddr_q, awaddr_d, araddr_q, araddr_d;
	reg [31:0] wdata_q, wdata_d, features_sel_q, features_sel_d, driver_sel_q, driver_sel_d;
	reg [31:0] queue_sel_q, queue_sel_d, generation_q, generation_d, rdata_q, rdata_d;
	reg [63:0] driver_q, driver_d;
	reg awready_q, awready_d, wready_q, wready_d, bvalid_q, bvalid_d, arready_q, arready_d, rvalid_q, rvalid_d, irq_q;
	reg [63:0] capacity_q, capacity_d;
	reg live_q, live_d, stop_q, stop_d, reset_q, read_only_q;
	reg [63:0] features_q, features_d;

	// Config space can be read in the first clock, before capacity is kept.
	wire [63:0] capacity = booted_q ? capacity_q : strap_capacity;
	wire [63:0] any_layout = 64'd1 << `F_ANY_LAYOUT;
	wire [63:0] config_wce = 64'd1 << `F_BLK_CONFIG_WCE;
	wire [63:0] known = strap_features & `FEATURES_KNOWN;
	wire [63:0] offered = known & (strap_legacy ? 64'hffffffff : ~any_layout) &
		(known[`F_BLK_FLUSH] ? ~64'd0 : ~config_wce);
	wire acceptable = (driver_q & ~offered) == 64'd0 && !driver_bad_q && (!strap_need_v1 || driver_q[`F_VERSION_1]);
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

	reg [31:0] read_value;
	always @* begin
		case (read_addr)
		`REG_MagicValue: read_value = 32'h74726976;
		`REG_Version: read_value = strap_legacy ? 32'd1 : 32'd2;
		`REG_DeviceID: read_value = 32'd2;
		`REG_VendorID: read_value = 32'h554d4551;
		`REG_DeviceFeatures:
			read_value = features_sel_q == 32'd0 ? offered[31:0] : features_sel_q == 32'd1 ? offered[63:32] : 32'd0;
		`REG_InterruptStatus: read_value = {30'd0, isr_q};
		`REG_Status: read_value = {24'd0, status_q};
		`REG_SHMLenLow, `REG_SHMLenHigh, `REG_SHMBaseLow, `REG_SHMBaseHigh: read_value = 32'hffffffff;
		`REG_ConfigGeneration: read_value = generation_q;
		`REG_ErrorCode: read_value = {24'd0, err_code_q};
		`REG_ErrorWhere: read_value = {12'd0, err_queue_q, err_desc_q};
		`REG_RequestError: read_value = {24'd0, i_mishap[`mishap_code]};
		`REG_RequestWhere: read_value = {12'd0, i_mishap[`mishap_queue], i_mishap[`mishap_head]};
		default:
			read_value = read_addr >= `REG_CountRequests && read_addr <= `REG_CountRejected ?
				i_counts[32*read_addr[5:2] +: 32] : queues_read | config_read;
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
		else if (i_err_frame[27:20] != `ERR_NONE)
			err = i_err_frame;
		else
			err = i_err_writer;
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
		write = aw_have_d && w_have_d && state_q == `S_REGS_IDLE && !(ring_reset && sets_ready);
		if (write) begin
			aw_have_d = 1'b0;
			w_have_d = 1'b0;
		end
	end

	wire whole_write = write && wstrb_d == 4'hf && write_exists;
	wire queue_legal;
	wire drain, resets, ring_reset, fua, clear, reset_done;
	wire [31:0] queues_read, config_read;

	queues queues (
		.clk(clk), .rst(rst), .i_clear(clear), .i_write(whole_write), .i_addr(write_addr), .i_data(wdata_d),
		.i_queue_sel(queue_sel_q), .strap_queues(strap_queues),
		.strap_queue_num(strap_queue_num), .i_live(live_q),
		.i_can_reset(status_q[FEATURES_OK] && driver_q[`F_RING_RESET]), .i_packed(features_q[`F_RING_PACKED]),
		.i_reset_done(reset_done), .i_notify_data(features_q[`F_NOTIFICATION_DATA]),
		.i_bell_nf(i_bell_nf), .o_bell_push(o_bell_push), .o_bell(o_bell), .o_notified(o_notified),
		.o_legal(queue_legal), .i_has_reset(features_q[`F_RING_RESET]), .o_drain(drain), .o_resets(resets),
		.i_read_addr(read_addr), .o_read(queues_read), .o_desc(o_desc), .o_avail(o_avail), .o_used(o_used),
		.o_num(o_num), .o_ready(o_ready), .o_start(o_start), .o_start_queue(o_start_queue),
		.o_drain_queue(o_drain_queue), .o_ring_reset(ring_reset)
	);

	// A write that is not legal changes nothing.
	reg legal;
	always @* begin
		case (write_addr)
		`REG_DeviceFeaturesSel, `REG_DriverFeaturesSel, `REG_GuestPageSize, `REG_QueueSel, `REG_QueueAlign,
		`REG_InterruptACK, `REG_Status: legal = whole_write;
		`REG_DriverFeatures: legal = whole_write && !status_q[strap_legacy ? DRIVER_OK : FEATURES_OK];
		`REG_Writeback: legal = wstrb_d[0] && features_q[`F_BLK_CONFIG_WCE];
		default: legal = whole_write && queue_legal;
		endcase
	end
	assign o_rejected = write && !legal;
	assign o_raised = isr_d != 2'd0 && !irq_q;

	reg set_cache;
	blk_config blk_config (
		.clk(clk), .rst(rst), .i_clear(clear), .i_set(set_cache), .i_fresh(strap_legacy && status_d == 8'd0), .i_offered(offered), .i_features(features_d),
		.i_final(status_d[strap_legacy ? DRIVER : FEATURES_OK]), .i_write(write && wstrb_d[0]),
		.i_addr(write_addr), .i_data(wdata_d[0]), .i_capacity(capacity), .strap_queues(strap_queues),
		.i_read_addr(read_addr), .o_read(config_read), .o_fua(fua)
	);

	// What regs waits for: quiet for a reset, the queue's chains for a drain or a QueueReset.
	wire settled = settle_q == SETTLE_CLOCKS;
	wire quiet = i_quiet && i_be_stopped;
	assign clear = settled && state_q == `S_REGS_RESET && quiet;
	wire drained = settled && state_q != `S_REGS_RESET && (i_drained || (dead_q && quiet));
	wire reset_begins = whole_write && write_addr == `REG_Status && wdata_d[7:0] == 8'd0;
	assign reset_done = drained && !reset_begins;

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
		settle_d = settle_q;
		features_sel_d = features_sel_q;
		driver_sel_d = driver_sel_q;
		queue_sel_d = queue_sel_q;
		generation_d = generation_q;
		driver_d = driver_q;
		bvalid_d = bvalid_q && !s_axil_bready;
		capacity_d = capacity_q;
		features_d = features_q;
		set_cache = 1'b0;
		o_raise_pop = 1'b0;

		if (whole_write)
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
			`REG_InterruptACK: isr_d = isr_q & ~wdata_d[1:0];
			`REG_Status:
				if (wdata_d[7:0] != 8'd0) begin
					status_d = status_new;
					if (status_new[FEATURES_OK] && !status_q[FEATURES_OK]) begin
						features_d = driver_q & `FEATURES_KNOWN;
						set_cache = 1'b1;
					end
				end else begin
					state_d = `S_REGS_RESET;
					settle_d = 3'd0;
				end
			default: ;
			endcase
		if (drain)
			state_d = `S_REGS_DRAIN;
		if (drain || resets)
			settle_d = 3'd0;
		if (write && state_d == `S_REGS_IDLE)
			bvalid_d = 1'b1;

		if ((state_q != `S_REGS_IDLE || ring_reset) && !reset_begins) begin
			if (!settled) begin
				settle_d = settle_q + 3'd1;
			end else if (state_q == `S_REGS_RESET) begin
				if (clear) begin
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
					features_d = 64'd0;
					state_d = `S_REGS_IDLE;
					bvalid_d = 1'b1;
				end
			end else if (drained) begin
				if (state_q == `S_REGS_DRAIN)
					bvalid_d = 1'b1;
				state_d = `S_REGS_IDLE;
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
		// The legacy feature set counts from when it is written until DRIVER_OK freezes it. The cache mode does not
		// hang on it, virtio 1.2, 5.2.5.3: it is the driver's, but for DRIVER_OK without CONFIG_WCE.
		if (strap_legacy && !status_d[DRIVER_OK])
			features_d = driver_d & offered;
		if (strap_legacy && status_d[DRIVER_OK] && !status_q[DRIVER_OK] && !features_q[`F_BLK_CONFIG_WCE])
			set_cache = 1'b1;
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
		capacity_q <= capacity_d;
		live_q <= live_d;
		stop_q <= stop_d;
		reset_q <= state_d == `S_REGS_RESET;
		read_only_q <= offered[`F_BLK_RO];
		features_q <= features_d;
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
			capacity_q <= 64'd0;
			live_q <= 1'b0;
			stop_q <= 1'b0;
			reset_q <= 1'b0;
			read_only_q <= 1'b0;
			features_q <= 64'd0;
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
	assign o_capacity = capacity_q;
	assign o_live = live_q;
	assign o_stop = stop_q;
	assign o_reset = reset_q;
	assign o_read_only = read_only_q;
	assign o_fua = fua;
	assign o_features = features_q;
	assign o_state = state_q;
	assign o_idle = state_q == `S_REGS_IDLE && !aw_have_q && !w_have_q && !ar_have_q && !bvalid_q && !rvalid_q &&
		!ring_reset && !o_start && booted_q;
endmodule

`default_nettype wire
