/* SPDX-License-Identifier: Apache-2.0
 * rtl.cpp: the Verilated RTL behind the seam of dut.h. The pins are copied one by one, as pins.def lists them. */
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <vector>
#include <verilated.h>
#include <verilated_save.h>
#include "Vvio.h"
#include "Vvio___024root.h"
#include "dut/dut.h"
#include "dut/view.h"
#include "stream.h"

/* Verilator asks for the time only to print it. */
double sc_time_stamp()
{
	return 0;
}

namespace
{

struct rtl {
	struct dut dut;            /* first, so that a dut pointer is an rtl pointer */
	VerilatedContext *context; /* in zeroed memory: Verilator saves it with its padding */
	Vvio *top;
};

inline rtl *of(struct dut *dut)
{
	return reinterpret_cast<rtl *>(dut);
}
inline const rtl *of(const struct dut *dut)
{
	return reinterpret_cast<const rtl *>(dut);
}

/* Verilator has a type of its own for more than 64 bits: 32-bit words, the lowest first. */
template <typename To, typename From> inline void copy_pin(To &to, const From &from)
{
	if constexpr (std::is_integral<To>::value) {
		to = from;
	} else {
		static_assert(sizeof(to) == sizeof(from), "a wide pin is as wide on both sides");
		memcpy(&to, &from, sizeof(to));
	}
}

inline void drive(Vvio *top, const struct vio_in *in)
{
#define PIN_IN(ctype, name, width) copy_pin(top->name, in->name);
#include "def/pins.def"
}

inline void sample(const Vvio *top, struct vio_out *out)
{
#define PIN_OUT(ctype, name, width) copy_pin(out->name, top->name);
#include "def/pins.def"
}

inline void edge(Vvio *top)
{
	top->clk = 1;
	top->eval();
	top->clk = 0;
	top->eval();
}

void rtl_tick(struct dut *dut, const struct vio_in *in)
{
	Vvio *top = of(dut)->top;

	drive(top, in);
	edge(top);
	sample(top, &dut->out);
}

bool rtl_idle(const struct dut *dut)
{
	return of(dut)->top->idle;
}
uint64_t rtl_states(const struct dut *dut)
{
	return of(dut)->top->dbg_states;
}

void rtl_reset(struct dut *dut)
{
	Vvio *top = of(dut)->top;
	const struct vio_in quiet = {};

	drive(top, &quiet);
	top->rst = 1;
	edge(top);
	edge(top);
	top->rst = 0;
	top->eval();
	sample(top, &dut->out);
}

void *zeroed(size_t bytes)
{
	void *p = calloc(1, bytes);

	if (!p)
		throw std::bad_alloc();
	return p;
}

/* Verilator hands over every variable of the design, through a buffer of its own. */
class saver final : public VerilatedSerialize
{
      public:
	std::vector<uint8_t> bytes;

	saver() { m_isOpen = true; }
	void flush() override
	{
		bytes.insert(bytes.end(), m_bufp, m_cp);
		m_cp = m_bufp;
	}
};

/* It asks for more than it takes: at the end there is no more. */
class restorer final : public VerilatedDeserialize
{
	const std::vector<uint8_t> &bytes;
	size_t at = 0;

