// How the words of a status are read.
#pragma once

#include "chatapps/delivery_report.hpp"

namespace chatapps::delivery {

/// The state decides. Where it is absent or not known, the detail does, if that is known.
Stage stageOf(const Status& status) noexcept;

}  // namespace chatapps::delivery
