// SPDX-License-Identifier: Apache-2.0
// vio_defs.vh: the tables of model/def/ for Verilog. Printed by model/gen.c: `make gen`. Do not edit.
`ifndef VIO_DEFS_VH
`define VIO_DEFS_VH

// Parameters. Those with `ifndef may be set: -DVIO_QUEUES=1.
`ifndef VIO_DATA_W
`define VIO_DATA_W 64
`endif
`define VIO_DATA_BYTES (`VIO_DATA_W / 8)
`define VIO_LANE_BITS (`VIO_DATA_W == 32 ? 2 : `VIO_DATA_W == 64 ? 3 : `VIO_DATA_W == 128 ? 4 : `VIO_DATA_W == 256 ? 5 : 6)
`ifndef VIO_QUEUES
`define VIO_QUEUES 16
`endif
`ifndef VIO_QUEUE_NUM_MAX
`define VIO_QUEUE_NUM_MAX 32768
`endif
`ifndef VIO_SLOTS
`define VIO_SLOTS 8
`endif
`ifndef VIO_SEGS
`define VIO_SEGS 32
`endif
`ifndef VIO_PROBES
`define VIO_PROBES 16
`endif
`ifndef VIO_FIFO_MAX
`define VIO_FIFO_MAX 16384
`endif
`ifndef VIO_BURST_BEATS
`define VIO_BURST_BEATS 64
`endif
`ifndef VIO_READ_BEATS
`define VIO_READ_BEATS 256
`endif
`ifndef VIO_READ_BURSTS
`define VIO_READ_BURSTS 16
`endif
`ifndef VIO_WRITE_BURSTS
`define VIO_WRITE_BURSTS 32
`endif
`define VIO_DESC_BURST 8
`define VIO_ID_AVAIL 0
`define VIO_ID_DESC 1
`define VIO_ID_HEADER 2
`define VIO_ID_DATA 3
`define VIO_ID_EVENT 4
`define VIO_ID_RANGE 5
`define VIO_ID_WRITE 0
`define VIO_BE_READ 0
`define VIO_BE_WRITE 1
`define VIO_BE_FLUSH 2
`define VIO_BE_GET_ID 3
`define VIO_BE_WRITE_FUA 4
`define VIO_BE_DISCARD 5
`define VIO_BE_ZERO 6
`define VIO_BE_ZERO_UNMAP 7
`define VIO_BE_ERASE 8
`define VIO_BE_LIFETIME 9
`ifndef VIO_SIZE_MAX
`define VIO_SIZE_MAX 1048576
`endif
`ifndef VIO_SEG_MAX
`define VIO_SEG_MAX 126
`endif
`ifndef VIO_RANGE_MAX
`define VIO_RANGE_MAX 32768
`endif

// Payloads: where each field lies in the entry of a FIFO.
`define bell_queue 3:0
`define bell_W 4
`define serve_queue 3:0
`define serve_W 4
`define served_queue 3:0
`define served_more 4:4
`define served_W 5
`define head_queue 3:0
`define head_head 19:4
`define head_early 20:20
`define head_W 21
`define confirm_head 15:0
`define confirm_drop 16:16
`define confirm_W 17
`define span_slots 15:0
`define span_W 16
`define place_next 15:0
`define place_W 16
`define job_addr 63:0
`define job_len 95:64
`define job_flush 96:96
`define job_W 97
`define burst_addr 63:0
`define burst_len 71:64
`define burst_W 72
`define lanes_off `VIO_LANE_BITS-1:0
`define lanes_bytes `VIO_LANE_BITS+12:`VIO_LANE_BITS
`define lanes_flush `VIO_LANE_BITS+13:`VIO_LANE_BITS+13
`define lanes_W (`VIO_LANE_BITS+14)
`define rbeat_data `VIO_DATA_W-1:0
`define rbeat_resp `VIO_DATA_W+1:`VIO_DATA_W
`define rbeat_W (`VIO_DATA_W+2)
`define beat_data 63:0
`define beat_resp 65:64
`define beat_W 66
`define dbeat_data `VIO_DATA_W-1:0
`define dbeat_resp `VIO_DATA_W+1:`VIO_DATA_W
`define dbeat_W (`VIO_DATA_W+2)
`define store_data `VIO_DATA_W-1:0
`define store_W (`VIO_DATA_W)
`define tag_slot 3:0
`define tag_count 7:4
`define tag_W 8
`define chain_queue 3:0
`define chain_head 19:4
`define chain_rlen 51:20
`define chain_wlen 83:52
`define chain_segs 100:84
`define chain_W 101
`define seg_addr 63:0
`define seg_len 95:64
`define seg_write 96:96
`define seg_W 97
`define req_queue 3:0
`define req_head 19:4
`define req_rlen 51:20
`define req_wlen 83:52
`define req_W 84
`define piece_addr 63:0
`define piece_len 95:64
`define piece_kind 97:96
`define piece_W 98
`define cmd_sector 63:0
`define cmd_len 95:64
`define cmd_op 99:96
`define cmd_W 100
`define wjob_addr 63:0
`define wjob_len 95:64
`define wjob_used 127:96
`define wjob_head 143:128
`define wjob_queue 147:144
`define wjob_kind 149:148
`define wjob_byte 157:150
`define wjob_last 158:158
`define wjob_W 159
`define ujob_addr 63:0
`define ujob_data 127:64
`define ujob_len 131:128
`define ujob_queue 135:132
`define ujob_kind 138:136
`define ujob_W 139
`define wburst_data 63:0
`define wburst_off `VIO_LANE_BITS+63:64
`define wburst_bytes `VIO_LANE_BITS+76:`VIO_LANE_BITS+64
`define wburst_stream `VIO_LANE_BITS+77:`VIO_LANE_BITS+77
`define wburst_last `VIO_LANE_BITS+78:`VIO_LANE_BITS+78
`define wburst_W (`VIO_LANE_BITS+79)
`define wbeat_data `VIO_DATA_W-1:0
`define wbeat_strb `VIO_DATA_W+`VIO_DATA_BYTES-1:`VIO_DATA_W
`define wbeat_last `VIO_DATA_W+`VIO_DATA_BYTES:`VIO_DATA_W+`VIO_DATA_BYTES
`define wbeat_W (`VIO_DATA_W+`VIO_DATA_BYTES+1)
`define btag_kind 2:0
`define btag_queue 6:3
`define btag_turn 12:7
`define btag_W 13
`define udone_kind 2:0
`define udone_queue 6:3
`define udone_W 7
`define werr_resp 1:0
`define werr_queue 5:2
`define werr_turn 11:6
`define werr_W 12
`define mishap_code 7:0
`define mishap_queue 11:8
`define mishap_head 27:12
`define mishap_W 28
`define arm_event 31:0
`define arm_queue 35:32
`define arm_W 36
`define armed_queue 3:0
`define armed_W 4
`define fin_used 31:0
`define fin_head 47:32
`define fin_queue 51:48
`define fin_W 52
`define rsp_status 7:0
`define rsp_W 8
`define raise_bits 1:0
`define raise_W 2

// States.
`define S_REGS_IDLE 4'd0
`define S_REGS_RESET 4'd1
`define S_REGS_DRAIN 4'd2
`define S_SCHED_IDLE 4'd0
`define S_SCHED_BUSY 4'd1
`define S_FETCH_IDLE 4'd0
`define S_FETCH_ENTRY 4'd1
`define S_FETCH_INDEX 4'd2
`define S_FETCH_FIRST 4'd3
`define S_FETCH_EARLY 4'd4
`define S_FETCH_PUSH 4'd5
`define S_FETCH_READ 4'd6
`define S_FETCH_MORE 4'd7
`define S_FETCH_PROBE 4'd8
`define S_FETCH_DROP 4'd9
`define S_FETCH_ARM 4'd10
`define S_FETCH_ARMED 4'd11
`define S_FETCH_DONE 4'd12
`define S_FETCH_DEAD 4'd13
`define S_WALK_CHAIN 4'd0
`define S_WALK_SEGS 4'd1
`define S_WALK_AGAIN 4'd2
`define S_WALK_DEAD 4'd3
`define S_FRAME_IDLE 4'd0
`define S_FRAME_SEGS 4'd1
`define S_FRAME_DEAD 4'd2
`define S_BLK_IDLE 4'd0
`define S_BLK_SECTOR 4'd1
`define S_BLK_CMD 4'd2
`define S_BLK_PIECES 4'd3
`define S_BLK_RANGE 4'd4
`define S_BLK_LIMITS 4'd5
`define S_USED_IDLE 4'd0
`define S_USED_INDEX 4'd1
`define S_USED_EVENT 4'd2
`define S_USED_WAIT 4'd3

// FIFO depths.
`define bell_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define serve_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define served_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define avail_job_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define avail_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define avail_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define avail_rbeat_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define avail_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define head_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define confirm_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define step_DEPTH (`VIO_FIFO_MAX < 8 ? `VIO_FIFO_MAX : 8)
`define desc_job_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define desc_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define desc_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define desc_rbeat_DEPTH (`VIO_FIFO_MAX < 64 ? `VIO_FIFO_MAX : 64)
`define desc_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define tag_DEPTH (`VIO_FIFO_MAX < 8 ? `VIO_FIFO_MAX : 8)
`define chain_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define seg_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define header_job_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define header_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define header_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define header_rbeat_DEPTH (`VIO_FIFO_MAX < 64 ? `VIO_FIFO_MAX : 64)
`define header_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define req_DEPTH (`VIO_FIFO_MAX < 32 ? `VIO_FIFO_MAX : 32)
`define piece_DEPTH (`VIO_FIFO_MAX < 128 ? `VIO_FIFO_MAX : 128)
`define data_job_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define data_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define data_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define data_rbeat_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BEATS) ? `VIO_FIFO_MAX : (`VIO_READ_BEATS))
`define data_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define range_job_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define range_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define range_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define range_rbeat_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define range_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define cmd_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define store_DEPTH (`VIO_FIFO_MAX < 64 ? `VIO_FIFO_MAX : 64)
`define rsp_DEPTH (`VIO_FIFO_MAX < 8 ? `VIO_FIFO_MAX : 8)
`define wjob_DEPTH (`VIO_FIFO_MAX < 32 ? `VIO_FIFO_MAX : 32)
`define ujob_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define wburst_DEPTH (`VIO_FIFO_MAX < 8 ? `VIO_FIFO_MAX : 8)
`define aw_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define wbeat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define btag_DEPTH (`VIO_FIFO_MAX < (`VIO_WRITE_BURSTS) ? `VIO_FIFO_MAX : (`VIO_WRITE_BURSTS))
`define span_DEPTH (`VIO_FIFO_MAX < 128 ? `VIO_FIFO_MAX : 128)
`define fin_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define place_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define arm_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define armed_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define udone_DEPTH (`VIO_FIFO_MAX < 16 ? `VIO_FIFO_MAX : 16)
`define werr_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define event_job_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define event_ar_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define event_lanes_DEPTH (`VIO_FIFO_MAX < (`VIO_READ_BURSTS) ? `VIO_FIFO_MAX : (`VIO_READ_BURSTS))
`define event_rbeat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define event_beat_DEPTH (`VIO_FIFO_MAX < 4 ? `VIO_FIFO_MAX : 4)
`define raise_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define blk_mishap_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define axi_mishap_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)
`define writer_mishap_DEPTH (`VIO_FIFO_MAX < 2 ? `VIO_FIFO_MAX : 2)

// Register offsets.
`define REG_MagicValue 12'h000
`define REG_Version 12'h004
`define REG_DeviceID 12'h008
`define REG_VendorID 12'h00c
`define REG_DeviceFeatures 12'h010
`define REG_DeviceFeaturesSel 12'h014
`define REG_DriverFeatures 12'h020
`define REG_DriverFeaturesSel 12'h024
`define REG_GuestPageSize 12'h028
`define REG_QueueSel 12'h030
`define REG_QueueNumMax 12'h034
`define REG_QueueNum 12'h038
`define REG_QueueAlign 12'h03c
`define REG_QueuePFN 12'h040
`define REG_QueueReady 12'h044
`define REG_QueueNotify 12'h050
`define REG_InterruptStatus 12'h060
`define REG_InterruptACK 12'h064
`define REG_Status 12'h070
`define REG_QueueDescLow 12'h080
`define REG_QueueDescHigh 12'h084
`define REG_QueueDriverLow 12'h090
`define REG_QueueDriverHigh 12'h094
`define REG_QueueDeviceLow 12'h0a0
`define REG_QueueDeviceHigh 12'h0a4
`define REG_SHMSel 12'h0ac
`define REG_SHMLenLow 12'h0b0
`define REG_SHMLenHigh 12'h0b4
`define REG_SHMBaseLow 12'h0b8
`define REG_SHMBaseHigh 12'h0bc
`define REG_QueueReset 12'h0c0
`define REG_ConfigGeneration 12'h0fc
`define REG_CapacityLow 12'h100
`define REG_CapacityHigh 12'h104
`define REG_SizeMax 12'h108
`define REG_SegMax 12'h10c
`define REG_Geometry 12'h110
`define REG_BlkSize 12'h114
`define REG_Topology 12'h118
`define REG_OptIoSize 12'h11c
`define REG_Writeback 12'h120
`define REG_MaxDiscardSectors 12'h124
`define REG_MaxDiscardSeg 12'h128
`define REG_DiscardAlignment 12'h12c
`define REG_MaxZeroesSectors 12'h130
`define REG_MaxZeroesSeg 12'h134
`define REG_ZeroesMayUnmap 12'h138
`define REG_MaxEraseSectors 12'h13c
`define REG_MaxEraseSeg 12'h140
`define REG_EraseAlignment 12'h144
`define REG_ErrorCode 12'h800
`define REG_ErrorWhere 12'h804
`define REG_RequestError 12'h808
`define REG_RequestWhere 12'h80c
`define REG_CountRequests 12'h840
`define REG_CountReadSectors 12'h844
`define REG_CountWriteSectors 12'h848
`define REG_CountReadBeats 12'h84c
`define REG_CountWriteBeats 12'h850
`define REG_CountReadWaits 12'h854
`define REG_CountStallsAR 12'h858
`define REG_CountStallsAW 12'h85c
`define REG_CountStallsW 12'h860
`define REG_CountNotifies 12'h864
`define REG_CountInterrupts 12'h868
`define REG_CountRejected 12'h86c

// Feature bits. VIO_HAS_<name> may be set to 0: the device does not have the feature then.
`define F_BLK_SIZE_MAX 1
`ifndef VIO_HAS_BLK_SIZE_MAX
`define VIO_HAS_BLK_SIZE_MAX 1
`endif
`define F_BLK_SEG_MAX 2
`ifndef VIO_HAS_BLK_SEG_MAX
`define VIO_HAS_BLK_SEG_MAX 1
`endif
`define F_BLK_GEOMETRY 4
`ifndef VIO_HAS_BLK_GEOMETRY
`define VIO_HAS_BLK_GEOMETRY 1
`endif
`define F_BLK_RO 5
`ifndef VIO_HAS_BLK_RO
`define VIO_HAS_BLK_RO 1
`endif
`define F_BLK_BLK_SIZE 6
`ifndef VIO_HAS_BLK_BLK_SIZE
`define VIO_HAS_BLK_BLK_SIZE 1
`endif
`define F_BLK_FLUSH 9
`ifndef VIO_HAS_BLK_FLUSH
`define VIO_HAS_BLK_FLUSH 1
`endif
`define F_BLK_TOPOLOGY 10
`ifndef VIO_HAS_BLK_TOPOLOGY
`define VIO_HAS_BLK_TOPOLOGY 1
`endif
`define F_BLK_CONFIG_WCE 11
`ifndef VIO_HAS_BLK_CONFIG_WCE
`define VIO_HAS_BLK_CONFIG_WCE 1
`endif
`define F_BLK_MQ 12
`ifndef VIO_HAS_BLK_MQ
`define VIO_HAS_BLK_MQ 1
`endif
`define F_BLK_DISCARD 13
`ifndef VIO_HAS_BLK_DISCARD
`define VIO_HAS_BLK_DISCARD 1
`endif
`define F_BLK_WRITE_ZEROES 14
`ifndef VIO_HAS_BLK_WRITE_ZEROES
`define VIO_HAS_BLK_WRITE_ZEROES 1
`endif
`define F_BLK_LIFETIME 15
`ifndef VIO_HAS_BLK_LIFETIME
`define VIO_HAS_BLK_LIFETIME 1
`endif
`define F_BLK_SECURE_ERASE 16
`ifndef VIO_HAS_BLK_SECURE_ERASE
`define VIO_HAS_BLK_SECURE_ERASE 1
`endif
`define F_ANY_LAYOUT 27
`ifndef VIO_HAS_ANY_LAYOUT
`define VIO_HAS_ANY_LAYOUT 1
`endif
`define F_INDIRECT_DESC 28
`ifndef VIO_HAS_INDIRECT_DESC
`define VIO_HAS_INDIRECT_DESC 1
`endif
`define F_EVENT_IDX 29
`ifndef VIO_HAS_EVENT_IDX
`define VIO_HAS_EVENT_IDX 1
`endif
`define F_VERSION_1 32
`ifndef VIO_HAS_VERSION_1
`define VIO_HAS_VERSION_1 1
`endif
`define F_ACCESS_PLATFORM 33
`ifndef VIO_HAS_ACCESS_PLATFORM
`define VIO_HAS_ACCESS_PLATFORM 1
`endif
`define F_RING_PACKED 34
`ifndef VIO_HAS_RING_PACKED
`define VIO_HAS_RING_PACKED 1
`endif
`define F_IN_ORDER 35
`ifndef VIO_HAS_IN_ORDER
`define VIO_HAS_IN_ORDER 1
`endif
`define F_ORDER_PLATFORM 36
`ifndef VIO_HAS_ORDER_PLATFORM
`define VIO_HAS_ORDER_PLATFORM 1
`endif
`define F_NOTIFICATION_DATA 38
`ifndef VIO_HAS_NOTIFICATION_DATA
`define VIO_HAS_NOTIFICATION_DATA 1
`endif
`define F_RING_RESET 40
`ifndef VIO_HAS_RING_RESET
`define VIO_HAS_RING_RESET 1
`endif
`define FEATURES_KNOWN (64'd0 \
	| (`VIO_HAS_BLK_SIZE_MAX != 0 ? 64'h0000000000000002 : 64'd0) \
	| (`VIO_HAS_BLK_SEG_MAX != 0 ? 64'h0000000000000004 : 64'd0) \
	| (`VIO_HAS_BLK_GEOMETRY != 0 ? 64'h0000000000000010 : 64'd0) \
	| (`VIO_HAS_BLK_RO != 0 ? 64'h0000000000000020 : 64'd0) \
	| (`VIO_HAS_BLK_BLK_SIZE != 0 ? 64'h0000000000000040 : 64'd0) \
	| (`VIO_HAS_BLK_FLUSH != 0 ? 64'h0000000000000200 : 64'd0) \
	| (`VIO_HAS_BLK_TOPOLOGY != 0 ? 64'h0000000000000400 : 64'd0) \
	| (`VIO_HAS_BLK_CONFIG_WCE != 0 ? 64'h0000000000000800 : 64'd0) \
	| (`VIO_HAS_BLK_MQ != 0 ? 64'h0000000000001000 : 64'd0) \
	| (`VIO_HAS_BLK_DISCARD != 0 ? 64'h0000000000002000 : 64'd0) \
	| (`VIO_HAS_BLK_WRITE_ZEROES != 0 ? 64'h0000000000004000 : 64'd0) \
	| (`VIO_HAS_BLK_LIFETIME != 0 ? 64'h0000000000008000 : 64'd0) \
	| (`VIO_HAS_BLK_SECURE_ERASE != 0 ? 64'h0000000000010000 : 64'd0) \
	| (`VIO_HAS_ANY_LAYOUT != 0 ? 64'h0000000008000000 : 64'd0) \
	| (`VIO_HAS_INDIRECT_DESC != 0 ? 64'h0000000010000000 : 64'd0) \
	| (`VIO_HAS_EVENT_IDX != 0 ? 64'h0000000020000000 : 64'd0) \
	| (`VIO_HAS_VERSION_1 != 0 ? 64'h0000000100000000 : 64'd0) \
	| (`VIO_HAS_ACCESS_PLATFORM != 0 ? 64'h0000000200000000 : 64'd0) \
	| (`VIO_HAS_RING_PACKED != 0 ? 64'h0000000400000000 : 64'd0) \
	| (`VIO_HAS_IN_ORDER != 0 ? 64'h0000000800000000 : 64'd0) \
	| (`VIO_HAS_ORDER_PLATFORM != 0 ? 64'h0000001000000000 : 64'd0) \
	| (`VIO_HAS_NOTIFICATION_DATA != 0 ? 64'h0000004000000000 : 64'd0) \
	| (`VIO_HAS_RING_RESET != 0 ? 64'h0000010000000000 : 64'd0))

// Error codes.
`define ERR_NONE 8'd0
`define ERR_AVAIL_JUMP 8'd1
`define ERR_HEAD_INDEX 8'd2
`define ERR_NEXT_INDEX 8'd3
`define ERR_CHAIN_LOOP 8'd4
`define ERR_CHAIN_ORDER 8'd5
`define ERR_CHAIN_BYTES 8'd6
`define ERR_INDIRECT 8'd7
`define ERR_NO_STATUS 8'd8
`define ERR_ADDR_WRAP 8'd9
`define ERR_CHAIN_CHANGED 8'd10
`define ERR_INDIRECT_NEXT 8'd11
`define ERR_INDIRECT_NESTED 8'd12
`define ERR_INDIRECT_LEN 8'd13
`define ERR_TABLE_NEXT 8'd14
`define ERR_TABLE_LOOP 8'd15
`define ERR_READ_AVAIL 8'd16
`define ERR_READ_DESC 8'd17
`define ERR_READ_TABLE 8'd18
`define ERR_READ_EVENT 8'd20
`define ERR_DECODE_AVAIL 8'd24
`define ERR_DECODE_DESC 8'd25
`define ERR_DECODE_TABLE 8'd26
`define ERR_DECODE_EVENT 8'd28
`define ERR_WRITE_DATA 8'd32
`define ERR_WRITE_USED 8'd33
`define ERR_WRITE_IDX 8'd34
`define ERR_WRITE_EVENT 8'd35
`define ERR_WRITE_STATUS 8'd36
`define ERR_TABLE_WRAP 8'd39
`define ERR_NOWHERE_DATA 8'd40
`define ERR_NOWHERE_USED 8'd41
`define ERR_NOWHERE_IDX 8'd42
`define ERR_NOWHERE_EVENT 8'd43
`define ERR_NOWHERE_STATUS 8'd44
`define ERR_INDIRECT_LIST 8'd48
`define ERR_REQ_TYPE 8'd64
`define ERR_REQ_HEADER 8'd65
`define ERR_REQ_READ_ONLY 8'd66
`define ERR_REQ_LENGTH 8'd67
`define ERR_REQ_SECTOR 8'd68
`define ERR_REQ_FLAGS 8'd69
`define ERR_REQ_RANGE 8'd70
`define ERR_REQ_STORAGE 8'd71
`define ERR_REQ_READ_HEADER 8'd80
`define ERR_REQ_READ_DATA 8'd81
`define ERR_REQ_READ_RANGE 8'd82
`define ERR_REQ_WRITE_DATA 8'd83
`define ERR_REQ_DECODE_HEADER 8'd88
`define ERR_REQ_DECODE_DATA 8'd89
`define ERR_REQ_DECODE_RANGE 8'd90
`define ERR_REQ_NOWHERE_DATA 8'd91

`endif