      public:
	explicit restorer(const std::vector<uint8_t> &from) : bytes(from)
	{
		m_isOpen = true;
		m_endp = m_bufp;
	}
	void fill() override
	{
		size_t kept = m_endp - m_cp, n = std::min(bufferSize() - kept, bytes.size() - at);

		memmove(m_bufp, m_cp, kept);
		memcpy(m_bufp + kept, bytes.data() + at, n);
		at += n;
		m_cp = m_bufp;
		m_endp = m_bufp + kept + n;
	}
};

void rtl_save(struct dut *dut, struct stream *s)
{
	saver to;
	uint64_t n;

	to << *of(dut)->top;
	to.flush();
	n = to.bytes.size();
	stream_section(s, "rtl");
	stream_all(s, &dut->out);
	stream_all(s, &n);
	stream_bytes(s, to.bytes.data(), n);
}

void rtl_restore(struct dut *dut, struct stream *s)
{
	uint64_t n;

	stream_section(s, "rtl");
	stream_all(s, &dut->out);
	stream_all(s, &n);
	std::vector<uint8_t> bytes(n);
	stream_bytes(s, bytes.data(), n);
	restorer from(bytes);
	from >> *of(dut)->top;
}

void rtl_close(struct dut *dut)
{
	rtl *r = of(dut);

	r->top->final();
	delete r->top;
	r->context->~VerilatedContext();
	free(r->context);
	delete r;
}

/* Up to 64 bits of a register of any width, from bit low on. */
template <typename From> inline uint64_t bits(const From &from, unsigned low, unsigned count)
{
	const uint64_t mask = count == 64 ? ~uint64_t{0} : (uint64_t{1} << count) - 1;

	if constexpr (std::is_integral<From>::value) {
		return uint64_t{from} >> low & mask;
	} else {
		uint64_t word = 0;

		memcpy(&word, reinterpret_cast<const char *>(&from) + low / 8, count / 8);
		return word & mask;
	}
}

/* Register name of a unit: registers keep their names when Verilator makes C++ of them. */
#define REG(unit, name) vio__DOT__##unit##__DOT__##name##_q

void view_queue(const Vvio___024root *v, unsigned q, struct dut_view_queue *to)
{
	to->desc = bits(v->REG(regs__DOT__queues, desc), 64 * q, 64);
	to->avail = bits(v->REG(regs__DOT__queues, avail), 64 * q, 64);
	to->used = bits(v->REG(regs__DOT__queues, used), 64 * q, 64);
	to->num = (uint16_t)bits(v->REG(regs__DOT__queues, num), 16 * q, 16);
	to->ready = v->REG(regs__DOT__queues, ready) >> q & 1;
	to->taken = (uint16_t)bits(v->REG(fetch, last), 16 * q, 16);
	to->armed = (uint16_t)bits(v->REG(fetch, armed), 16 * q, 16);
	to->next = (uint16_t)bits(v->REG(used_ring, next), 16 * q, 16);
	to->shown = (uint16_t)bits(v->REG(used_ring, shown), 16 * q, 16);
}

void rtl_view(const struct dut *dut, struct dut_view *view)
{
	const Vvio___024root *v = of(dut)->top->rootp;
	const uint64_t mishap = v->REG(count, mishap); /* from the lowest bit: code, queue, head */

	*view = {};
	view->status = v->REG(regs, status);
	view->isr = v->REG(regs, isr);
	view->err_code = v->REG(regs, err_code);
	view->err_queue = v->REG(regs, err_queue);
	view->err_desc = v->REG(regs, err_desc);
	view->req_code = (uint8_t)bits(mishap, 0, 8);
	view->req_queue = (uint8_t)bits(mishap, 8, 4);
	view->req_head = (uint16_t)bits(mishap, 12, 16);
	view->generation = v->REG(regs, generation);
	view->driver = v->REG(regs, driver);
	view->live = v->REG(regs, live);
	view->states = rtl_states(dut);
	for (unsigned q = 0; q < VIO_QUEUES; q++)
		view_queue(v, q, &view->queue[q]);
}

const struct dut_ops rtl_ops = {"rtl",    rtl_tick,    rtl_idle,  rtl_states, rtl_reset,
				rtl_save, rtl_restore, rtl_close, rtl_view};

} // namespace

extern "C" struct dut *dut_open_rtl(void)
{
	rtl *r = new rtl(); /* zeroed: the padding of out is compared too */

	r->dut.ops = &rtl_ops;
	r->context = new (zeroed(sizeof(VerilatedContext))) VerilatedContext;
	r->context->randReset(0);
	r->top = new Vvio(r->context);
	r->top->clk = 0;
	rtl_reset(&r->dut);
	return &r->dut;
}
