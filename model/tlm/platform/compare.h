// SPDX-License-Identifier: Apache-2.0
// compare.h: what two devices did, compared transaction by transaction as it comes: register accesses, DMA, interrupt edges,
// each with phases, times, addresses, data, byte enables and response. The first difference is kept.
#ifndef COMPARE_H
#define COMPARE_H

#include <cstdint>
#include <cstdio>
#include <deque>
#include <functional>
#include <string>
#include "tlm/platform/parts.h"

class compare
{
      public:
	// Called once, at the first difference.
	explicit compare(std::function<void()> differ) : differ_(std::move(differ)) {}
	// For side 0 or 1 of a stream; a stream is created when it is first named. Requests and answers are compared apart: what
	// comes at one time on both has no order.
	passed_fn side(unsigned which, const std::string &stream);
	// The run is over: what only one side did is a difference.
	void finish();
	bool failed() const { return failed_; }
	uint64_t compared() const { return compared_; }
	// Stream, both sides, and what was equal before.
	void report(FILE *to, const char *const names[2]) const;

      private:
	enum { KEPT = 8 };
	struct stream {
		std::string name;
		std::deque<passed> waiting[2];
		std::deque<passed> equal; // the last ones
		uint64_t count = 0;
	};
	stream *find(const std::string &name);
	void take(stream &s, unsigned which, const passed &p);
	void fail(const stream &s, const passed *a, const passed *b);

	std::function<void()> differ_;
	std::deque<stream> streams_;
	bool failed_ = false;
	uint64_t compared_ = 0;
	const stream *where_ = nullptr;
	bool there_[2] = {false, false};
	passed found_[2] = {};
};

#endif
