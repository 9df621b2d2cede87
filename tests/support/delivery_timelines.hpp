// The table of timelines in docs/delivery.md: reads what happened, and writes a report as the table has it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "chatapps/delivery_report.hpp"

namespace chatapps::support {

/// A row. The first four cells are given, the others are what comes of them.
struct DeliveryTimeline {
  std::string name, plan, records, now;
  std::string report, steps, nextStep, goals;
};

/// All rows of the tables whose first column is named "Timeline".
std::vector<DeliveryTimeline> deliveryTimelines(const std::string& markdown);

MessageDetails readRecords(const std::string& cell);
FallbackPlan readPlan(const std::string& cell);
SystemTime readNow(const std::string& cell);

std::string writeReport(const DeliveryReport& report);
std::string writeSteps(const DeliveryReport& report);
std::string writeNextStep(const DeliveryReport& report);
std::string writeGoals(const DeliveryReport& report);

}  // namespace chatapps::support
