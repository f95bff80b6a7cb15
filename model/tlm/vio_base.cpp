// SPDX-License-Identifier: Apache-2.0
// vio_base.cpp: parameters and the clock; see vio_base.h.
#include "tlm/vio_base.h"

#include <algorithm>
#include <cstring>

using namespace sc_core;

vio_base::vio_base(sc_module_name name, const vio_config &config, vio_storage &storage)
    : sc_module(name), in("in"), out("out"), irq("irq"), config_(config), storage_(storage)
{
	in.register_b_transport(this, &vio_base::b_transport);
	in.register_nb_transport_fw(this, &vio_base::nb_transport_fw);
	in.register_transport_dbg(this, &vio_base::transport_dbg);
	out.register_nb_transport_bw(this, &vio_base::nb_transport_bw);
	out.register_invalidate_direct_mem_ptr(this, &vio_base::invalidate);
}

vio_base::~vio_base() = default;

std::vector<std::string> vio_base::param_names()
{
	return {
#define VIO_PARAM(name, type, initial, what) #name,
#include "tlm/vio_params.def"
	};
}

void vio_base::set_value(const std::string &name, uint64_t value)
{
	if (elaborated_)
		SC_REPORT_ERROR("ringwalk", ("parameter " + name + ": elaboration is over").c_str());
#define VIO_PARAM(param, type, initial, what) else if (name == #param) config_.param = value;
#include "tlm/vio_params.def"
	else
		SC_REPORT_ERROR("ringwalk", ("no parameter is called " + name).c_str());
}

