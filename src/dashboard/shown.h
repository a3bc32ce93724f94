// What answers about one study have in common: there is such a study, it can be read, and the client does not have it already.
#pragma once

#include <functional>
#include <string>

#include "dashboard/router.h"
#include "dashboard/studies.h"
#include "trial/decision.h"

namespace sm2::dashboard {

// As `show` answers, or why it cannot: 404, 500, 503.
Answered shown(Studies& studies, const std::string& study,
               const std::function<Answered(const Folded&)>& show);

// The store cannot be read.
Refusal unavailable(const base::Error& error);

// The trial with this number; 404.
tl::expected<const journal::Trial*, Refusal> find_trial(const Folded& folded, const std::string& number);

// The answer with its entity tag, or 304 where the request has that.
Answer tagged(Answer answer, const std::string& tag, const Request& request);

}  // namespace sm2::dashboard
