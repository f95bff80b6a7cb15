// SPDX-License-Identifier: Apache-2.0
// compare.cpp: see compare.h.
#include "tlm/platform/compare.h"

#include <cinttypes>

passed_fn compare::side(unsigned which, const std::string &name)
{
	stream *requests = find("requests, " + name), *answers = find("answers, " + name);

	return [this, requests, answers, which](const passed &p) {
		take(p.what <= passed::END_REQ ? *requests : *answers, which, p);
	};
}

compare::stream *compare::find(const std::string &name)
{
	for (stream &s : streams_)
		if (s.name == name)
			return &s;
	streams_.emplace_back();
	streams_.back().name = name;
	return &streams_.back();
}

void compare::fail(const stream &s, const passed *a, const passed *b)
{
	if (failed_)
		return;
	failed_ = true;
	where_ = &s;
	there_[0] = a != nullptr;
	there_[1] = b != nullptr;
	if (a != nullptr)
		found_[0] = *a;
	if (b != nullptr)
		found_[1] = *b;
	differ_();
}

void compare::take(stream &s, unsigned which, const passed &p)
{
	if (failed_)
		return;
	s.waiting[which].push_back(p);
	while (!failed_ && !s.waiting[0].empty() && !s.waiting[1].empty()) {
		const passed a = s.waiting[0].front(), b = s.waiting[1].front();
		if (!(a == b)) {
			fail(s, &a, &b);
			return;
		}
		s.waiting[0].pop_front();
		s.waiting[1].pop_front();
		s.equal.push_back(a);
		if (s.equal.size() > KEPT)
			s.equal.pop_front();
		s.count++;
		compared_++;
	}
}

void compare::finish()
{
	for (const stream &s : streams_) {
		const passed *a = s.waiting[0].empty() ? nullptr : &s.waiting[0].front();
		const passed *b = s.waiting[1].empty() ? nullptr : &s.waiting[1].front();
		if (a != nullptr || b != nullptr)
			fail(s, a, b);
	}
}

static void print(FILE *to, const char *name, const passed &p)
{
	static const char *const what[] = {"BEGIN_REQ", "END_REQ", "BEGIN_RESP", "END_RESP", "CALL", "IRQ"};

	fprintf(to, "  %-10s %" PRIu64 " ns %s", name, p.ns, what[p.what]);
	if (p.what == passed::IRQ)
		fprintf(to, " %" PRIu64 "\n", p.data);
	else
		fprintf(to,
			" %s 0x%" PRIx64 " %" PRIu64 " bytes data 0x%" PRIx64 " enables 0x%" PRIx64 " response %d\n",
			p.write ? "write" : "read", p.addr, p.len, p.data, p.strobe, p.response);
}

void compare::report(FILE *to, const char *const names[2]) const
{
	if (!failed_)
		return;
	fprintf(to, "both: mismatch in %s, event %" PRIu64 "\n", where_->name.c_str(), where_->count);
	for (unsigned i = 0; i < 2; i++) {
		if (there_[i])
			print(to, names[i], found_[i]);
		else
			fprintf(to, "  %-10s nothing\n", names[i]);
	}
	fprintf(to, "last events that were equal, the newest at the end:\n");
	for (const passed &p : where_->equal)
		print(to, "", p);
}