uint64_t vio_base::get_value(const std::string &name) const
{
#define VIO_PARAM(param, type, initial, what) \
	if (name == #param)                   \
		return config_.param;
#include "tlm/vio_params.def"
	SC_REPORT_ERROR("ringwalk", ("no parameter is called " + name).c_str());
	return 0;
}

void vio_base::end_of_elaboration()
{
	const unsigned limit = static_cast<unsigned>(std::clamp<uint64_t>(config_.outstanding, 1, DMA_OUTSTANDING));

	elaborated_ = true;
	vio_ = model();
	leaping_ = config_.leap != 0 && vio_ != nullptr;
	period_ = sc_time(static_cast<double>(config_.period_ps), SC_PS);
	run_ahead_ = config_.run_ahead != UINT64_MAX ? config_.run_ahead
						     : clock_of(tlm::tlm_global_quantum::instance().get());
	in_.strap_features = config_.features;
	in_.strap_capacity = storage_.sectors();
	in_.strap_queues = static_cast<uint8_t>(config_.queues);
	in_.strap_queue_num = static_cast<uint16_t>(config_.queue_num);
	in_.strap_legacy = config_.legacy != 0;
	in_.strap_need_v1 = config_.need_v1 != 0;
	sc_spawn_options irq_options;
	irq_options.spawn_method();
	irq_options.dont_initialize();
	irq_options.set_sensitivity(&irq_event_);
	sc_spawn([this] { show_irq(); }, sc_gen_unique_name("irq"), &irq_options);
	if (config_.at != 0) {
		sc_spawn_options options;
		at_ = new dma_at(*this, limit);
		dma_.reset(at_);
		options.spawn_method();
		options.dont_initialize();
		options.set_sensitivity(&edge_event_);
		sc_spawn([this] { clocked(); }, sc_gen_unique_name("clock"), &options);
		edge_event_.notify(period_);
	} else {
		lt_ = new dma_lt(static_cast<dma_lt_bus &>(*this), limit);
		dma_.reset(lt_);
		sc_spawn([this] { thread(); }, sc_gen_unique_name("clock"));
	}
}

void vio_base::drive(vio_in &pins, uint64_t clock) const
{
	axil_.drive(pins, out_, clock);
	dma_->drive(pins, clock);
	storage_.drive(pins);
}

// One clock, up to the device's edge.
void vio_base::edge()
{
	drive(in_, clock_);
	finish_edge();
}

void vio_base::finish_edge()
{
	bool over;

	if (on_pins_)
		on_pins_(clock_, in_, out_);
	dma_->step(in_, out_, clock_);
	storage_.step(in_, out_);
	over = !axil_.idle() && axil_.step(in_, out_);
	if (leaping_)
		vio_leap_tick(&leap_, vio_, &in_, &out_);
	else
		tick(in_);
	clock_++;
	if (over && ++jobs_.front().done == jobs_.front().pieces.size()) {
		if (jobs_.front().over != nullptr)
			jobs_.front().over->notify(time_of(clock_) > sc_time_stamp() ? time_of(clock_) - sc_time_stamp()
										     : SC_ZERO_TIME);
		jobs_.pop_front();
	}
	if ((out_.irq != 0) != irq_level_)
		post_irq();
}

// Clocks of a leap after n, up to most, in which payload rests but for the streams. Gives how many there are by then.
uint64_t vio_base::leap_rest(uint64_t n, uint64_t most)
{
	bool rests = true;

	while (n < most && rests && !vio_leap_comes(&leap_, &in_)) {
		const uint64_t clock = clock_ + n;
		if (!vio_leap_stirs(&leap_, vio_, &in_, &out_)) {
			const uint64_t k = std::min(most - n, lt_->rest(leap_, clock));
			vio_leap_skip(&leap_, vio_, &in_, &out_, k);
			n += k;
			lt_->wake(leap_, clock_ + n);
		} else if (lt_->may(leap_, in_, out_)) {
			lt_->step_rest(leap_, in_, out_, clock);
			rests = vio_leap_rest_tick(&leap_, vio_, &in_, &out_) && !is_still();
			n++;
		} else {
			break;
		}
		lt_->drive(in_, clock_ + n);
	}
	return n;
}

// Clocks of a leap after n, up to most, but for the streams. Gives how many there are by then.
uint64_t vio_base::leap_clocks(uint64_t n, uint64_t most)
{
	while (n < most && (n == 0 || !is_still()) && (out_.irq != 0) == irq_level_) {
		const uint64_t rest = vio_leap_rest(&leap_, vio_, &in_, &out_), before = n;
		if (rest != 0) {
			n = leap_rest(n, n + std::min(rest, most - n));
		} else if (vio_leap_may(&leap_, vio_, &in_, &out_) && lt_->may(leap_, in_, out_)) {
			lt_->step_rest(leap_, in_, out_, clock_ + n);
			vio_leap_tick(&leap_, vio_, &in_, &out_);
			n++;
			lt_->drive(in_, clock_ + n);
		}
		if (n == before)
			break;
	}
	return n;
}

// Moves the streams of the n clocks of the leap.
void vio_base::end_leap(uint64_t n)
{
	vio_data axi_r[VIO_LEAP_MAX], be_r[VIO_LEAP_HELD + VIO_LEAP_MAX], be_w[VIO_LEAP_HELD + VIO_LEAP_MAX];
	vio_flow flow = {axi_r, be_r + VIO_LEAP_HELD, be_w, nullptr, 0, false};
	const bool store = leap_.store, drain = leap_.drain;

	if (n == 0) {
		leap_.store = leap_.take = leap_.drain = false;
		return;
	}
	if (!drain)
		storage_.leap(out_, n, store ? flow.be_rdata : nullptr, nullptr);
	if (leap_.take)
		flow.rlasts = lt_->leap_r(n, axi_r);
	vio_leap_end(&leap_, vio_, &out_, n, &flow);
	clock_ += n;
	if (drain)
		storage_.leap(out_, n, nullptr, be_w);
	if (store)
		lt_->leap_w(n, flow.m_axi_wdata, flow.wlast, clock_ - 1);
}

// Many clocks from this one on, up to limit, in one step. in_ is driven. False: none.
bool vio_base::leap(uint64_t limit)
{
	uint64_t n = 0, more = vio_leap_begin(&leap_, vio_, &in_, &out_);

	if (more > 1) {
		const uint64_t most =
			std::min({limit - clock_, lt_->stream_clocks(leap_, clock_), storage_.leap_clocks(out_)});
		uint64_t to = 0;
		do {
			to += std::min(more, most - to);
			n = leap_clocks(n, to);
			more = n == to && n < most ? vio_leap_more(&leap_, vio_, n) : 0;
		} while (more != 0);
	}
	end_leap(n);
	return n != 0;
}

// Who watches pins sees the first of the clocks that are left out: it shows what the last edge did.
bool vio_base::find_quiet()
{
	vio_in next;

	if (!jobs_.empty() || !idle() || !dma_->idle() || !storage_.idle())
		return false;
	memcpy(&next, &in_, sizeof next);
	drive(next, clock_);
	if (memcmp(&next, &in_, sizeof next) != 0)
		return false;
	if (on_pins_)
		on_pins_(clock_, in_, out_);
	return true;
}

// edge without an access, and with nobody at the pins; in_ is driven.
void vio_base::leap_edge()
{
	lt_->step(in_, out_, clock_);
	storage_.step(in_, out_);
	vio_leap_tick(&leap_, vio_, &in_, &out_);
	clock_++;
}

// run with such edges: the pins of the registers stay as they are.
void vio_base::run_leaping(uint64_t limit)
{
	const bool level = irq_level_;

	drive(in_, clock_);
	while (clock_ < limit && !quiet_ && irq_level_ == level && jobs_.empty()) {
		if (!leap(limit))
			leap_edge();
		if ((out_.irq != 0) != irq_level_)
			post_irq();
		lt_->drive(in_, clock_);
		storage_.drive(in_);
		quiet_ = vio_->ne == 0 && find_quiet();
		if (on_step_)
			on_step_();
	}
}

// Clocks up to limit, or until nothing can change, or irq does.
void vio_base::run(uint64_t limit)
{
	const bool level = irq_level_;

	while (clock_ < limit && !quiet_ && irq_level_ == level) {
		if (leaping_ && lt_ != nullptr && jobs_.empty() && !on_pins_) {
			run_leaping(limit);
			continue;
		}
		present();
		edge();
		if (jobs_.empty())
			quiet_ = find_quiet();
		if (on_step_)
			on_step_();
	}
}

void vio_base::catch_up(uint64_t clock)
{
	while (clock_ < clock && !quiet_)
		run(clock);
	clock_ = std::max(clock_, clock);
}

void vio_base::post_irq()
{
	const sc_time when = time_of(clock_);

	irq_level_ = out_.irq != 0;
	irqs_.emplace_back(when, irq_level_);
	irq_event_.notify(when > sc_time_stamp() ? when - sc_time_stamp() : SC_ZERO_TIME);
}

void vio_base::show_irq()
{
	while (!irqs_.empty() && irqs_.front().first <= sc_time_stamp()) {
		irq.write(irqs_.front().second);
		irqs_.pop_front();
	}
	if (!irqs_.empty())
		irq_event_.notify(irqs_.front().first - sc_time_stamp());
}

// Approximately timed: called at the end of each clock in which something can change.
void vio_base::clocked()
{
	edge();
	present();
	quiet_ = find_quiet();
	if (!quiet_)
		edge_event_.notify(period_);
}

// Loosely timed: keeps the device from falling behind.
void vio_base::thread()
{
	for (;;) {
		while (running_)
			wait(free_event_);
		running_ = true;
		run(clock_of(sc_time_stamp()) + run_ahead_);
		running_ = false;
		free_event_.notify();
		if (quiet_) {
			wait(wake_event_);
			continue;
		}
		const sc_time due = time_of(run_ahead_ == 0 ? clock_ + 1 : clock_);
		wait(due > sc_time_stamp() ? due - sc_time_stamp() : period_);
	}
}

// Something comes in this clock.
void vio_base::wake(uint64_t clock)
{
	if (!quiet_)
		return;
	quiet_ = false;
	clock_ = std::max(clock_, clock);
	if (config_.at != 0)
		edge_event_.notify(time_of(clock_ + 1) - sc_time_stamp());
	else
		wake_event_.notify(SC_ZERO_TIME);
}
